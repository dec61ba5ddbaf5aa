import { join } from 'node:path';
import type { Connection, CallOptions as LibvirtCallOptions, StoragePool } from 'node-libvirt';
import { el, serializeXml } from '../../core/domain/domain-xml-element.ts';
import { BerthError } from '../../core/errors.ts';
import type { CallOptions, PoolFacts } from '../../core/ports/hypervisor.ts';
import type { Context, Part } from './context.ts';
import { within } from './deadline.ts';
import { isCode, translate } from './errors.ts';
import { findFirst, parseXml, textOf } from './xml.ts';

/** Refreshing a pool opens every image in it. */
const REFRESH_TIMEOUT_MS = 180_000;
/** So long a question about the space may wait for that. */
const FRESH_PATIENCE_MS = 2_000;

type PoolPart = Part<
  'findPool' | 'listPools' | 'ensurePool' | 'startPool' | 'defaultPoolPath' | 'removePool'
>;

export function pools(context: Context): PoolPart {
  const { run } = context;
  /** When this process has read a pool again, by UUID, in milliseconds of the monotonic clock. */
  const readAt = new Map<string, number>();
  const defaultPoolPath = (name: string) => join(context.imageFolder(), name);
  return {
    defaultPoolPath,
    findPool: (name, options) =>
      run(
        'look up the storage pool',
        async (connection, call) => {
          const pool = await findPool(connection, name, call);
          if (pool === null) return null;
          const known = await readPool(pool, call);
          const age = performance.now() - (readAt.get(known.uuid) ?? Number.NEGATIVE_INFINITY);
          if (!known.active || options?.maxAgeMs === undefined || age < options.maxAgeMs) {
            return known;
          }
          readAt.set(known.uuid, performance.now());
          return readAgain(context, pool, known, call);
        },
        options,
      ),
    listPools: (options) =>
      run(
        'list the storage pools',
        async (connection, call) => {
          const all = await connection.listAllStoragePools(0, call);
          const facts = await Promise.all(all.map((pool) => orGone(readPool(pool, call))));
          return facts.filter((one) => one !== null);
        },
        options,
      ),
    ensurePool: oneAtATime((name, options) =>
      run(
        `prepare the storage pool “${name}”`,
        (connection, call) => ensurePool(connection, name, defaultPoolPath(name), call),
        { ...options, timeoutMs: REFRESH_TIMEOUT_MS },
      ),
    ),
    startPool: (name, options) =>
      run(
        `start the storage pool “${name}”`,
        async (connection, call) => {
          const pool = await connection.storagePoolLookupByName(name, call);
          await buildAndStart(pool, await readPool(pool, call), call);
        },
        { ...options, timeoutMs: REFRESH_TIMEOUT_MS },
      ),
    removePool: (name, options) =>
      run(
        `remove the storage pool “${name}”`,
        async (connection, call) => {
          const pool = await findPool(connection, name, call);
          if (pool !== null) await removePool(pool, call);
        },
        { ...options, timeoutMs: REFRESH_TIMEOUT_MS },
      ),
  };
}

/** Several creations may want the same pool at once: they share the work for it. */
function oneAtATime<T>(
  work: (name: string, options: CallOptions | undefined) => Promise<T>,
): (name: string, options?: CallOptions) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return (name, options) => {
    const before = tails.get(name) ?? Promise.resolve();
    const next = before.then(() => work(name, options));
    const tail = next
      .catch(() => undefined)
      .then(() => {
        if (tails.get(name) === tail) tails.delete(name);
      });
    tails.set(name, tail);
    return next;
  };
}

async function findPool(
  connection: Connection,
  name: string,
  call: LibvirtCallOptions,
): Promise<StoragePool | null> {
  return orGone(connection.storagePoolLookupByName(name, call));
}

/** Null instead of a failure when the pool does not exist, or has just gone. */
async function orGone<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (isCode(error, 'pool_missing')) return null;
    throw error;
  }
}

async function readPool(pool: StoragePool, call: LibvirtCallOptions): Promise<PoolFacts> {
  const [xml, info, active] = await Promise.all([
    pool.getXMLDesc(0, call),
    pool.getInfo(call),
    pool.isActive(call),
  ]);
  const root = parseXml(xml);
  return {
    name: pool.name,
    uuid: pool.uuid,
    active,
    type: String(root.attributes?.['type'] ?? 'dir'),
    targetPath: textOf(findFirst(root, 'target', 'path')) ?? null,
    capacityBytes: info.capacity,
    allocationBytes: info.allocation,
    availableBytes: info.available,
  };
}

/** `known` where that cannot be done soon; it is read before, as a pool that is being refreshed answers nothing. */
async function readAgain(
  { log }: Context,
  pool: StoragePool,
  known: PoolFacts,
  call: LibvirtCallOptions,
): Promise<PoolFacts> {
  const tell = (error: unknown) =>
    log.info('the space of a pool is not counted anew', { pool: known.name, error });
  try {
    return await within(FRESH_PATIENCE_MS, call.signal, async ({ signal }) => {
      await pool.refresh(0, { signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        tell(error);
      });
      // A pool that cannot be read has been stopped by libvirt.
      return readPool(pool, { signal });
    });
  } catch (error) {
    call.signal?.throwIfAborted();
    tell(error);
    return known;
  }
}

async function ensurePool(
  connection: Connection,
  name: string,
  path: string,
  call: LibvirtCallOptions,
): Promise<{ pool: PoolFacts; created: boolean }> {
  const found = await findPool(connection, name, call);
  const { pool, created } = found
    ? { pool: found, created: false }
    : await define(connection, name, path, call);
  const facts = await readPool(pool, call);
  if (!facts.active) await buildAndStart(pool, facts, call);
  await pool.setAutostart(true, call);
  await refresh(pool, facts, call);
  return { pool: await readPool(pool, call), created };
}

async function buildAndStart(
  pool: StoragePool,
  { type }: PoolFacts,
  call: LibvirtCallOptions,
): Promise<void> {
  try {
    // Building any other type may format a disk.
    if (type === 'dir') await pool.build(0, call);
    await pool.create(0, call);
  } catch (error) {
    // Another process was faster with the same pool.
    if (!isCode(error, 'already_active')) throw error;
  }
}

/** Somebody may have removed the folder of an active pool; libvirt makes it again when the pool starts anew. */
async function refresh(
  pool: StoragePool,
  facts: PoolFacts,
  call: LibvirtCallOptions,
): Promise<void> {
  try {
    await pool.refresh(0, call);
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    // A pool in which a volume is being made works; what is new in it is known to whoever makes it.
    if (/asynchronous jobs running/i.test(text)) return;
    if (facts.type !== 'dir' || !/no such file or directory/i.test(text)) throw error;
    if (await pool.isActive(call)) await pool.destroy(call);
    await buildAndStart(pool, facts, call);
    await pool.refresh(0, call);
  }
}

/** Another process may be faster with the same pool: then it is theirs. */
async function define(
  connection: Connection,
  name: string,
  path: string,
  call: LibvirtCallOptions,
): Promise<{ pool: StoragePool; created: boolean }> {
  try {
    const pool = await connection.storagePoolDefineXML(poolXml(name, path), 0, call);
    return { pool, created: true };
  } catch (error) {
    if (!isCode(error, 'pool_exists')) throw error;
    return { pool: await connection.storagePoolLookupByName(name, call), created: false };
  }
}

function poolXml(name: string, path: string): string {
  return serializeXml(
    el('pool', { type: 'dir' }, el('name', {}, name), el('target', {}, el('path', {}, path))),
  );
}

async function removePool(pool: StoragePool, call: LibvirtCallOptions): Promise<void> {
  if (await pool.isActive(call)) {
    const doomed = await pool.isPersistent(call);
    await pool.destroy(call);
    if (!doomed) return;
  }
  try {
    // For a directory this is rmdir: what others put there stays.
    await pool.delete(0, call);
  } catch (error) {
    const failure = translate('remove the folder of the storage pool', error);
    const kept = failure instanceof BerthError && KEPT_FOLDER.test(failureText(failure));
    if (!kept) throw error;
  }
  await pool.undefine(call);
}

const KEPT_FOLDER =
  /directory not empty|no such file or directory|permission denied|not supported|busy/i;
const failureText = ({ message, cause }: BerthError): string =>
  cause instanceof Error ? cause.message : message;
