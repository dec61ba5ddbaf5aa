import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unlessBusy } from '../../../test/support/patience.ts';
import {
  type Connection,
  ConnectionClosedError,
  connect,
  type StorageVolume,
} from '../../src/index.ts';
import { leakCheck, openSockets } from '../support/resources.ts';
import { missing, SessionDaemon } from '../support/session-daemon.ts';
import { until } from '../support/until.ts';

const MEBIBYTE = 1 << 20;
/** All that was under way has ended so long after the daemon is gone. */
const SETTLE_MS = 1_000;
const NOTICE_MS = 20_000;
const RECONNECT = { initialDelayMs: 10, maxDelayMs: 100 };

const xml = (name: string) =>
  `<domain type="test"><name>${name}</name><memory unit="KiB">65536</memory><os><type>hvm</type></os></domain>`;

describe.skipIf(missing !== null)('a daemon that is killed', () => {
  let daemon: SessionDaemon;
  let noLeak: () => Promise<void>;
  const open: Connection[] = [];

  beforeEach(async () => {
    noLeak = leakCheck();
    daemon = await SessionDaemon.start();
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) await connection.close();
    await daemon.remove();
    await noLeak();
  });

  async function connected(name = 'qemu:///session', reconnect = true): Promise<Connection> {
    const options = { reconnect: reconnect ? RECONNECT : false, keepalive: null };
    const connection = await connect(daemon.uri(name), options);
    open.push(connection);
    return connection;
  }

  async function pid(): Promise<number> {
    const found = await daemon.pid();
    if (found === null) throw new Error('the daemon does not run');
    return found;
  }

  /** It answers nothing more, but its sockets are still there: what is sent now stays under way. */
  async function freeze(): Promise<void> {
    process.kill(await pid(), 'SIGSTOP');
  }

  /** Kills it and returns when each of `work` had its end, counted from when it was gone. */
  async function kill(work: readonly Promise<unknown>[]): Promise<PromiseSettledResult<unknown>[]> {
    let late = 0;
    let goneAt = Number.POSITIVE_INFINITY;
    const note = (): void => {
      late = Math.max(late, performance.now() - goneAt);
    };
    for (const one of work) one.then(note, note);
    const victim = await pid();
    process.kill(victim, 'SIGKILL');
    await until('the daemon is gone', () => isGone(victim));
    goneAt = performance.now();
    const results = await Promise.allSettled(work);
    console.log(`faults: ${work.length} under way ended within ${Math.ceil(late)} ms`);
    expect(late).toBeLessThan(unlessBusy(SETTLE_MS));
    return results;
  }

  /** The daemon comes back, and the connection with it, and is as good as before. */
  async function comesBack(connection: Connection): Promise<void> {
    const back = new Promise<void>((resolve) => connection.onReconnected(resolve));
    await until('the loss is noticed', () => !connection.isAlive, NOTICE_MS);
    await daemon.start();
    await back;
    expect(await connection.getLibVersion()).toBeGreaterThan(6_000_000);
  }

  const reasons = (results: readonly PromiseSettledResult<unknown>[]): unknown[] =>
    results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));

  it('in the handshake: those who open are told, and can open again', async () => {
    await freeze();
    const sockets = openSockets();
    const opening = Array.from({ length: 5 }, () => connect(daemon.uri('qemu:///session')));
    const waiting = Promise.allSettled(opening);
    await until('all have connected', () => openSockets() === sockets + 5);
    const failed = reasons(await kill(opening));
    await waiting;
    expect(failed).toHaveLength(5);
    for (const error of failed) expect(error).toBeInstanceOf(ConnectionClosedError);
    await daemon.start();
    expect((await connected()).isAlive).toBe(true);
  });

  it('with calls under way: what was sent is unknown, what waited is not done', async () => {
    const connection = await connected();
    await freeze();
    const quick = Array.from({ length: 50 }, () => connection.getCapabilities());
    const heavy = Array.from({ length: 8 }, () => connection.domainDefineXML('<domain/>'));
    const results = await kill([...quick, ...heavy]);
    expect(reasons(results)).toHaveLength(58);
    for (const error of reasons(results)) expect(error).toBeInstanceOf(ConnectionClosedError);
    expect(
      results.map((result) => result.status === 'rejected' && result.reason.outcomeUnknown),
    ).toEqual([...Array(54).fill(true), ...Array(4).fill(false)]);
    await comesBack(connection);
  });

  async function volume(connection: Connection, bytes: number): Promise<StorageVolume> {
    const path = daemon.path('pool/dir');
    const pool = await connection.storagePoolDefineXML(
      `<pool type="dir"><name>files</name><target><path>${path}</path></target></pool>`,
    );
    await pool.build();
    await pool.create();
    return pool.createVolXML(
      `<volume><name>v.img</name><capacity>${bytes}</capacity><target><format type="raw"/></target></volume>`,
    );
  }

  it('while a stream goes up', async () => {
    const connection = await connected();
    const target = await volume(connection, 512 * MEBIBYTE);
    let sent = 0;
    async function* endless() {
      for (;;) yield Buffer.alloc(MEBIBYTE, 1);
    }
    const upload = target.upload(endless(), {
      onProgress: (bytes) => {
        sent = bytes;
      },
    });
    upload.catch(() => undefined);
    await until('data flows', () => sent > 8 * MEBIBYTE);
    await freeze();
    const [error] = reasons(await kill([upload]));
    expect(error).toMatchObject({ name: 'ConnectionClosedError', outcomeUnknown: true });
    await comesBack(connection);
    expect((await target.getInfo()).capacity).toBe(512 * MEBIBYTE);
  });

  it('while a stream comes down', async () => {
    const connection = await connected();
    const source = await volume(connection, 512 * MEBIBYTE);
    let received = 0;
    const stream = await source.download();
    const reading = (async () => {
      for await (const chunk of stream) received += chunk.length;
    })();
    reading.catch(() => undefined);
    await until('data flows', () => received > 8 * MEBIBYTE);
    await freeze();
    const results = await kill([reading, stream.ended]);
    expect(reasons(results)).toHaveLength(2);
    for (const error of reasons(results)) {
      expect(error).toMatchObject({ name: 'ConnectionClosedError', outcomeUnknown: true });
    }
    await comesBack(connection);
  });

  it('while a stream comes down that nobody reads', async () => {
    const connection = await connected();
    const source = await volume(connection, 64 * MEBIBYTE);
    const stream = await source.download();
    await freeze();
    const results = await kill([stream.ended, stream.finish()]);
    expect(reasons(results)).toHaveLength(2);
    await comesBack(connection);
  });

  it('in a storm of events: they come again from the next daemon', async () => {
    const connection = await connected('test:///default');
    let events = 0;
    let wanted = 0;
    const stop = await connection.onDomainEvent('lifecycle', () => {
      events++;
    });
    const storm = (async () => {
      for (;;) {
        wanted += 100;
        const batch = Array.from({ length: 100 }, (_, index) =>
          connection.domainDefineXML(xml(`storm-${index}`)),
        );
        const machines = await Promise.all(batch);
        await Promise.all(machines.map((machine) => machine.undefine()));
      }
    })();
    storm.catch(() => undefined);
    await until('it blows', () => events > 500);
    const [error] = reasons(await kill([storm]));
    expect(error).toBeInstanceOf(ConnectionClosedError);
    expect(wanted).toBeGreaterThan(200);
    await comesBack(connection);
    const before = events;
    await connection.domainDefineXML(xml('after'));
    await until('an event of the new daemon', () => events > before);
    await stop();
  });

  it('and never comes back: closing does not wait for it', async () => {
    const connection = await connected();
    const gone = new Promise((resolve) => connection.onDisconnected(resolve));
    await kill([]);
    await gone;
    await connection.close();
    expect(await connection.closed).toBeNull();
  });

  it('without reconnecting: the end is told once and for all', async () => {
    const connection = await connected('qemu:///session', false);
    const call = connection.getCapabilities();
    await kill([call, connection.closed]);
    expect(await connection.closed).toBeInstanceOf(Error);
    await expect(connection.getType()).rejects.toMatchObject({ outcomeUnknown: false });
  });
});

/** Dead, or a zombie that has let go of its sockets. */
function isGone(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));
  } catch {
    return true;
  }
}
