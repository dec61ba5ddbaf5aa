import { describe, expect, it } from 'vitest';
import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import { fakeTopology } from '../../fakes/fake-topology.ts';
import { request, TestBench, type TestProcess } from '../creation/test-bench.ts';

/** Two nodes of four cores with two threads: 16 CPUs, CPU 0 and 8 are the host's core. */
function bench(hugepages?: number): TestBench {
  const made = new TestBench();
  made.host.topology = fakeTopology({
    nodes: 2,
    cores: 4,
    threads: 2,
    ...(hugepages && { hugepages }),
  });
  return made;
}

const wish = (name: string, overrides: CreateRequest['overrides']) =>
  request('blank', name, { overrides: { vcpus: 4, ...overrides } });

const codes = (findings: { code: string; severity: string }[]) =>
  findings.map(({ code, severity }) => `${severity} ${code}`);

const pinsOf = (world: TestBench, name: string): number[] => {
  const domain = [...world.host.domains.values()].find((one) => one.name === name);
  return [...(domain?.xml ?? '').matchAll(/<vcpupin vcpu="\d+" cpuset="(\d+)"/g)].map(([, cpu]) =>
    Number(cpu),
  );
};

async function make(berth: TestProcess, name: string, overrides: CreateRequest['overrides']) {
  const { creationId } = await berth.service.start(wish(name, overrides));
  return berth.until(creationId, 'running');
}

describe('a machine with CPUs of its own', () => {
  it('claims whole cores, runs on them and says so', async () => {
    const world = bench();
    const berth = world.process();
    const creation = await make(berth, 'one', { cpuPolicy: 'dedicated' });
    expect(creation.error).toBeNull();
    expect(berth.store.cpuClaims.list().map(({ hostCpu }) => hostCpu)).toEqual([1, 2, 9, 10]);
    expect(pinsOf(world, 'one')).toEqual([1, 9, 2, 10]);
    const machine = berth.store.machines.get(creation.machineId);
    expect(codes(machine?.notes ?? [])).toContain('info cpu_policy');
    berth.store.machines.remove(creation.machineId);
    expect(berth.store.cpuClaims.list()).toEqual([]);
  });

  it('never shares a CPU with another, of this or another process', async () => {
    const world = bench();
    const first = world.process();
    const second = world.process();
    const names = ['one', 'two', 'three'];
    await Promise.all(
      names.map((name, index) =>
        make(index % 2 === 0 ? first : second, name, { cpuPolicy: 'dedicated' }),
      ),
    );
    const all = names.flatMap((name) => pinsOf(world, name));
    expect(all).toHaveLength(12);
    expect(new Set(all).size).toBe(12);
  });

  it('goes on without them when the host has no more, and says so', async () => {
    const world = bench();
    const berth = world.process();
    for (const name of ['one', 'two', 'three']) {
      await make(berth, name, { cpuPolicy: 'dedicated' });
    }
    const plan = await berth.service.plan(wish('four', { cpuPolicy: 'dedicated' }));
    expect(codes(plan.findings)).toContain('warning cpu_policy');
    const creation = await make(berth, 'four', { cpuPolicy: 'dedicated' });
    expect(creation.error).toBeNull();
    expect(pinsOf(world, 'four')).toEqual([]);
  });

  it('avoids CPUs that domains of other tools are bound to', async () => {
    const world = bench();
    world.host.addDomain('foreign', { pinnedCpus: [1] });
    const berth = world.process();
    await make(berth, 'one', { cpuPolicy: 'dedicated' });
    expect(pinsOf(world, 'one')).toEqual([2, 10, 3, 11]);
  });

  it('gives them back when it fails', async () => {
    const world = bench();
    const berth = world.process();
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method === 'defineDomain' && phase === 'before') throw new BerthError('x', 'no');
    };
    const { creationId } = await berth.service.start(wish('one', { cpuPolicy: 'dedicated' }));
    expect((await berth.until(creationId, 'ready')).state).toBe('failed');
    expect(berth.store.cpuClaims.list()).toEqual([]);
  });

  it('is made without them when the topology cannot be read', async () => {
    const world = bench();
    const berth = world.process();
    berth.hypervisor.fault = ({ method }) => {
      if (method === 'topology') throw new BerthError('xml_invalid', 'garbled');
    };
    const plan = await berth.service.plan(wish('one', { cpuPolicy: 'dedicated' }));
    expect(codes(plan.findings)).toContain('warning cpu_policy');
    expect(plan.domainXml).not.toContain('<cputune>');
  });
});

describe('huge pages', () => {
  it('are used where they are free', async () => {
    const berth = bench(4096).process();
    const plan = await berth.service.plan(wish('one', { hugepages: 'required' }));
    expect(codes(plan.findings)).toEqual(['info hugepages']);
    expect(plan.domainXml).toContain('<page size="2048" unit="KiB"/>');
    expect(plan.domainXml).toContain('<locked/>');
  });

  it('are done without when preferred, and refused when required', async () => {
    const berth = bench(10).process();
    const preferred = await berth.service.plan(wish('one', { hugepages: 'preferred' }));
    expect(codes(preferred.findings)).toEqual(['warning hugepages_unavailable']);
    expect(preferred.domainXml).not.toContain('<memoryBacking>');
    const required = await berth.service.plan(wish('one', { hugepages: 'required' }));
    expect(codes(required.findings)).toEqual(['error hugepages_unavailable']);
    expect(required.findings[0]?.fix).toMatchObject({ field: 'overrides.hugepages' });
    await expect(berth.service.start(wish('one', { hugepages: 'required' }))).rejects.toMatchObject(
      { code: 'hugepages_unavailable' },
    );
  });

  it('are not locked where the limit is too low to start', async () => {
    const world = bench(4096);
    world.host.topology = fakeTopology({ cores: 4, threads: 2, hugepages: 4096, memlockBytes: 1 });
    const plan = await world.process().service.plan(wish('one', { hugepages: 'preferred' }));
    expect(plan.domainXml).toContain('<hugepages>');
    expect(plan.domainXml).not.toContain('<locked/>');
  });
});

describe('more disks', () => {
  it('are made, attached and undone like the first', async () => {
    const world = bench();
    const berth = world.process();
    const extraDisks = [{ capacityBytes: 1024 ** 3 }, { capacityBytes: 2 * 1024 ** 3 }];
    const creation = await make(berth, 'one', { extraDisks });
    expect(creation.error).toBeNull();
    const [domain] = world.host.domains.values();
    expect(domain?.xml).toMatch(/one-disk2\.qcow2"\/>\s*<target dev="vdb"/);
    expect(domain?.xml).toMatch(/one-disk3\.qcow2"\/>\s*<target dev="vdc"/);
    const names = berth.store.machines.volumes(creation.machineId).map(({ name }) => name);
    expect(names).toEqual(['one.qcow2', 'one-disk2.qcow2', 'one-disk3.qcow2']);
  });
});

describe('nothing is asked of the host for a machine that wants neither', () => {
  it('reads no topology', async () => {
    const berth = bench().process();
    await berth.service.plan(request('blank', 'one'));
    expect(berth.hypervisor.calls.filter((call) => call.startsWith('topology'))).toEqual([]);
  });
});
