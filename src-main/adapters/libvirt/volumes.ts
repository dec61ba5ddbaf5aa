import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Connection,
  ErrorCode,
  type CallOptions as LibvirtCallOptions,
  LibvirtError,
  type StorageVolume,
} from 'node-libvirt';
import type { VolumeFacts, VolumeSpec } from '../../core/ports/hypervisor.ts';
import type { Context, Part } from './context.ts';
import { isCode } from './errors.ts';
import { uploadVolume } from './upload.ts';
import { EXTRA_NOTES, extrasFor, parseVolume, type VolumeExtra, volumeXml } from './volume-xml.ts';

/** A full allocation writes every byte. */
const CREATE_TIMEOUT_MS = 600_000;
/** Of a large disk on a slow one; whoever waits can cancel. */
const COPY_TIMEOUT_MS = 6 * 3_600_000;
const DELETE_TIMEOUT_MS = 120_000;
const BUSY_PAUSE_MS = { first: 50, most: 1_000 };

type VolumePart = Part<
  | 'findVolume'
  | 'listVolumes'
  | 'createVolume'
  | 'copyVolume'
  | 'uploadVolume'
  | 'readVolume'
  | 'deleteVolume'
>;

export function volumes(context: Context): VolumePart {
  const { run } = context;
  return {
    findVolume: (pool, name, options) =>
      run(
        'look up the volume',
        async (connection, call) => {
          const volume = await findVolume(connection, pool, name, call);
          return volume && orGone(readVolume(volume, call));
        },
        options,
      ),
    listVolumes: (pool, options) =>
      run(
        'list the volumes',
        async (connection, call) => {
          const found = await connection.storagePoolLookupByName(pool, call);
          const all = await found.listAllVolumes(0, call);
          const facts = await Promise.all(all.map((volume) => orGone(readVolume(volume, call))));
          return facts.filter((one) => one !== null);
        },
        options,
      ),
    createVolume: (pool, spec, options) =>
      run(
        `create the volume “${spec.name}”`,
        async (connection, call) => {
          const target = await connection.storagePoolLookupByName(pool, call);
          return makeVolume(spec, call, (xml) => target.createVolXML(xml, 0, call));
        },
        { ...options, timeoutMs: CREATE_TIMEOUT_MS },
      ),
    copyVolume: (pool, spec, from, options) =>
      run(
        `copy the volume “${from.name}”`,
        async (connection, call) => {
          const target = await connection.storagePoolLookupByName(pool, call);
          const home = await connection.storagePoolLookupByName(from.pool, call);
          const source = await home.volLookupByName(from.name, call);
          return makeVolume(spec, call, (xml) => target.createVolXMLFrom(xml, source, 0, call));
        },
        { ...options, timeoutMs: COPY_TIMEOUT_MS },
      ),
    uploadVolume: (pool, name, source, options) =>
      uploadVolume(context, { pool, name }, source, options),
    readVolume: (pool, name, range, options) =>
      run(
        `read the volume “${name}”`,
        async (connection, call) => {
          const found = await connection.storagePoolLookupByName(pool, call);
          const volume = await found.volLookupByName(name, call);
          const chunks: Uint8Array[] = [];
          for await (const chunk of await volume.download({ ...range, ...call })) {
            chunks.push(chunk);
          }
          return Buffer.concat(chunks);
        },
        options,
      ),
    deleteVolume: (pool, name, options) =>
      run(
        `delete the volume “${name}”`,
        (connection, call) => deleteVolume(connection, pool, name, call),
        { ...options, timeoutMs: DELETE_TIMEOUT_MS },
      ),
  };
}

/** Null when the volume or its pool does not exist. */
async function findVolume(
  connection: Connection,
  pool: string,
  name: string,
  call: LibvirtCallOptions,
): Promise<StorageVolume | null> {
  const found = await orGone(connection.storagePoolLookupByName(pool, call));
  return found && orGone(found.volLookupByName(name, call));
}

async function orGone<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof LibvirtError && (error.isNoStorageVol || error.isNoStoragePool);

async function readVolume(volume: StorageVolume, call: LibvirtCallOptions): Promise<VolumeFacts> {
  return parseVolume(volume.pool, await volume.getXMLDesc(0, call));
}

/** Tries without one option more until the host takes the rest. */
async function makeVolume(
  spec: VolumeSpec,
  call: LibvirtCallOptions,
  make: (xml: string) => Promise<StorageVolume>,
): Promise<{ volume: VolumeFacts; dropped: string[] }> {
  const extras = new Set(extrasFor(spec.format));
  const droppable = [...extras];
  const dropped: VolumeExtra[] = [];
  for (;;) {
    try {
      const volume = await make(volumeXml(spec, extras));
      return {
        volume: await readVolume(volume, call),
        dropped: dropped.map((extra) => EXTRA_NOTES[extra]),
      };
    } catch (error) {
      const extra = isRefusedOption(error) ? droppable.shift() : undefined;
      if (extra === undefined) throw error;
      extras.delete(extra);
      dropped.push(extra);
    }
  }
}

/** Older versions of libvirt reject the XML; older versions of qemu-img reject the option. */
function isRefusedOption(error: unknown): boolean {
  if (!(error instanceof LibvirtError)) return false;
  if (error.isXMLInvalid || error.isNotSupported) return true;
  const byTool =
    error.code === ErrorCode.INTERNAL_ERROR || error.code === ErrorCode.OPERATION_FAILED;
  return byTool && OPTION_REFUSALS.test(error.message);
}
const OPTION_REFUSALS =
  /unknown option|invalid (?:parameter|option)|unsupported|not supported|extended_l2|nocow|lazy.refcounts/i;

/** Waits while libvirt still fills it, or a transfer that was given up still holds it. */
async function deleteVolume(
  connection: Connection,
  pool: string,
  name: string,
  call: LibvirtCallOptions,
): Promise<void> {
  const volume = await findVolume(connection, pool, name, call);
  if (volume === null) return;
  for (let pause = BUSY_PAUSE_MS.first; ; pause = Math.min(pause * 2, BUSY_PAUSE_MS.most)) {
    try {
      return await volume.delete(0, call);
    } catch (error) {
      if (isGone(error)) return;
      if (!isCode(error, 'volume_busy')) throw error;
    }
    await sleep(pause, undefined, call.signal ? { signal: call.signal } : {});
  }
}
