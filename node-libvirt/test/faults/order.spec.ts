import { describe, expect, it } from 'vitest';
import type { Connection, Domain } from '../../src/index.ts';
import { domain, domainConfig, host, qemu } from '../../src/testing/index.ts';
import { fakeSuite, gate, handle, UUID } from '../support/fake.ts';
import { until } from '../support/until.ts';

const suite = fakeSuite();
const OTHER = UUID.replaceAll('1', '9');

/** A daemon that remembers in which order metadata calls began and lets them end when told to. */
async function machines() {
  const daemon = await suite.daemon();
  const begun: string[] = [];
  const gates = new Map<string, ReturnType<typeof gate>>();
  const gateOf = (name: string) => {
    const known = gates.get(name) ?? gate();
    gates.set(name, known);
    return known;
  };
  daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, ({ uuid }) => ({ dom: { ...handle, uuid } }));
  daemon.on(domainConfig.DOMAIN_SET_METADATA, async ({ metadata }) => {
    begun.push(`${metadata}`);
    await gateOf(`${metadata}`).opened;
  });
  daemon.on(domain.DOMAIN_DESTROY_FLAGS, () => void begun.push('destroy'));
  daemon.on(host.CONNECT_GET_TYPE, () => ({ type: 'QEMU' }));
  const connection = await suite.connect(daemon);
  const one = await connection.domainLookupByUUID(UUID);
  const other = await connection.domainLookupByUUID(OTHER);
  return { daemon, connection, one, other, begun, let: (name: string) => gateOf(name).open() };
}

const note = (vm: Domain, text: string, options = {}) =>
  vm.setMetadata(0, text, null, null, 0, options);
/** Everything that was sent before has arrived. */
const arrived = (connection: Connection) => connection.getType();

describe('changes of one object', () => {
  it('are made in the order called, one after the other', async () => {
    const { connection, one, begun, let: allow } = await machines();
    const calls = ['a', 'b', 'c'].map((text) => note(one, text));
    await arrived(connection);
    expect(begun).toEqual(['a']);
    allow('a');
    await calls[0];
    allow('c');
    allow('b');
    await Promise.all(calls);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('do not wait for those of another', async () => {
    const { one, other, begun, let: allow } = await machines();
    const calls = [note(one, 'a'), note(one, 'b'), note(other, 'x')];
    allow('x');
    await calls[2];
    expect(begun).toEqual(['a', 'x']);
    allow('a');
    allow('b');
    await Promise.all(calls);
  });

  it('do not keep a kill waiting', async () => {
    const { one, begun, let: allow } = await machines();
    const calls = [note(one, 'a'), note(one, 'b')];
    await one.destroyFlags();
    expect(begun).toEqual(['a', 'destroy']);
    allow('a');
    allow('b');
    await Promise.all(calls);
  });

  it('go on after one that nobody waits for any more', async () => {
    const { connection, one, begun, let: allow } = await machines();
    const first = note(one, 'a', { timeoutMs: 20 });
    const second = note(one, 'b');
    allow('b');
    await expect(first).rejects.toMatchObject({ name: 'TimeoutError', outcomeUnknown: true });
    await second;
    allow('a');
    await arrived(connection);
    allow('c');
    await note(one, 'c');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('leave out one that was given up while it waited', async () => {
    const { one, begun, let: allow } = await machines();
    const first = note(one, 'a');
    const given = note(one, 'b', { timeoutMs: 20 });
    const third = note(one, 'c');
    await expect(given).rejects.toMatchObject({ outcomeUnknown: false });
    allow('a');
    allow('c');
    await Promise.all([first, third]);
    expect(begun).toEqual(['a', 'c']);
  });

  it('go on when one was given up that waited for a free slot', async () => {
    const { connection, begun, let: allow } = await machines();
    const all = await Promise.all(
      Array.from({ length: 5 }, (_, digit) =>
        connection.domainLookupByUUID(UUID.replaceAll('1', String(digit))),
      ),
    );
    const running = all.slice(0, 4).map((vm, index) => note(vm, `r${index}`));
    const given = note(all[4]!, 'given', { timeoutMs: 20 });
    const after = note(all[4]!, 'after');
    await expect(given).rejects.toMatchObject({ outcomeUnknown: false });
    for (const name of ['r0', 'r1', 'r2', 'r3', 'after']) allow(name);
    await Promise.all([...running, after]);
    expect(begun).toEqual(['r0', 'r1', 'r2', 'r3', 'after']);
  });
});

it('slow calls run four at a time on their connection, and lookups pass them', async () => {
  const daemon = await suite.daemon();
  const release = gate();
  let running = 0;
  let most = 0;
  daemon.on(qemu.DOMAIN_AGENT_COMMAND, async () => {
    most = Math.max(most, ++running);
    await release.opened;
    running--;
    return { result: '{}' };
  });
  daemon.on(domain.DOMAIN_LOOKUP_BY_UUID, () => ({ dom: handle }));
  const connection = await suite.connect(daemon);
  const vm = await connection.domainLookupByUUID(UUID);
  const commands = Array.from({ length: 20 }, () => vm.qemuAgentCommand('{}'));
  await until('four run', () => running === 4);
  expect((await connection.domainLookupByUUID(UUID)).name).toBe('vm');
  release.open();
  await Promise.all(commands);
  expect(most).toBe(4);
  expect(daemon.connectionCount).toBe(2);
});
