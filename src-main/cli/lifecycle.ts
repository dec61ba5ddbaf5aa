import type {
  Adoption,
  Orphan,
  ResizeChange,
  Resized,
  VolumeRef,
} from '../../src-contract/model/lifecycle.ts';
import { findDepartment } from './find-department.ts';
import { findMachine } from './find-machine.ts';
import { forEachMachine, toRecord } from './machines.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { parseSettings } from './settings.ts';
import { formatSize } from './sizes.ts';
import { UsageError } from './usage-error.ts';

export interface StopOptions extends GlobalOptions {
  forceAfter?: string;
}

export function stopMachines(refs: string[], options: StopOptions): Promise<number> {
  const forceAfterSeconds = parseSeconds(options.forceAfter);
  const told = forceAfterSeconds === undefined ? 'asked to power off' : 'is off';
  return withBerth(options, { connection: 'required' }, (session) =>
    forEachMachine(session, told, refs, async ({ id }) => {
      await session.call('machines.stop', {
        machineId: id,
        ...(forceAfterSeconds !== undefined && { forceAfterSeconds }),
      });
      return toRecord(session.berth.library.peek(id) ?? session.berth.library.get(id));
    }),
  );
}

const LONGEST_SECONDS = 3600;

function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  throw new UsageError(`--force-after is a number from 1 to ${LONGEST_SECONDS}, not "${text}".`);
}

export function renameMachine(args: string[], options: GlobalOptions): Promise<number> {
  const [ref = '', name = ''] = args;
  return withBerth(options, { connection: 'required' }, (session) =>
    forEachMachine(session, `is called ${name} now`, [ref], async ({ id }) => {
      await session.call('machines.rename', { machineId: id, name });
      return toRecord(session.berth.library.get(id));
    }),
  );
}

export interface ResizeOptions extends GlobalOptions {
  set?: string[];
}

export function resizeMachine(ref: string, options: ResizeOptions): Promise<number> {
  const change = parseChange(options.set ?? []);
  return withBerth(options, { connection: 'required' }, async ({ berth, call, out }) => {
    const { id } = findMachine(berth.library.list(), ref);
    const resized = await call('machines.resize', { machineId: id, change });
    const machine = berth.library.get(id);
    out.record({ type: 'result', machine: toRecord(machine), resized });
    if (resized.length === 0) out.text(`${machine.name} has this size already.`);
    for (const one of resized) out.text(tellResized(machine.name, one));
    return EXIT.done;
  });
}

function parseChange(set: readonly string[]): ResizeChange {
  const { overrides, image } = parseSettings(set);
  const { vcpus, memoryBytes, diskBytes, ...rest } = overrides;
  if (image !== null || Object.keys(rest).length > 0 || Object.keys(overrides).length === 0) {
    throw new UsageError('resize takes --set cpus=…, memory=… and disk=….');
  }
  return {
    ...(vcpus !== undefined && { vcpus }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(diskBytes !== undefined && { diskBytes }),
  };
}

const RESOURCE: Record<Resized['resource'], string> = {
  vcpus: 'CPUs',
  memoryBytes: 'memory',
  diskBytes: 'disk',
};

function tellResized(name: string, { resource, from, to, effect, note }: Resized): string {
  const figure = (value: number) => (resource === 'vcpus' ? String(value) : formatSize(value));
  const since = effect === 'now' ? '' : ', from the next start on';
  const more = note === undefined ? '' : `\n  ${note}`;
  return `${name}: ${RESOURCE[resource]} ${figure(from)} → ${figure(to)}${since}.${more}`;
}

export interface AdoptOptions extends GlobalOptions {
  department?: string;
  own?: string[];
  ownDisks?: boolean;
  dryRun?: boolean;
}

export function adoptMachine(ref: string, options: AdoptOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async ({ berth, call, out }) => {
    const { id } = findMachine(berth.library.list(), ref);
    const adoption = await call('machines.adoption', { machineId: id });
    const volumes = chosenVolumes(adoption, options);
    if (options.dryRun) {
      out.record({ type: 'adoption', ...adoption });
      tellAdoption({ out }, adoption, volumes);
      return EXIT.done;
    }
    const department =
      options.department === undefined
        ? undefined
        : findDepartment(berth.ports.store.departments.list(), options.department).id;
    const { machineId } = await call('machines.adopt', {
      machineId: id,
      volumes,
      ...(department !== undefined && { departmentId: department }),
    });
    out.record({ type: 'result', machine: toRecord(berth.library.get(machineId)) });
    tellAdoption({ out }, adoption, volumes);
    return EXIT.done;
  });
}

function chosenVolumes({ volumes }: Adoption, { own = [], ownDisks }: AdoptOptions): VolumeRef[] {
  const all = volumes.flatMap(({ pool, name, ownable }) =>
    ownDisks && ownable && pool !== null ? [{ pool, name }] : [],
  );
  const named = own.map((text) => {
    const at = text.indexOf('/');
    if (at > 0) return { pool: text.slice(0, at), name: text.slice(at + 1) };
    throw new UsageError(`--own takes pool/volume, not "${text}".`);
  });
  return [...all, ...named];
}

function tellAdoption({ out }: Pick<Session, 'out'>, adoption: Adoption, owned: VolumeRef[]): void {
  const { name, vcpus, memoryBytes, volumes } = adoption;
  out.text(`${name}: ${vcpus} CPUs, ${formatSize(memoryBytes)} memory`);
  for (const { target, path, pool, name: volume, reason } of volumes) {
    const isOwn = owned.some((one) => one.pool === pool && one.name === volume);
    const fate = isOwn ? 'deleted with the machine' : `stays. ${reason ?? ''}`.trim();
    out.text(`  ${target.padEnd(5)} ${path}: ${fate}`);
  }
}

export function forgetMachines(refs: string[], options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, (session) =>
    forEachMachine(session, 'is no machine of Berth any more', refs, async (machine) => {
      await session.call('machines.forget', { machineId: machine.id });
      return { id: machine.domainUuid, name: machine.name, state: 'forgotten' };
    }),
  );
}

export interface ReconcileOptions extends GlobalOptions {
  remove?: boolean;
}

/** With --remove ends with 1 when something that was to go is still there. */
export function reconcile(options: ReconcileOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async ({ berth, call, out }) => {
    await berth.recover();
    const { orphans, unseen } = await call('reconcile.scan', undefined);
    for (const orphan of orphans) {
      const state = orphan.kept === undefined ? 'removable' : 'kept';
      out.both({ type: 'orphan', ...orphan, state }, tellOrphan(orphan));
    }
    for (const what of unseen) out.both({ type: 'unseen', what }, `not seen: ${what}`);
    if (orphans.length === 0) out.text('Everything has an owner.');
    const ids = orphans.filter(({ kept }) => kept === undefined).map(({ id }) => id);
    if (!options.remove || ids.length === 0) return EXIT.done;
    const removals = await call('reconcile.remove', { ids });
    for (const { id, removed, detail } of removals) {
      const line = `${removed ? 'removed' : 'left'}: ${id}: ${detail}`;
      out.both({ type: 'removal', id, removed, detail }, line);
    }
    return removals.every(({ removed }) => removed) ? EXIT.done : EXIT.failed;
  });
}

function tellOrphan({ kind, name, where, origin, removes, kept }: Orphan): string {
  const fate = kept === undefined ? `--remove removes ${removes.join(', ')}.` : `stays: ${kept}`;
  return `${kind} ${name} in ${where}\n  ${origin}\n  ${fate}`;
}
