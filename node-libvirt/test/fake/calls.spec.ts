import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { Domain, ErrorCode } from '../../src/index.ts';
import { domain, FakeError, host, network, qemu } from '../../src/testing/index.ts';
import { fakeSuite, gate, handle, UUID } from '../support/fake.ts';
import { until } from '../support/until.ts';

const suite = fakeSuite();

describe('calls', () => {
  it('give the result that the daemon sends', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.CONNECT_GET_LIB_VERSION, () => ({ version: 9_000_000 }));
    const connection = await suite.connect(daemon);
    expect(await connection.getLibVersion()).toBe(9_000_000);
  });

  it('open in order: authentication, the URI without its socket, keepalive', async () => {
    const daemon = await suite.daemon();
    const opened: unknown[] = [];
    daemon.on(host.CONNECT_OPEN, (args) => void opened.push(args));
    await suite.connect(daemon, { readonly: true });
    expect(daemon.calls).toEqual(['AUTH_LIST', 'CONNECT_OPEN', 'CONNECT_SUPPORTS_FEATURE']);
    expect(opened).toEqual([{ name: 'qemu:///system', flags: 1 }]);
  });

  it('fail with everything that the daemon says about an error', async () => {
    const daemon = await suite.daemon();
    const fields = { domain: 10, str1: 'one', int1: 2 };
    daemon.on(domain.DOMAIN_LOOKUP_BY_NAME, () => {
      throw new FakeError(ErrorCode.NO_DOMAIN, "no domain with matching name 'x'", fields);
    });
    const connection = await suite.connect(daemon);
    await expect(connection.domainLookupByName('x')).rejects.toMatchObject({
      name: 'LibvirtError',
      code: 42,
      level: 2,
      domain: 10,
      message: "no domain with matching name 'x'",
      str1: 'one',
      int1: 2,
      procedure: 'DOMAIN_LOOKUP_BY_NAME',
      isNoDomain: true,
      isNotFound: true,
    });
  });

  it('tell a daemon that is too old', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    await expect(connection.getHostname()).rejects.toMatchObject({
      isUnknownProcedure: true,
      isNotSupported: true,
    });
  });

  it('go to the older procedure where the daemon does not know flags', async () => {
    const daemon = await suite.daemon();
    daemon.on(network.NETWORK_DEFINE_XML, () => ({ net: { name: 'n', uuid: UUID } }));
    const connection = await suite.connect(daemon);
    expect((await connection.networkDefineXML('<network/>', 1)).name).toBe('n');
  });

  it('may be answered in any order', async () => {
    const daemon = await suite.daemon();
    const first = gate();
    daemon.on(domain.DOMAIN_LOOKUP_BY_NAME, async ({ name }) => {
      if (name === 'first') await first.opened;
      return { dom: { ...handle, name } };
    });
    const connection = await suite.connect(daemon);
    const order: string[] = [];
    const look = (name: string) =>
      connection.domainLookupByName(name).then((found) => order.push(found.name));
    const both = [look('first'), look('second')];
    await both[1];
    first.open();
    await Promise.all(both);
    expect(order).toEqual(['second', 'first']);
  });

  it('with wrong arguments fail before anything is sent', async () => {
    const daemon = await suite.daemon();
    const connection = await suite.connect(daemon);
    const before = daemon.calls.length;
    await expect(connection.domainLookupByUUID('no uuid')).rejects.toMatchObject({
      name: 'XdrError',
      path: 'uuid',
    });
    expect(daemon.calls).toHaveLength(before);
    expect(connection.isAlive).toBe(true);
  });

  it('whose answer cannot be read fail alone', async () => {
    const daemon = await suite.daemon();
    const dom = { ...handle };
    daemon.on(domain.DOMAIN_LOOKUP_BY_ID, () => ({ dom }));
    daemon.on(host.CONNECT_GET_HOSTNAME, (_args, { client, serial }) => {
      const packet = Buffer.alloc(32);
      const words = [32, 0x2000_8086, 1, 59, 1, serial, 0, 0xffff_ffff];
      for (const [index, word] of words.entries()) packet.writeUInt32BE(word, index * 4);
      client.send(packet);
      return new Promise<never>(() => undefined);
    });
    const connection = await suite.connect(daemon);
    await expect(connection.getHostname()).rejects.toMatchObject({
      name: 'ProtocolError',
      reason: 'bad-payload',
    });
    expect((await connection.domainLookupByID(1)).name).toBe('vm');
  });

  it('go over any Duplex that is handed in', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.CONNECT_GET_TYPE, () => ({ type: 'QEMU' }));
    const connection = await suite.connect(daemon, {
      dial: async () => net.connect({ path: daemon.socketPath }),
    });
    expect(await connection.getType()).toBe('QEMU');
  });
});

describe('time', () => {
  it('runs out: the caller is told, and what came of it is unknown', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.CONNECT_GET_HOSTNAME, () => new Promise<never>(() => undefined));
    const connection = await suite.connect(daemon);
    await expect(connection.getHostname({ timeoutMs: 20 })).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'LIBVIRT_TIMEOUT',
      timeoutMs: 20,
      outcomeUnknown: true,
    });
  });

  it('is cut short by a signal, with its reason', async () => {
    const daemon = await suite.daemon();
    daemon.on(host.CONNECT_GET_HOSTNAME, () => new Promise<never>(() => undefined));
    const connection = await suite.connect(daemon);
    const controller = new AbortController();
    const call = connection.getHostname({ signal: controller.signal });
    const reason = new Error('not wanted any more');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(connection.getHostname({ signal: controller.signal })).rejects.toBe(reason);
  });

  it('a late answer does not disturb anybody', async () => {
    const daemon = await suite.daemon();
    const late = gate();
    daemon.on(host.CONNECT_GET_HOSTNAME, async () => {
      await late.opened;
      return { hostname: 'late' };
    });
    daemon.on(host.CONNECT_GET_TYPE, () => ({ type: 'QEMU' }));
    const connection = await suite.connect(daemon);
    await expect(connection.getHostname({ timeoutMs: 5 })).rejects.toThrow(/longer than 5 ms/);
    late.open();
    expect(await connection.getType()).toBe('QEMU');
    expect(connection.isAlive).toBe(true);
  });
});

describe('heavy calls', () => {
  async function blocked() {
    const daemon = await suite.daemon();
    const release = gate();
    let running = 0;
    let most = 0;
    daemon.on(domain.DOMAIN_CREATE_WITH_FLAGS, async () => {
      most = Math.max(most, ++running);
      await release.opened;
      running--;
      return { dom: { ...handle, id: 7 } };
    });
    daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, ({ uuid }) => ({ dom: { ...handle, uuid } }));
    daemon.on(host.CONNECT_GET_TYPE, () => ({ type: 'QEMU' }));
    const connection = await suite.connect(daemon);
    const machines = await Promise.all(
      Array.from({ length: 10 }, (_, digit) =>
        connection.domainLookupByUUID(UUID.replaceAll('1', String(digit))),
      ),
    );
    const [vm] = machines;
    if (vm === undefined) throw new Error('there is no machine');
    return { daemon, connection, vm, machines, release, running: () => running, most: () => most };
  }

  it('run four at a time, and quick ones pass them', async () => {
    const { connection, vm, machines, release, running, most } = await blocked();
    const starts = machines.map((machine) => machine.createWithFlags());
    await until('four run', () => running() === 4);
    expect(await connection.getType()).toBe('QEMU');
    release.open();
    await Promise.all(starts);
    expect(most()).toBe(4);
    expect(vm.id).toBe(7);
  });

  it('keep their slot after a timeout, until the daemon answers', async () => {
    const { daemon, vm, machines, release, running } = await blocked();
    const abandoned = machines
      .slice(0, 4)
      .map((machine) => machine.createWithFlags(0, { timeoutMs: 20 }));
    const results = await Promise.allSettled(abandoned);
    expect(results.every((result) => result.status === 'rejected')).toBe(true);
    const next = vm.createWithFlags();
    await daemonSettles(daemon);
    expect(running()).toBe(4);
    expect(starts(daemon)).toBe(4);
    release.open();
    await next;
    expect(starts(daemon)).toBe(5);
  });

  it('that wait are dropped without a trace when their caller gives up', async () => {
    const { daemon, vm, machines, release, running } = await blocked();
    const first = machines.slice(1, 5).map((machine) => machine.createWithFlags());
    await until('four run', () => running() === 4);
    const waiting = vm.createWithFlags(0, { timeoutMs: 10 });
    await expect(waiting).rejects.toMatchObject({ outcomeUnknown: false });
    release.open();
    await Promise.all(first);
    await daemonSettles(daemon);
    expect(starts(daemon)).toBe(4);
  });

  function starts(daemon: { calls: string[] }): number {
    return daemon.calls.filter((name) => name === 'DOMAIN_CREATE_WITH_FLAGS').length;
  }

  /** A round trip on the same connection: everything sent before it has arrived. */
  async function daemonSettles(daemon: Awaited<ReturnType<typeof suite.daemon>>): Promise<void> {
    const [client] = daemon.clients;
    client?.ping();
    const { pongs } = daemon;
    await until('a pong', () => daemon.pongs > pongs);
  }
});

describe('slow calls', () => {
  it('have a connection of their own, opened by the first of them', async () => {
    const daemon = await suite.daemon();
    const release = gate();
    daemon.on(qemu.DOMAIN_AGENT_COMMAND, async ({ cmd, timeout }) => {
      await release.opened;
      return { result: `${cmd} ${timeout}` };
    });
    daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
    const connection = await suite.connect(daemon);
    const vm = await connection.domainLookupByUUID(UUID);
    expect(daemon.connectionCount).toBe(1);
    const agents = Array.from({ length: 8 }, (_, index) => vm.qemuAgentCommand(`c${index}`, 5));
    await until('the second connection', () => daemon.connectionCount === 2);
    expect((await connection.domainLookupByUUID(UUID)).name).toBe('vm');
    release.open();
    expect(await Promise.all(agents)).toEqual(
      Array.from({ length: 8 }, (_, index) => `c${index} 5`),
    );
    expect(daemon.connectionCount).toBe(2);
  });

  it('open a new connection when theirs was lost', async () => {
    const daemon = await suite.daemon();
    let hangUp = true;
    daemon.on(qemu.DOMAIN_AGENT_COMMAND, (_args, { client }) => {
      if (hangUp) client.drop();
      return { result: 'pong' };
    });
    daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
    const connection = await suite.connect(daemon);
    const vm = await connection.domainLookupByUUID(UUID);
    await expect(vm.qemuAgentCommand('{}')).rejects.toMatchObject({
      name: 'ConnectionClosedError',
      outcomeUnknown: true,
    });
    hangUp = false;
    expect(await vm.qemuAgentCommand('{}')).toBe('pong');
    expect(connection.isAlive).toBe(true);
  });
});

describe('handles', () => {
  it('are of this package’s classes and follow a new name', async () => {
    const daemon = await suite.daemon();
    daemon.on(domain.CONNECT_LIST_ALL_DOMAINS, ({ flags }) => ({
      domains: [{ ...handle, id: flags }],
      ret: 1,
    }));
    daemon.on(domain.DOMAIN_RENAME, () => ({ retcode: 0 }));
    const connection = await suite.connect(daemon);
    const [vm] = await connection.listAllDomains(2);
    expect(vm).toBeInstanceOf(Domain);
    expect(vm).toMatchObject({ name: 'vm', uuid: UUID, id: 2 });
    await vm!.rename('other');
    expect(vm!.name).toBe('other');
  });
});
