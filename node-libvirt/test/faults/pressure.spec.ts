import { Buffer } from 'node:buffer';
import { expect, it, vi } from 'vitest';
import { Keepalive } from '../../src/connection/keepalive.ts';
import { connect } from '../../src/index.ts';
import { domain, domainEvents, FakeError, type FakeStream, host } from '../../src/testing/index.ts';
import { dialerFor } from '../../src/transport/dialer.ts';
import { parseURI } from '../../src/transport/uri.ts';
import { eventRegistration } from '../../src/wire/procedures/event.ts';
import { fakeSuite, gate, handle, UUID } from '../support/fake.ts';
import { heldAfterCollection, MEBIBYTE } from '../support/memory.ts';
import { until } from '../support/until.ts';

const suite = fakeSuite();
const forever = () => new Promise<never>(() => undefined);

async function withConsole(begin: (stream: FakeStream) => void) {
  const daemon = await suite.daemon();
  daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
  daemon.on(host.CONNECT_GET_TYPE, () => ({ type: 'QEMU' }));
  daemon.on(domain.DOMAIN_OPEN_CONSOLE, (_args, { stream }) => begin(stream));
  const connection = await suite.connect(daemon);
  return { daemon, connection, vm: await connection.domainLookupByUUID(UUID) };
}

it('finishing a stream does not wait for somebody to read what has come', async () => {
  const { vm } = await withConsole((stream) => {
    setImmediate(() => {
      for (let index = 0; index < 8; index++) stream.send(Buffer.alloc(MEBIBYTE));
    });
  });
  const stream = await vm.openConsole();
  await stream.write(Buffer.from('x'));
  await stream.finish();
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  expect(bytes).toBeGreaterThan(0);
});

it('two readers of a stream share it, and both come to its end', async () => {
  const { vm } = await withConsole((stream) => {
    setImmediate(() => {
      for (const text of ['one', 'two', 'three', '']) stream.send(Buffer.from(text));
    });
  });
  const stream = await vm.openConsole();
  const seen: string[] = [];
  const read = async () => {
    for await (const chunk of stream) seen.push(Buffer.from(chunk).toString());
  };
  await Promise.all([read(), read()]);
  expect(seen.sort()).toEqual(['one', 'three', 'two']);
});

it.each<[string, (stream: FakeStream) => void]>([
  ['holes', (stream) => stream.sendHole(1)],
  ['single bytes', (stream) => stream.send(Buffer.from('x'))],
])('a flood of %s that nobody reads is made to wait', async (_what, send) => {
  let stream: FakeStream | undefined;
  const { vm, daemon } = await withConsole((opened) => {
    stream = opened;
  });
  const before = await heldAfterCollection();
  const console = await vm.openConsole();
  let sent = 0;
  await until('the daemon is stuck', async () => {
    for (let index = 0; index < 5_000; index++) send(stream!);
    sent += 5_000;
    await new Promise((resolve) => setImmediate(resolve));
    return stream!.backlog > 4 * MEBIBYTE;
  });
  // What the fake daemon could not send is held in this process, too.
  const held = (await heldAfterCollection()) - before;
  expect(held).toBeLessThan(32 * MEBIBYTE + 20 * stream!.backlog);
  expect(sent).toBeLessThan(1_000_000);
  await console.abort();
  await until('its connection is closed', () => daemon.clients.length === 1);
});

it('a daemon that streams without end before it answers is cut off at 64 MiB', async () => {
  const { vm, connection } = await withConsole((stream) => {
    for (let index = 0; index < 80; index++) stream.send(Buffer.alloc(MEBIBYTE));
    return forever();
  });
  await expect(vm.openConsole()).rejects.toMatchObject({
    name: 'ConnectionClosedError',
    cause: { name: 'ProtocolError', reason: 'unread-data' },
  });
  expect(await connection.getType()).toBe('QEMU');
});

it('a hole of less than nothing ends the stream', async () => {
  const { vm } = await withConsole((stream) => stream.sendHole(-5));
  await expect(vm.openConsole().then((stream) => stream.ended)).rejects.toMatchObject({
    cause: { name: 'ProtocolError', reason: 'bad-payload' },
  });
});

it('a stream is aborted whose caller gives up between its answer and its opening', async () => {
  const daemon = await suite.daemon();
  let aborted: Promise<void> | undefined;
  daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
  daemon.on(domain.DOMAIN_OPEN_CONSOLE, (_args, { stream }) => {
    aborted = stream.aborted;
    // Right behind the answer, in one piece with it.
    void Promise.resolve()
      .then(() => undefined)
      .then(() => undefined)
      .then(() => daemon.emit(domainEvents.reboot, { callbackID: 0, dom: handle }));
  });
  // The test driver's connection carries events and streams on one socket.
  const connection = await connect(daemon.uri.replace('qemu:///system', 'test:///default'));
  const controller = new AbortController();
  const reason = new Error('too late');
  await connection.onDomainEvent('reboot', () => controller.abort(reason));
  const vm = await connection.domainLookupByUUID(UUID);
  const stream = await vm.openConsole(null, 0, { signal: controller.signal });
  await expect(stream[Symbol.asyncIterator]().next()).rejects.toBe(reason);
  await aborted;
  await connection.close();
});

it('aborting does not wait for ever for a daemon that does not confirm it', async () => {
  const { vm, daemon } = await withConsole((stream) => stream.send(Buffer.from('x')));
  const stream = await vm.openConsole();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    for (const client of daemon.clients) client.hang();
    const aborting = stream.abort();
    await vi.advanceTimersByTimeAsync(5_001);
    await aborting;
  } finally {
    vi.useRealTimers();
  }
});

it('pings without end, unread, do not fill our memory', async () => {
  const { daemon, connection } = await withConsole(() => undefined);
  const [client] = daemon.clients;
  client!.hang();
  const before = await heldAfterCollection();
  for (let round = 0; round < 200; round++) {
    for (let index = 0; index < 2_000; index++) client!.ping();
    await new Promise((resolve) => setImmediate(resolve));
  }
  // 4 MiB of pongs and what they cost as queued writes; without a limit it is some 100 MiB.
  expect((await heldAfterCollection()) - before).toBeLessThan(64 * MEBIBYTE);
  expect(connection.isAlive).toBe(true);
  daemon.dropClients();
});

it('a listener that gave up does not spoil the kind of event for the next', async () => {
  const daemon = await suite.daemon();
  const release = gate();
  let registered = 0;
  daemon.on(eventRegistration.CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY, async () => {
    if (registered++ > 0) throw new FakeError(8, 'event callback already tracked');
    await release.opened;
    return { callbackID: 7 };
  });
  const connection = await suite.connect(daemon);
  const seen: number[] = [];
  const keep = ({ event }: { event: number }) => void seen.push(event);
  const first = connection.onDomainEvent('lifecycle', keep, { timeoutMs: 20 });
  await expect(first).rejects.toMatchObject({ name: 'TimeoutError' });
  const second = connection.onDomainEvent('lifecycle', keep);
  release.open();
  await second;
  daemon.emit(domainEvents.lifecycle, { callbackID: 7, dom: handle, event: 3, detail: 0 });
  await until('it is told', () => seen.length === 1);
});

it('closing does not wait for a daemon that hangs while events are asked for again', async () => {
  const daemon = await suite.daemon();
  const connection = await connect(daemon.uri, { reconnect: { initialDelayMs: 1 } });
  await connection.onDomainEvent('lifecycle', () => undefined);
  let asked = 0;
  daemon.on(eventRegistration.CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY, () => {
    asked++;
    return forever();
  });
  daemon.dropClients();
  await until('it is asked again', () => asked === 1);
  await connection.close();
  await until('the socket is closed', () => daemon.clients.length === 0);
});

it('attempts to come back are further and further apart', async () => {
  const daemon = await suite.daemon();
  const attempts: number[] = [];
  const dial = dialerFor(parseURI(daemon.uri));
  const connection = await connect('qemu:///system', {
    reconnect: { initialDelayMs: 10, maxDelayMs: 80 },
    dial: (options) => {
      attempts.push(performance.now());
      return dial(options);
    },
  });
  await daemon.stop();
  await until('eight attempts', () => attempts.length >= 9);
  await connection.close();
  const gaps = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
  // Each pause is between half and all of 10, 20, 40, 80, 80 ...; the first attempt is at once.
  const least = [0, 5, 10, 20, 40, 40, 40, 40];
  for (const [index, ms] of least.entries()) expect(gaps[index]).toBeGreaterThanOrEqual(ms - 1);
});

it.each([
  ['that is paused', { paused: true, busy: false }, 0],
  ['that is busy, for ten minutes', { paused: false, busy: true }, 1],
  ['that is neither', { paused: false, busy: false }, 1],
])('a silent daemon %s', (_what, { paused, busy }, deaths) => {
  vi.useFakeTimers();
  try {
    let dead = 0;
    const ports = { ping: () => undefined, paused: () => paused, busy: () => busy };
    const keepalive = new Keepalive(
      { intervalMs: 5_000, count: 5 },
      { ...ports, onDead: () => void dead++ },
    );
    vi.advanceTimersByTime(590_000);
    expect(dead).toBe(busy ? 0 : deaths);
    vi.advanceTimersByTime(60_000);
    expect(dead).toBe(deaths);
    keepalive.stop();
  } finally {
    vi.useRealTimers();
  }
});

it('holes wait for the daemon as data does', async () => {
  const { vm, daemon } = await withConsole(() => undefined);
  const stream = await vm.openConsole();
  for (const client of daemon.clients) client.hang();
  let written = 0;
  const writing = (async () => {
    for (;;) {
      await stream.writeHole(1);
      written++;
    }
  })();
  writing.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toBeGreaterThan(10_000);
  expect(written).toBeLessThan(200_000);
  daemon.dropClients();
  await expect(writing).rejects.toMatchObject({ name: 'ConnectionClosedError' });
});
