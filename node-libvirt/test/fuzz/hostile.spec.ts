import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import {
  AuthenticationError,
  ConnectionClosedError,
  KeepaliveError,
  TimeoutError,
} from '../../src/connection/errors.ts';
import { RpcConnection } from '../../src/connection/rpc-connection.ts';
import { StreamEndedError } from '../../src/connection/rpc-stream.ts';
import { dialerFor } from '../../src/transport/dialer.ts';
import { TransportError } from '../../src/transport/transport-error.ts';
import { parseURI } from '../../src/transport/uri.ts';
import { LibvirtError } from '../../src/wire/libvirt-error.ts';
import type { Procedure } from '../../src/wire/procedure.ts';
import { ProtocolError } from '../../src/wire/protocol-error.ts';
import { XdrError } from '../../src/xdr/index.ts';
import { heldAfterCollection, heldBytes, inMebibytes, MEBIBYTE } from '../support/memory.ts';
import { randomSource } from '../support/random.ts';
import { allEvents, allProcedures, plausibleValue } from './corpus.ts';
import { HostileDaemon } from './hostile-daemon.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 10);
/**
 * A connection may hold 64 MiB of packets that are not complete and 64 MiB for each stream that
 * nobody reads. This daemon stays far below on each of the 8 connections that are open at a time.
 */
const PEAK_CAP = 256 * MEBIBYTE;
const KEPT_CAP = 24 * MEBIBYTE;
/** Longer than any timeout that the calls have: what has not settled by then never will. */
const HANG_MS = 20_000;
const CALL = { timeoutMs: 150 };

const TYPED = [
  AuthenticationError,
  ConnectionClosedError,
  KeepaliveError,
  LibvirtError,
  ProtocolError,
  StreamEndedError,
  TimeoutError,
  TransportError,
  XdrError,
];
const random = randomSource(SEED);
const outcomes = new Map<string, number>();
const count = (what: string): void => void outcomes.set(what, (outcomes.get(what) ?? 0) + 1);

/** Waits for the work; its error must be one that we have told our users about. */
async function settled(what: string, work: Promise<unknown>, ms = HANG_MS): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs`)), ms);
  });
  try {
    await Promise.race([work, hang]);
    count('done');
  } catch (error) {
    if (!TYPED.some((type) => error instanceof type)) {
      throw new Error(`${what}: no typed error`, { cause: error });
    }
    if (error instanceof Error) count(error.name);
  } finally {
    clearTimeout(timer);
  }
}

async function useStream(rpc: RpcConnection, p: Procedure<unknown, unknown>, args: unknown) {
  const { stream } = await rpc.open(p, args, CALL);
  const ended = settled(`the end of ${p.name}`, stream.ended);
  const patience = setTimeout(() => void stream.abort(), 200);
  try {
    if (p.stream !== 'read') {
      await stream.write(Buffer.alloc(random(50_000)));
      await stream.writeHole(random(50_000));
      if (random(2) === 0) await stream.finish();
    }
    for await (const _chunk of stream.chunks()) if (random(50) === 0) break;
  } finally {
    clearTimeout(patience);
    await stream.abort();
    await ended;
  }
}

async function converse(uri: string, procedures: readonly Procedure<unknown, unknown>[]) {
  const rpc = await RpcConnection.open({
    dial: dialerFor(parseURI(uri)),
    name: 'qemu:///system',
    readonly: false,
    keepalive: { intervalMs: 30, count: 3 },
    openTimeoutMs: 300,
    single: random(4) === 0,
    reconnect: random(2) === 0 ? { initialDelayMs: 2, maxDelayMs: 10 } : null,
  });
  try {
    const work = allEvents.slice(0, random(allEvents.length)).map((definition) =>
      settled(
        `event ${definition.message}`,
        rpc.subscribe(definition, () => undefined, CALL),
      ),
    );
    for (let calls = 30; calls > 0; calls--) {
      const procedure = procedures[random(procedures.length)]!;
      const args = plausibleValue(procedure.args, random);
      if (args === undefined) continue;
      const call =
        procedure.stream === null
          ? rpc.call(procedure, args.value, CALL)
          : useStream(rpc, procedure, args.value);
      work.push(settled(procedure.name, call));
      if (random(4) === 0) await work.at(-1);
    }
    await Promise.all(work);
  } finally {
    await settled('close', rpc.close());
    await settled('closed', rpc.closed);
  }
}

it(`bears a hostile daemon for ${SECONDS} s (FUZZ_SEED=${SEED})`, async () => {
  const procedures = await allProcedures();
  const streams = procedures.filter(({ stream }) => stream !== null);
  const daemon = await HostileDaemon.start(random, procedures);
  const handles = sockets();
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', onUnhandled);
  const before = await heldAfterCollection();
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, heldBytes() - before);
  }, 20);
  try {
    const end = Date.now() + SECONDS * 1000;
    const one = async (): Promise<void> => {
      while (Date.now() < end) {
        const some = random(4) === 0 ? streams : procedures;
        await settled('a connection', converse(daemon.uri, some), 6 * HANG_MS);
      }
    };
    await Promise.all(Array.from({ length: 8 }, one));
  } finally {
    clearInterval(sampler);
    await daemon.stop();
    process.off('unhandledRejection', onUnhandled);
  }
  const kept = (await heldAfterCollection()) - before;
  console.log(
    `fuzz: ${SECONDS} s, seed ${SEED}: ${JSON.stringify(Object.fromEntries(outcomes))}, at most ${inMebibytes(peak)}, kept ${inMebibytes(kept)}`,
  );
  expect(unhandled).toEqual([]);
  expect(daemon.pranks.size).toBeGreaterThan(20);
  for (const name of ['LibvirtError', 'ConnectionClosedError', 'TimeoutError', 'ProtocolError']) {
    expect(outcomes.get(name), name).toBeGreaterThan(0);
  }
  expect(peak).toBeLessThan(PEAK_CAP);
  expect(kept).toBeLessThan(KEPT_CAP);
  expect(sockets()).toBeLessThanOrEqual(handles);
});

/** UNIX sockets that are open in this process; the daemon's own listener is one. */
function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.includes('Pipe')).length;
}
