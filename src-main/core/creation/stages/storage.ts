import { NO_PATHS } from '../../domain/machine-spec.ts';
import { BerthError } from '../../errors.ts';
import type { VolumeFacts, VolumeSpec } from '../../ports/hypervisor.ts';
import type { MachineVolume } from '../../ports/repositories.ts';
import { addVolume, effect, need, type Stage, type StageContext } from '../context.ts';
import type { Progress } from '../progress.ts';
import { undoFromJournal } from './undo.ts';

const STAGE = 'storage';

export const storageStage: Stage = {
  name: STAGE,
  async run(ctx, progress) {
    const [backing, installer, drivers] = await allOrFirstError([
      findBacking(ctx, progress),
      findInstaller(ctx, progress),
      findDrivers(ctx, progress),
      ensurePool(ctx, progress),
    ]);
    const [disk, seed, kernel, initrd, extraDisks] = await allOrFirstError([
      makeDisk(ctx, progress, backing ?? null),
      makeSeed(ctx, progress),
      makeBootVolume(ctx, progress, 'kernel'),
      makeBootVolume(ctx, progress, 'initrd'),
      makeExtraDisks(ctx, progress),
    ]);
    ctx.paths = {
      ...NO_PATHS,
      disk: disk ?? null,
      seed: seed ?? null,
      installer: installer?.path ?? null,
      virtioDrivers: drivers?.path ?? null,
      kernel: kernel ?? null,
      initrd: initrd ?? null,
      extraDisks: extraDisks ?? [],
    };
  },
  undo: undoFromJournal,
};

/** Nothing may still be at work when the rollback begins, so all are awaited even when one fails. */
async function allOrFirstError<const T extends readonly Promise<unknown>[]>(promises: T) {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return Promise.all(promises);
}

async function findBacking(ctx: StageContext, progress: Progress): Promise<VolumeFacts | null> {
  const backing = need(ctx.spec, 'specification').disk?.backing;
  if (!backing) return null;
  return findMedium(ctx, progress, backing);
}

async function findInstaller(ctx: StageContext, progress: Progress): Promise<VolumeFacts | null> {
  const medium = need(ctx.spec, 'specification').installer?.medium;
  return medium ? findMedium(ctx, progress, medium) : null;
}

async function findDrivers(ctx: StageContext, progress: Progress): Promise<VolumeFacts | null> {
  const { virtioDrivers } = need(ctx.spec, 'specification');
  return virtioDrivers === null ? null : findMedium(ctx, progress, virtioDrivers);
}

async function findMedium(
  ctx: StageContext,
  progress: Progress,
  { pool, volume }: { pool: string; volume: string },
): Promise<VolumeFacts> {
  const { hypervisor } = ctx.deps;
  const found = await progress.ask((signal) => hypervisor.findVolume(pool, volume, { signal }));
  if (found !== null) return found;
  throw new BerthError('media_missing', `The image’s volume “${volume}” is gone.`, {
    hint: 'Remove the image from the library and add it again.',
    fix: { action: 'add-media', label: 'Add an image' },
  });
}

async function ensurePool(ctx: StageContext, progress: Progress): Promise<null> {
  const { deps } = ctx;
  const { pool: name } = deps.config;
  const known = need(ctx.facts, 'facts').pool;
  if (known?.active) return null;
  const call = () => deps.hypervisor.ensurePool(name);
  if (known !== null) {
    await progress.act(call);
    progress.log(`Pool “${name}” started`);
    return null;
  }
  const path = deps.hypervisor.defaultPoolPath(name);
  // When a concurrent creation was faster the entry stays: whoever ends last removes an unused pool.
  const { pool } = await effect(ctx, progress, STAGE, { kind: 'pool', name, path }, call);
  progress.log(`Pool “${name}” at ${pool.targetPath ?? path}`);
  return null;
}

async function makeDisk(
  ctx: StageContext,
  progress: Progress,
  backing: VolumeFacts | null,
): Promise<string | null> {
  const { disk, diskBytes } = need(ctx.spec, 'specification');
  if (disk === null) return null;
  const volume = await makeVolume(ctx, progress, 'disk', {
    name: disk.volume,
    format: 'qcow2',
    capacityBytes: diskBytes,
    ...(disk.backing &&
      backing && { backing: { path: backing.path, format: disk.backing.format } }),
  });
  return volume.path;
}

async function makeExtraDisks(ctx: StageContext, progress: Progress): Promise<string[]> {
  const paths: string[] = [];
  for (const { volume: name, capacityBytes } of need(ctx.spec, 'specification').extraDisks) {
    const disk = await makeVolume(ctx, progress, 'disk', { name, format: 'qcow2', capacityBytes });
    paths.push(disk.path);
  }
  return paths;
}

async function makeSeed(ctx: StageContext, progress: Progress): Promise<string | null> {
  const { seedVolume } = need(ctx.spec, 'specification');
  if (seedVolume === null) return null;
  const { bytes } = need(ctx.seed, 'seed medium');
  return fillVolume(ctx, progress, { role: 'seed', name: seedVolume, chunks: [bytes] });
}

async function makeBootVolume(
  ctx: StageContext,
  progress: Progress,
  role: 'kernel' | 'initrd',
): Promise<string | null> {
  const { directBoot } = need(ctx.spec, 'specification');
  if (directBoot === null) return null;
  const name = role === 'kernel' ? directBoot.kernelVolume : directBoot.initrdVolume;
  const chunks = need(ctx.boot, 'kernel to start')[role];
  return fillVolume(ctx, progress, { role, name, chunks });
}

async function fillVolume(
  ctx: StageContext,
  progress: Progress,
  content: { role: MachineVolume['role']; name: string; chunks: Uint8Array[] },
): Promise<string> {
  const { role, name, chunks } = content;
  const { hypervisor, config } = ctx.deps;
  const total = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const volume = await makeVolume(ctx, progress, role, {
    name,
    format: 'raw',
    capacityBytes: total,
  });
  const { signal } = progress;
  await progress.act(() =>
    hypervisor.uploadVolume(config.pool, name, streamOf(chunks), {
      signal,
      onBytes: (sent) => progress.report(Math.min(sent / total, 1), `Copying ${name}`),
    }),
  );
  return volume.path;
}

async function* streamOf(chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function makeVolume(
  ctx: StageContext,
  progress: Progress,
  role: MachineVolume['role'],
  spec: VolumeSpec,
): Promise<VolumeFacts> {
  const { hypervisor, config } = ctx.deps;
  const { pool } = config;
  const find = () => progress.ask((signal) => hypervisor.findVolume(pool, spec.name, { signal }));
  // Asked first: a volume that is there already is not ours, and must not get into the journal.
  if ((await find()) !== null) {
    throw new BerthError('volume_exists', `There is already a volume “${spec.name}” in ${pool}.`, {
      hint: 'Choose another name, or remove the volume.',
    });
  }
  const what = { kind: 'volume', pool, name: spec.name, role } as const;
  const { dropped } = await effect(ctx, progress, STAGE, what, () =>
    hypervisor.createVolume(pool, spec),
  );
  addVolume(ctx, { pool, name: spec.name, role });
  for (const option of dropped) progress.log(`Volume ${spec.name} without ${option}`);
  const volume = verify(spec, await find());
  progress.log(`Volume ${spec.name} (${spec.format}, ${spec.capacityBytes} bytes)`);
  return volume;
}

function verify(spec: VolumeSpec, found: VolumeFacts | null): VolumeFacts {
  const wrong = (what: string) =>
    new BerthError('volume_wrong', `The new volume “${spec.name}” ${what}.`, { retryable: true });
  if (found === null) throw wrong('is not there');
  if (found.format !== spec.format) throw wrong(`has the format ${found.format}`);
  const [below, wanted] = [found.backing?.path ?? null, spec.backing?.path ?? null];
  if (below !== wanted)
    throw wrong(`lies on ${below ?? 'nothing'} instead of ${wanted ?? 'nothing'}`);
  if (wanted !== null && found.backing?.format !== spec.backing?.format) {
    throw wrong(`reads what it lies on as ${found.backing?.format ?? 'whatever it seems to be'}`);
  }
  if (found.capacityBytes < spec.capacityBytes) {
    throw wrong(`has ${found.capacityBytes} instead of ${spec.capacityBytes} bytes`);
  }
  return found;
}
