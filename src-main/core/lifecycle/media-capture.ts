import type { Media } from '../../../src-contract/model/media.ts';
import { BerthError } from '../errors.ts';
import type { Hypervisor, VolumeFacts } from '../ports/hypervisor.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';
import type { Clock, Ids } from '../ports/system.ts';
import { refuseUnsettled } from './in-creation.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { MachineLibrary } from './machines.ts';
import type { MediaLibrary } from './media-library.ts';
import { ownRecord } from './own-record.ts';

export interface CaptureDeps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'machines' | 'creations'>;
  library: MachineLibrary;
  media: MediaLibrary;
  queue: KeyedQueue;
  clock: Clock;
  ids: Ids;
  /** Pool that images are kept in. */
  pool: string;
}

export interface Capture {
  machineId: string;
  /** Default: the machine's. */
  name?: string;
  signal?: AbortSignal;
}

const SAMPLE_MS = 500;

/**
 * Makes an image of a machine's system disk, as it is, for machines to be made from. The copy stands alone; the machine
 * must be off, and nothing else happens to it meanwhile. Resolves when the image is ready; progress arrives as
 * `media.changed`. Rejects with `machine_running`, `machine_external`, `machine_in_creation`, `disk_missing`,
 * `disk_space`, `cancelled`, or what libvirt says; then nothing is left.
 */
export async function captureMachine(deps: CaptureDeps, capture: Capture): Promise<Media> {
  const made = Promise.withResolvers<Media>();
  // Its own id in the label: two images of one machine are two jobs.
  const id = deps.ids.uuid();
  await deps.queue.run(capture.machineId, `capture ${id}`, async () => {
    const record = ownRecord(deps, capture.machineId, 'Adopt it first.');
    refuseUnsettled(deps.store, record);
    await refuseRunning(deps, record);
    const disk = await systemDisk(deps, record);
    const media = draft(deps, { id, record, disk, name: capture.name });
    const fill = (signal: AbortSignal) => copy(deps, media, disk, signal);
    made.resolve(await deps.media.bring(media, capture.signal, fill));
  });
  return made.promise;
}

async function refuseRunning({ hypervisor }: CaptureDeps, record: MachineRecord): Promise<void> {
  const domain = await hypervisor.findDomain({ uuid: record.domainUuid });
  if (domain === null) {
    throw new BerthError('domain_missing', `libvirt has no domain for ${record.name} any more.`);
  }
  if (domain.power === 'off' || domain.power === 'crashed') return;
  throw new BerthError('machine_running', `${record.name} is ${domain.power}.`, {
    hint: 'Its disk changes while it runs: shut it down first.',
  });
}

/** The volume that the first disk is on, which a snapshot may have put above the one that Berth made. */
async function systemDisk(
  { hypervisor, store }: CaptureDeps,
  record: MachineRecord,
): Promise<VolumeFacts> {
  const disks = await hypervisor.domainDisks(record.domainUuid);
  const path = disks.find(({ device }) => device === 'disk')?.path ?? null;
  const pools = new Set(store.machines.volumes(record.id).map(({ pool }) => pool));
  for (const pool of path === null ? [] : pools) {
    // A snapshot's file was made without the pool, which lists it once it is read again.
    await hypervisor.ensurePool(pool);
    const volumes = await hypervisor.listVolumes(pool);
    const found = volumes.find((volume) => volume.path === path);
    if (found !== undefined) return found;
  }
  throw new BerthError('disk_missing', `${record.name} has no disk that Berth could copy.`);
}

function draft(
  { clock, pool }: CaptureDeps,
  of: { id: string; record: MachineRecord; disk: VolumeFacts; name: string | undefined },
): Media {
  const { id, record, disk } = of;
  return {
    id,
    name: of.name?.trim() || record.name,
    kind: 'image',
    format: 'qcow2',
    state: 'importing',
    virtualBytes: disk.capacityBytes,
    fileBytes: disk.allocationBytes,
    // Libvirt makes the file, and another one of the same content each time.
    sha256: null,
    pool,
    volume: `media-${id}.qcow2`,
    origin: `machine ${record.name}`,
    progress: 0,
    error: null,
    usedBy: 0,
    addedAt: clock.now(),
  };
}

async function copy(
  deps: CaptureDeps,
  media: Media,
  disk: VolumeFacts,
  signal: AbortSignal,
): Promise<Partial<Media>> {
  const { hypervisor, pool } = deps;
  await deps.media.preparePool(media, signal);
  const spec = { name: media.volume, format: 'qcow2', capacityBytes: disk.capacityBytes } as const;
  const over = new AbortController();
  const watching = watch(deps, media, AbortSignal.any([signal, over.signal]));
  try {
    await hypervisor.copyVolume(pool, spec, { pool: disk.pool, name: disk.name }, { signal });
  } finally {
    over.abort();
    await watching;
  }
  const made = await hypervisor.findVolume(pool, media.volume, { signal });
  if (made === null) {
    throw new BerthError('volume_missing', 'The image is not in the pool after it was copied.');
  }
  return { fileBytes: made.allocationBytes, virtualBytes: made.capacityBytes };
}

/** Libvirt tells nothing while it copies: how large the copy has become is all there is to see. */
async function watch(deps: CaptureDeps, media: Media, over: AbortSignal): Promise<void> {
  const report = deps.media.reporter(media, 0, 1);
  while (!over.aborted) {
    await deps.clock.sleep(SAMPLE_MS, over).catch(() => undefined);
    const options = { signal: over };
    const volume = await deps.hypervisor
      .findVolume(media.pool, media.volume, options)
      .catch(() => null);
    if (volume !== null && !over.aborted) report(volume.allocationBytes);
  }
}
