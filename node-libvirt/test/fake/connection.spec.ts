import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/index.ts';
import { domain, domainEvents, FakeError, host, qemu } from '../../src/testing/index.ts';
import { fakeSuite, gate, handle, UUID } from '../support/fake.ts';
import { until } from '../support/until.ts';

const suite = fakeSuite();
const forever = () => new Promise<never>(() => undefined);

describe('opening', () => {
  it('is refused with advice where polkit refuses', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.AUTH_LIST, () => ({ types: [2] }));
    daemon.on(host.AUTH_POLKIT, () => {
      throw new FakeError(45, 'authentication unavailable: no polkit agent', { domain: 47 });
    });
    await expect(connect(daemon.uri)).rejects.toMatchObject({
      name: 'AuthenticationError',
      message: expect.stringContaining('group libvirt'),
    });
    await until('the socket is closed', () => daemon.clients.length === 0);
  });

  it('goes on where polkit agrees', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.AUTH_LIST, () => ({ types: [2] }));
    daemon.on(host.AUTH_POLKIT, () => ({ complete: true }));
    const connection = await suite.connect(daemon);
    expect(connection.isAlive).toBe(true);
  });

  it('says that SASL is not there', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.AUTH_LIST, () => ({ types: [1] }));
    await expect(connect(daemon.uri)).rejects.toThrow(/SASL/);
  });

  it('does not wait for ever', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.CONNECT_OPEN, forever);
    await expect(connect(daemon.uri, { timeoutMs: 30 })).rejects.toMatchObject({
      name: 'TimeoutError',
      timeoutMs: 30,
    });
    await until('the socket is closed', () => daemon.clients.length === 0);
  });

  it('can be given up', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.AUTH_LIST, forever);
    const controller = new AbortController();
    const opening = connect(daemon.uri, { signal: controller.signal });
    await until('the daemon was asked', () => daemon.calls.includes('AUTH_LIST'));
    const reason = new Error('never mind');
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
    await until('the socket is closed', () => daemon.clients.length === 0);
  });

  it('does not depend on a dialer that listens to signals', async () => {
    const opening = connect('qemu:///system', { dial: forever, timeoutMs: 20 });
    await expect(opening).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('fails as the daemon says when it refuses the URI', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.CONNECT_OPEN, () => {
      throw new FakeError(5, 'no connection driver available for foo:///');
    });
    await expect(connect(daemon.uri)).rejects.toMatchObject({ name: 'LibvirtError', code: 5 });
  });

  it('fails when something else than libvirt answers', async () => {
    const path = `/tmp/lv-http-${process.pid}.sock`;
    const server = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    server.listen(path);
    await once(server, 'listening');
    try {
      await expect(connect(`qemu:///system?socket=${path}`)).rejects.toMatchObject({
        name: 'ConnectionClosedError',
        cause: { name: 'ProtocolError', reason: 'bad-length' },
      });
    } finally {
      server.close();
    }
  });
});

describe('a lost connection', () => {
  it('fails what was sent as unknown, what waited as not done', async () => {
    const daemon = await suite.daemon();
    let running = 0;
    daemon.on(domain.DOMAIN_DEFINE_XML_FLAGS, () => {
      running++;
      return forever();
    });
    const connection = await suite.connect(daemon);
    const calls = Array.from({ length: 6 }, () => connection.domainDefineXML('<domain/>'));
    const settled = Promise.allSettled(calls);
    await until('four run', () => running === 4);
    daemon.dropClients();
    const unknown = (await settled).map(
      (result) => result.status === 'rejected' && result.reason.outcomeUnknown,
    );
    expect(unknown).toEqual([true, true, true, true, false, false]);
    expect(connection.isAlive).toBe(false);
    expect(await connection.closed).toBeInstanceOf(Error);
    await expect(connection.getType()).rejects.toMatchObject({
      code: 'LIBVIRT_CONNECTION_CLOSED',
      outcomeUnknown: false,
    });
  });

  it('tells those who asked, once', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    const reasons: unknown[] = [];
    connection.onClose((reason) => reasons.push(reason));
    connection.onClose((reason) => reasons.push(reason))();
    daemon.dropClients();
    await connection.closed;
    await connection.close();
    expect(reasons).toEqual([expect.objectContaining({ name: 'ConnectionClosedError' })]);
  });

  it.each<[string, number[], string]>([
    ['a length that is a lie', [0xffff_ffff], 'bad-length'],
    ['an unknown type', [28, 0x2000_8086, 1, 1, 9, 1, 0], 'bad-type'],
    ['another version', [28, 0x2000_8086, 2, 1, 1, 1, 0], 'bad-version'],
    ['an answer that nobody asked for', [28, 0x2000_8086, 1, 1, 1, 999, 0], 'unexpected-packet'],
    ['a call to us', [28, 0x2000_8086, 1, 1, 0, 1, 0], 'unexpected-packet'],
    ['an event that cannot be read', [28, 0x2000_8086, 1, 318, 2, 1, 0], 'bad-payload'],
  ])('is what %s makes of it, loudly', async (_what, words, reason) => {
    const daemon = await suite.daemon();
    daemon.on(host.CONNECT_GET_HOSTNAME, forever);
    const connection = await suite.connect(daemon);
    await connection.onDomainEvent('lifecycle', () => undefined);
    const call = connection.getHostname();
    const expectation = expect(call).rejects.toMatchObject({
      name: 'ConnectionClosedError',
      cause: { name: 'ProtocolError', reason },
    });
    const packet = Buffer.alloc(words.length * 4);
    for (const [index, word] of words.entries()) packet.writeUInt32BE(word, index * 4);
    daemon.clients[0]!.send(packet);
    await expectation;
    expect(await connection.closed).toMatchObject({ name: 'ProtocolError', reason });
  });
});

describe('closing', () => {
  it('says good-bye, fails what is under way and is final', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.CONNECT_GET_HOSTNAME, forever);
    const connection = await suite.connect(daemon, { reconnect: true });
    const call = expect(connection.getHostname()).rejects.toMatchObject({
      name: 'ConnectionClosedError',
      outcomeUnknown: true,
    });
    await Promise.all([connection.close(), connection.close()]);
    await call;
    expect(await connection.closed).toBeNull();
    expect(daemon.calls).toContain('CONNECT_CLOSE');
    await until('the socket is closed', () => daemon.clients.length === 0);
    await expect(connection.getType()).rejects.toThrow('the connection was closed');
  });

  it('does not wait for a daemon that hangs', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    daemon.on(host.CONNECT_CLOSE, forever);
    const started = Date.now();
    await connection.close();
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('leaves nothing that keeps the process alive', async () => {
    const daemon = await suite.daemon();
    daemon.on(qemu.DOMAIN_AGENT_COMMAND, () => ({ result: 'x' }));
    daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
    const script = fileURLToPath(new URL('../support/open-and-close.ts', import.meta.url));
    const child = spawn(process.execPath, [script, daemon.uri, UUID], { stdio: 'inherit' });
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const [code, signal] = await once(child, 'exit');
    clearTimeout(timer);
    expect({ code, signal }).toEqual({ code: 0, signal: null });
  });
});

describe('keepalive', () => {
  it('answers pings while calls wait', async () => {
    const daemon = await suite.daemon();
    daemon.on(domain.DOMAIN_DEFINE_XML_FLAGS, forever);
    const connection = await suite.connect(daemon);
    for (let index = 0; index < 10; index++) {
      connection.domainDefineXML('<domain/>').catch(() => undefined);
    }
    daemon.clients[0]!.ping();
    await until('the pong', () => daemon.pongs === 1);
  });

  it('finds a daemon that hangs', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.CONNECT_GET_HOSTNAME, forever);
    const connection = await suite.connect(daemon, { keepalive: { intervalMs: 20, count: 2 } });
    daemon.answersPings = false;
    await expect(connection.getHostname()).rejects.toMatchObject({
      name: 'ConnectionClosedError',
      cause: { name: 'KeepaliveError', code: 'LIBVIRT_KEEPALIVE' },
    });
  });

  it('leaves a daemon alone that answers', async () => {
    const daemon = await suite.daemon();
    const slow = gate();
    daemon.on(host.CONNECT_GET_HOSTNAME, async () => {
      await slow.opened;
      return { hostname: 'there' };
    });
    const connection = await suite.connect(daemon, { keepalive: { intervalMs: 10, count: 1 } });
    const call = connection.getHostname();
    setTimeout(slow.open, 150);
    expect(await call).toBe('there');
  });
});

describe('reconnecting', () => {
  it('asks for events again and says so', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon, { reconnect: { initialDelayMs: 5 } });
    const names: string[] = [];
    await connection.onDomainEvent('lifecycle', (event) => names.push(event.domain.name));
    const seen: string[] = [];
    connection.onDisconnected(() => seen.push('disconnected'));
    connection.onReconnected(() => seen.push('reconnected'));
    await daemon.stop();
    await until('it is noticed', () => seen.length === 1);
    await expect(connection.getType()).rejects.toMatchObject({ outcomeUnknown: false });
    await daemon.restart();
    await until('it is back', () => seen.length === 2);
    expect(seen).toEqual(['disconnected', 'reconnected']);
    const payload = { callbackID: 0, dom: handle, event: 2, detail: 0 };
    daemon.emit(domainEvents.lifecycle, payload);
    await until('the event', () => names.length === 1);
    expect(registrations(daemon)).toBe(2);
  });

  it('keeps handles good', async () => {
    const daemon = await suite.daemon();
    daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
    daemon.on(domain.DOMAIN_IS_ACTIVE, () => ({ active: true }));
    const connection = await suite.connect(daemon, { reconnect: { initialDelayMs: 5 } });
    const vm = await connection.domainLookupByUUID(UUID);
    const back = new Promise<void>((resolve) => connection.onReconnected(resolve));
    daemon.dropClients();
    await back;
    expect(await vm.isActive()).toBe(true);
  });

  it('stops when it is closed meanwhile', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon, { reconnect: { initialDelayMs: 60_000 } });
    const gone = new Promise((resolve) => connection.onDisconnected(resolve));
    await daemon.stop();
    await gone;
    await connection.close();
    expect(await connection.closed).toBeNull();
  });

  function registrations(daemon: { calls: string[] }): number {
    const register = 'CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY';
    return daemon.calls.filter((name) => name === register).length;
  }
});
