import { describe, expect, it } from 'vitest';
import { LifecycleBench } from './lifecycle-bench.ts';

async function connected(prepare: (bench: LifecycleBench) => void = () => undefined) {
  const bench = new LifecycleBench();
  prepare(bench);
  await bench.link.connect();
  await bench.clock.settle();
  bench.events.length = 0;
  return bench;
}

function power(name: string, state: 'off' | 'running' | 'paused' | 'gone', uuid = `0000-${name}`) {
  return { kind: 'domain-state', uuid, name, power: state, reason: 'test' } as const;
}

describe('the library', () => {
  it('merges records with domains and lists those of other tools', async () => {
    const bench = await connected((b) => {
      b.addMachine('mine', { power: 'running' });
      b.host.addDomain('theirs', { uuid: 'uuid-theirs', title: 'Their machine' });
    });
    const rows = bench.library.list();
    expect(rows.map(({ id, name, origin, power }) => ({ id, name, origin, power }))).toEqual([
      { id: 'id-mine', name: 'mine', origin: 'berth', power: 'running' },
      { id: 'uuid-theirs', name: 'Their machine', origin: 'external', power: 'off' },
    ]);
  });

  it('tells the whole list with one revision when it has listed', async () => {
    const bench = new LifecycleBench();
    bench.addMachine('a');
    await bench.link.connect();
    const reset = bench.events.find((event) => event.type === 'machines.reset');
    expect(reset?.machines.map((row) => row.revision)).toEqual([reset?.revision]);
  });

  it('turns a power event into a row without asking libvirt', async () => {
    const bench = await connected((b) => b.addMachine('a', { power: 'running' }));
    const calls = bench.hypervisor.calls.length;
    bench.host.emit(power('a', 'paused'));
    expect(bench.hypervisor.calls.length).toBe(calls);
    expect(bench.events).toMatchObject([
      { type: 'vms.status_changed', machineId: 'id-a', machine: { power: 'paused' } },
    ]);
    const [event] = bench.events;
    expect(event?.type === 'vms.status_changed' && event.machine.revision).toBe(event?.revision);
  });

  it('says nothing when nothing changed', async () => {
    const bench = await connected((b) => b.addMachine('a', { power: 'running' }));
    bench.host.emit(power('a', 'running'));
    expect(bench.events).toEqual([]);
  });

  it('reads a new domain, and drops it when it is gone', async () => {
    const bench = await connected();
    bench.host.addDomain('new', { uuid: 'uuid-new' });
    bench.host.emit({ kind: 'domain-defined', uuid: 'uuid-new', name: 'new' });
    await bench.clock.settle();
    expect(bench.library.get('uuid-new').name).toBe('new');
    bench.host.domains.delete('uuid-new');
    bench.host.emit(power('new', 'gone', 'uuid-new'));
    expect(bench.types()).toEqual(['vms.status_changed', 'vms.removed']);
    expect(() => bench.library.get('uuid-new')).toThrow('does not exist');
  });

  it('does not let facts that were asked for earlier override a later power event', async () => {
    const bench = await connected((b) => b.addMachine('a', { power: 'running' }));
    const answer = Promise.withResolvers<void>();
    bench.hypervisor.fault = async ({ method, phase }) => {
      if (method === 'findDomain' && phase === 'after') await answer.promise;
    };
    bench.host.emit({ kind: 'domain-defined', uuid: '0000-a', name: 'a' });
    await bench.clock.settle();
    bench.host.emit(power('a', 'off'));
    answer.resolve();
    await bench.clock.settle();
    expect(bench.library.get('id-a').power).toBe('off');
  });

  it('keeps events that arrive while it lists', async () => {
    const bench = new LifecycleBench();
    const domain = bench.addMachine('a', { power: 'running' });
    bench.hypervisor.fault = ({ method, phase }) => {
      if (method === 'listDomains' && phase === 'after') bench.host.setPower(domain, 'off');
    };
    await bench.library.refresh();
    expect(bench.library.get('id-a').power).toBe('off');
  });

  it('shows a machine in creation only once its domain is defined', async () => {
    const bench = await connected((b) => {
      b.addRecord('a', '0000-a');
      b.addCreation('a', 'running');
    });
    expect(bench.library.list()).toEqual([]);
    bench.host.addDomain('a');
    bench.host.emit({ kind: 'domain-defined', uuid: '0000-a', name: 'a' });
    await bench.clock.settle();
    expect(bench.library.list()).toMatchObject([{ id: 'id-a', origin: 'berth' }]);
  });

  it('keeps a machine whose domain another tool removed, and says so', async () => {
    const bench = await connected((b) => b.addRecord('a', '0000-a'));
    expect(bench.library.get('id-a').notes.map((note) => note.code)).toEqual(['domain_missing']);
  });

  it('follows its records: changed, adopted, removed', async () => {
    const bench = await connected((b) => b.host.addDomain('a'));
    bench.addRecord('a', '0000-a');
    bench.library.machineChanged('id-a');
    bench.store.machines.update('id-a', { provisioning: 'ready' });
    bench.library.machineChanged('id-a');
    expect(bench.events).toMatchObject([
      { type: 'vms.removed', machineId: '0000-a' },
      { type: 'vms.status_changed', machineId: 'id-a', stage: null },
      { type: 'vms.status_changed', machineId: 'id-a', stage: 'ready' },
    ]);
    bench.store.machines.remove('id-a');
    bench.host.domains.delete('0000-a');
    bench.library.machineChanged('id-a');
    expect(bench.library.list()).toMatchObject([{ id: '0000-a', origin: 'external' }]);
  });

  it('lists again after the connection was lost', async () => {
    const bench = await connected((b) => b.addMachine('a', { power: 'running' }));
    bench.host.lose();
    const domain = bench.host.domains.get('0000-a');
    if (domain) domain.power = 'off';
    bench.host.restore();
    await bench.clock.settle();
    expect(bench.types()).toEqual(['host.changed', 'machines.reset', 'host.changed']);
    expect(bench.link.host.connection).toBe('connected');
    expect(bench.library.get('id-a').power).toBe('off');
  });

  it('tries the list again when it fails after a reconnect', async () => {
    const bench = await connected((b) => b.addMachine('a'));
    let failures = 2;
    bench.hypervisor.fault = ({ method }) => {
      if (method === 'listDomains' && failures-- > 0) throw new Error('not yet');
    };
    bench.host.lose();
    bench.host.restore();
    await bench.clock.advance(10_000);
    expect(bench.link.host.connection).toBe('connected');
    expect(bench.types().at(-1)).toBe('host.changed');
    expect(bench.clock.sleepers).toBe(0);
  });

  it('survives a database that cannot be read when an event arrives', async () => {
    const bench = await connected((b) => b.addMachine('a'));
    bench.store.machines.getByDomainUuid = () => {
      throw new Error('locked');
    };
    bench.host.emit(power('a', 'running'));
    expect(bench.log.lines.join()).toContain('locked');
  });

  it('builds a thousand rows quickly', async () => {
    const bench = new LifecycleBench();
    for (let i = 0; i < 1000; i++) bench.host.addDomain(`m${i}`, { uuid: `uuid-${i}` });
    const domains = await bench.hypervisor.listDomains();
    bench.hypervisor.listDomains = async () => domains;
    const before = process.cpuUsage();
    await bench.library.refresh();
    expect(bench.library.list()).toHaveLength(1000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(500);
  });
});

describe('the link', () => {
  it('tries again until libvirt is there', async () => {
    const bench = new LifecycleBench();
    bench.host.down = true;
    const connecting = bench.link.connectPatiently();
    await bench.clock.settle();
    expect(bench.link.host).toMatchObject({
      connection: 'failed',
      error: { code: 'libvirt_unreachable' },
    });
    await expect(bench.link.facts()).rejects.toMatchObject({ code: 'libvirt_unreachable' });
    bench.host.down = false;
    await bench.clock.run(connecting);
    expect(bench.link.host.connection).toBe('connected');
    expect((await bench.link.facts()).hostname).toBe('host');
  });

  it('ends its tries when it is closed', async () => {
    const bench = new LifecycleBench();
    bench.host.down = true;
    const connecting = bench.link.connectPatiently();
    await bench.clock.settle();
    bench.link.close();
    await connecting;
    expect(bench.clock.sleepers).toBe(0);
  });
});

describe('addresses', () => {
  it('are asked for a bounded number of times after a start', async () => {
    const bench = await connected((b) => b.addMachine('a'));
    bench.host.setPower(bench.host.domains.get('0000-a')!, 'running');
    await bench.clock.advance(600_000);
    const asked = bench.hypervisor.calls.filter((call) => call.startsWith('domainAddresses'));
    expect(asked).toHaveLength(5);
    bench.close();
  });

  it('are asked for once when the machine was running before', async () => {
    const bench = await connected((b) => b.addMachine('a', { power: 'running' }));
    await bench.clock.advance(600_000);
    const asked = bench.hypervisor.calls.filter((call) => call.startsWith('domainAddresses'));
    expect(asked).toHaveLength(1);
  });

  it('end the tries when there is one, and go when the machine stops', async () => {
    const bench = await connected((b) => b.addMachine('a'));
    bench.hypervisor.domainAddresses = async () => ['192.0.2.7'];
    const domain = bench.host.domains.get('0000-a')!;
    bench.host.setPower(domain, 'running');
    await bench.clock.advance(4_000);
    expect(bench.library.get('id-a').addresses).toEqual(['192.0.2.7']);
    expect(bench.clock.sleepers).toBe(0);
    bench.host.setPower(domain, 'off');
    expect(bench.library.get('id-a').addresses).toEqual([]);
  });

  it('are asked for at once when the guest says that it is ready', async () => {
    const bench = await connected((b) => b.addMachine('a'));
    bench.host.setPower(bench.host.domains.get('0000-a')!, 'running');
    await bench.clock.settle();
    bench.hypervisor.domainAddresses = async () => ['192.0.2.8'];
    bench.store.machines.update('id-a', { provisioning: 'ready' });
    bench.library.machineChanged('id-a');
    await bench.clock.settle();
    expect(bench.library.get('id-a').addresses).toEqual(['192.0.2.8']);
    bench.close();
  });
});
