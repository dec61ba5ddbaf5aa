import { describe, expect, it } from 'vitest';
import { GIB } from '../../fakes/fake-host.ts';
import { IMAGE, PASSWORD, POOL, request, TestBench } from './test-bench.ts';

describe('a machine from an image', () => {
  it('gets an overlay, a seed and a domain, runs, becomes ready and loses its seed', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { creationId, machineId } = await berth.service.start(request('image'));
    expect(bench.leftovers()).toEqual([]);
    const running = await berth.until(creationId, 'running');
    expect(running.state).toBe('provisioning');
    expect(bench.leftovers()).toEqual([
      'domain one running',
      'pool berth',
      'volume berth/one-seed.iso',
      'volume berth/one.qcow2',
    ]);
    const disk = bench.host.pools.get(POOL)?.volumes.get('one.qcow2');
    expect(disk?.backing).toBe(`/pools/images/${IMAGE.volume}`);
    expect(disk?.facts.capacityBytes).toBe(20 * GIB);
    expect(bench.database.machines.get(machineId)?.provisioning).toBe('first-boot');
    expect(bench.database.reservations.size).toBe(0);

    bench.host.guest(bench.domainUuid()).ready();
    const ready = await berth.until(creationId, 'ready');
    expect(ready.state).toBe('completed');
    expect(ready.hasSecret).toBe(false);
    expect(bench.database.machines.get(machineId)?.provisioning).toBe('ready');
    expect(bench.host.domains.get(bench.domainUuid())?.media.size).toBe(0);
    expect(bench.leftovers()).toEqual([
      'domain one running',
      'pool berth',
      'volume berth/one.qcow2',
    ]);
    expect(berth.store.machines.volumes(machineId).map(({ name }) => name)).toEqual(['one.qcow2']);
  });

  it('opens the progress port before the guest runs', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('image'));
    await berth.until(creationId, 'running');
    const methods = berth.hypervisor.calls.map((call) => call.split(' ')[0]);
    const order = ['defineDomain', 'startDomain', 'openChannel', 'resumeDomain'];
    expect(methods.filter((method) => order.includes(method ?? ''))).toEqual(order);
  });

  it('tells its story in events, stages and times, and no secret with it', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('image'));
    await berth.until(creationId, 'running');
    bench.host
      .guest(bench.domainUuid())
      .line({ phase: 'boot', pct: 40, message: 'half way', t: 1 });
    await bench.clock.advance(500);
    bench.host.guest(bench.domainUuid()).ready();
    const ready = await berth.until(creationId, 'ready');
    expect(berth.events.types(creationId)).toEqual([
      'vms.create_queued',
      'vms.create_started',
      'vms.create_progress',
      'vms.create_completed',
      'vms.create_progress',
    ]);
    const states = Object.fromEntries(ready.stages.map(({ stage, state }) => [stage, state]));
    expect(states).toMatchObject({
      validate: 'done',
      storage: 'done',
      ready: 'done',
      install: 'skipped',
    });
    for (const { state, startedAt, endedAt } of ready.stages) {
      if (state === 'done') expect(endedAt).toBeGreaterThanOrEqual(startedAt ?? Number.NaN);
    }
    expect(berth.service.log(creationId)).toContainEqual(
      expect.objectContaining({ level: 'guest', text: 'boot: half way' }),
    );
    const revisions = berth.events.ofCreation(creationId).map(({ creation }) => creation.revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    const xml = bench.host.domains.get(bench.domainUuid())?.xml ?? '';
    const displayPassword = /passwd="([^"]+)"/.exec(xml)?.[1] ?? '';
    expect(displayPassword).toHaveLength(24);
    for (const secret of [PASSWORD, '$6$salt$hash', displayPassword]) {
      expect(berth.said()).not.toContain(secret);
    }
  });

  it('makes few round trips between the claim and the running domain', async () => {
    const bench = new TestBench();
    bench.host.addPool(POOL);
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('image'));
    const claimed = berth.hypervisor.calls.length;
    await berth.until(creationId, 'running');
    const calls = berth.hypervisor.calls.slice(claimed).map((call) => call.split(' ')[0]);
    expect(calls.filter((method) => method === 'findVolume')).toHaveLength(5);
    expect(calls.filter((method) => method !== 'findVolume')).toEqual([
      'listDomains',
      'createVolume',
      'createVolume',
      'uploadVolume',
      'defineDomain',
      'startDomain',
      'openChannel',
      'resumeDomain',
    ]);
  });
});

describe('the try-out machine', () => {
  it('boots a kernel and an initrd from volumes that hold exactly the parts', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('tryout'));
    await berth.until(creationId, 'running');
    const volumes = bench.host.pools.get(POOL)?.volumes;
    const kernel = volumes?.get('one-kernel');
    const text = Buffer.concat(kernel?.content ?? []).toString();
    expect(text).toBe('first part of /cache/kernel,second part');
    expect(kernel?.facts.capacityBytes).toBe(text.length);
    expect([...(volumes?.keys() ?? [])].sort()).toEqual(['one-initrd', 'one-kernel']);
    bench.host.guest(bench.domainUuid()).ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
  });
});

describe('an empty machine', () => {
  it('is finished when it runs', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { creationId, machineId } = await berth.service.start(request('blank'));
    const done = await berth.until(creationId, 'ready');
    expect(done.state).toBe('completed');
    expect(bench.database.machines.get(machineId)?.provisioning).toBe('none');
    expect(bench.leftovers()).toEqual([
      'domain one running',
      'pool berth',
      'volume berth/one.qcow2',
    ]);
    expect(berth.changedMachines).toContain(machineId);
  });

  it('keeps a name with spaces and quotes, and gives libvirt a plain one', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const name = 'my “vm” "x" é日';
    const { creationId, machineId } = await berth.service.start(request('blank', name));
    await berth.until(creationId, 'ready');
    expect(bench.database.machines.get(machineId)).toMatchObject({ name, domainName: 'my-vm-x-e' });
    expect(bench.leftovers()).toContain('volume berth/my-vm-x-e.qcow2');
  });
});
