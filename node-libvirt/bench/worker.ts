// The same work as peer.py, done with node-libvirt. One JSON command a line in, one answer a line out.
import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import {
  type Connection,
  connect,
  type Domain,
  DomainAffect,
  DomainMetadataType,
  type StorageVolume,
} from '../src/index.ts';
import type { Command, Operation } from './command.ts';

const CHUNK_BYTES = 1 << 20;
const EVENT_TIMEOUT_MS = 10_000;
const body = Buffer.alloc(CHUNK_BYTES, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
const connections = new Map<string, Promise<Connection>>();

function connection(uri: string): Promise<Connection> {
  const known = connections.get(uri) ?? connect(uri);
  connections.set(uri, known);
  return known;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function volume({ uri, pool, volume_name }: Command): Promise<StorageVolume> {
  const link = await connection(uri);
  return (await link.storagePoolLookupByName(pool)).volLookupByName(volume_name);
}

const mebibytesPerSecond = (bytes: number, ms: number): number => bytes / 2 ** 20 / (ms / 1000);

function* chunks(bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += CHUNK_BYTES) yield body;
}

const describe = (domain: Domain) => Promise.all([domain.getXMLDesc(), domain.getState()]);

async function sequential({ uri, n, name }: Command): Promise<number> {
  const link = await connection(uri);
  return milliseconds(async () => {
    for (let call = 0; call < n; call++) await link.domainLookupByName(name);
  });
}

async function pipelined({ uri, n, name }: Command): Promise<number> {
  const link = await connection(uri);
  return milliseconds(() =>
    Promise.all(Array.from({ length: n }, () => link.domainLookupByName(name))),
  );
}

async function listInTurn({ uri }: Command): Promise<number> {
  const link = await connection(uri);
  return milliseconds(async () => {
    for (const domain of await link.listAllDomains()) {
      await domain.getXMLDesc();
      await domain.getState();
    }
  });
}

async function listAtOnce({ uri }: Command): Promise<number> {
  const link = await connection(uri);
  return milliseconds(async () => Promise.all((await link.listAllDomains()).map(describe)));
}

async function statistics({ uri, n }: Command): Promise<number> {
  const link = await connection(uri);
  const ms = await milliseconds(async () => {
    for (let call = 0; call < n; call++) await link.getAllDomainStats();
  });
  return ms / n;
}

async function upload(command: Command): Promise<number> {
  const target = await volume(command);
  const ms = await milliseconds(() => target.upload(chunks(command.n), { length: command.n }));
  return mebibytesPerSecond(command.n, ms);
}

async function download(command: Command): Promise<number> {
  const source = await volume(command);
  let total = 0;
  const ms = await milliseconds(async () => {
    for await (const chunk of await source.download({ length: command.n })) total += chunk.length;
  });
  if (total !== command.n) throw new Error(`${total} bytes came instead of ${command.n}`);
  return mebibytesPerSecond(total, ms);
}

/** Milliseconds from a call that changes a domain to the event that tells of it; the median. */
async function event({ uri, n, name }: Command): Promise<number> {
  const link = await connection(uri);
  const domain = await link.domainLookupByName(name);
  let arrived = (): void => undefined;
  const stop = await link.onDomainEvent('metadata-change', () => arrived());
  const found: number[] = [];
  for (let index = 0; index < n; index++) {
    const start = performance.now();
    const came = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no event within 10 s')), EVENT_TIMEOUT_MS);
      arrived = () => {
        found.push(performance.now() - start);
        clearTimeout(timer);
        resolve();
      };
    });
    const { TITLE } = DomainMetadataType;
    await domain.setMetadata(TITLE, `title ${index}`, null, null, DomainAffect.CONFIG);
    await came;
  }
  await stop();
  return found.toSorted((a, b) => a - b)[n >> 1] ?? Number.NaN;
}

async function residentKiB(): Promise<number> {
  globalThis.gc?.();
  const text = await readFile('/proc/self/smaps_rollup', 'utf8');
  return Number(/^Rss:\s+(\d+)/m.exec(text)?.[1]);
}

/** KiB that one more connection takes, over n of them. */
async function memory({ uri, n }: Command): Promise<number> {
  await (await connect(uri)).close();
  const before = await residentKiB();
  const opened = await Promise.all(Array.from({ length: n }, () => connect(uri)));
  for (const link of opened) await link.getLibVersion();
  const grown = ((await residentKiB()) - before) / n;
  for (const link of opened) await link.close();
  return grown;
}

const operations: Record<Operation, (command: Command) => Promise<number>> = {
  sequential,
  pipelined,
  list_in_turn: listInTurn,
  list_at_once: listAtOnce,
  statistics,
  upload,
  download,
  event,
  memory,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { op, ...command }: { op: Operation } & Command = JSON.parse(line);
  const answer = await operations[op](command).then(
    (value) => ({ value }),
    (error: unknown) => ({ error: String(error) }),
  );
  console.log(JSON.stringify(answer));
}
for (const link of connections.values()) await (await link).close();
