import { Buffer } from 'node:buffer';
import { getEventListeners } from 'node:events';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Connection, type ConnectOptions, connect } from '../../src/index.ts';
import { domain, host, storage } from '../../src/testing/index.ts';
import { dialerFor } from '../../src/transport/dialer.ts';
import { parseURI } from '../../src/transport/uri.ts';
import { fakeSuite, handle, UUID } from '../support/fake.ts';
import { heldAfterCollection, inMebibytes, MEBIBYTE } from '../support/memory.ts';
import { leakCheck } from '../support/resources.ts';
import { missing, SessionDaemon } from '../support/session-daemon.ts';
import { until } from '../support/until.ts';

/** What is left over may be caches of the engine, never something for each call. */
const KEPT_CAP = 3 * MEBIBYTE;
const FAST = { initialDelayMs: 1, maxDelayMs: 5 };
const suite = fakeSuite();

/** Does the work once to warm up, then `times` times, and tells what the latter has left. */
async function growth(what: string, times: number, work: (times: number) => Promise<void>) {
  await work(Math.ceil(times / 20));
  const before = await heldAfterCollection();
  const began = performance.now();
  await work(times);
  const ms = performance.now() - began;
  const kept = (await heldAfterCollection()) - before;
  const each = Math.round((ms / times) * 1000);
  console.log(`heap: ${times} ${what}: ${inMebibytes(kept)} more than before, ${each} µs each`);
  expect(kept).toBeLessThan(KEPT_CAP);
}

async function inBatches(times: number, batch: number, work: () => Promise<unknown>) {
  for (let done = 0; done < times; done += batch) {
    await Promise.all(Array.from({ length: Math.min(batch, times - done) }, work));
  }
}

/** Dials as usual and remembers the socket, so that a test can break it. */
function breakable(uri: string): { options: ConnectOptions; break: () => void } {
  const sockets: Duplex[] = [];
  const dial = dialerFor(parseURI(uri));
  return {
    options: {
      reconnect: FAST,
      dial: async (options) => {
        const socket = await dial(options);
        sockets.push(socket);
        return socket;
      },
    },
    break: () => {
      for (const socket of sockets.splice(0)) socket.destroy();
    },
  };
}

async function reconnects(connection: Connection, times: number, lose: () => void) {
  for (let index = 0; index < times; index++) {
    const back = new Promise<void>((resolve) => {
      const stop = connection.onReconnected(() => {
        stop();
        resolve();
      });
    });
    lose();
    await back;
  }
}

describe('against the fake daemon', () => {
  it('100,000 calls leave nothing', async () => {
    const daemon = await suite.daemon();
    daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
    daemon.on(domain.DOMAIN_SET_AUTOSTART, () => undefined);
    daemon.on(host.CONNECT_GET_TYPE, () => ({ type: 'QEMU' }));
    const connection = await suite.connect(daemon);
    const vm = await connection.domainLookupByUUID(UUID);
    const { signal } = new AbortController();
    let call = 0;
    const one = (): Promise<unknown> => {
      call++;
      if (call % 1_000 === 0) daemon.calls.length = 0;
      if (call % 10 === 0) return vm.setAutostart(true, { signal });
      if (call % 10 === 1) return connection.getHostname().catch(() => undefined);
      return connection.getType({ signal, timeoutMs: 60_000 });
    };
    await growth('calls', 100_000, (times) => inBatches(times, 50, one));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('1,000 reconnects leave nothing', async () => {
    const noLeak = leakCheck();
    const daemon = await suite.daemon();
    const connection = await connect(daemon.uri, { reconnect: FAST });
    let events = 0;
    await connection.onDomainEvent('lifecycle', () => events++);
    await growth('reconnects', 1_000, async (times) => {
      await reconnects(connection, times, () => daemon.dropClients());
      daemon.calls.length = 0;
    });
    expect(daemon.connectionCount).toBe(1_051);
    await connection.close();
    await daemon.stop();
    await noLeak();
  });

  it('2,000 streams leave nothing', async () => {
    const daemon = await suite.daemon();
    daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
    daemon.on(storage.STORAGE_VOL_LOOKUP_BY_PATH, ({ path }) => ({
      vol: { pool: 'p', name: 'v', key: path },
    }));
    daemon.on(storage.STORAGE_VOL_DOWNLOAD, (_args, { stream }) => {
      stream.send(Buffer.alloc(1000));
      stream.send(Buffer.alloc(0));
    });
    const connection = await suite.connect(daemon);
    const volume = await connection.storageVolLookupByPath('/v');
    const { signal } = new AbortController();
    const one = async (): Promise<void> => {
      let bytes = 0;
      for await (const chunk of await volume.download({ signal })) bytes += chunk.length;
      expect(bytes).toBe(1000);
    };
    await growth('streams', 2_000, async (times) => {
      await inBatches(times, 10, one);
      await until('their connections are closed', () => daemon.clients.length === 1);
      daemon.calls.length = 0;
    });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('10,000 subscriptions that end leave nothing', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    await growth('subscriptions', 10_000, (times) =>
      inBatches(times, 20, async () => {
        const stop = await connection.onDomainEvent('reboot', () => undefined);
        await stop();
        daemon.calls.length = 0;
      }),
    );
  });
});

describe.skipIf(missing !== null)('against a real daemon', () => {
  it('5,000 calls and 200 reconnects leave nothing', async () => {
    const noLeak = leakCheck();
    const daemon = await SessionDaemon.start();
    try {
      const uri = daemon.uri('qemu:///session');
      const socket = breakable(uri);
      const connection = await connect(uri, socket.options);
      await connection.onDomainEvent('lifecycle', () => undefined);
      await growth('calls to libvirtd', 5_000, (times) =>
        inBatches(times, 20, () => connection.getLibVersion()),
      );
      await growth('reconnects to libvirtd', 200, (times) =>
        reconnects(connection, times, socket.break),
      );
      await connection.close();
    } finally {
      await daemon.remove();
    }
    await noLeak();
  });
});
