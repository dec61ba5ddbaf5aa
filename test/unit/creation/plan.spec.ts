import { describe, expect, it } from 'vitest';
import { BerthError } from '../../../src-main/core/errors.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { PASSWORD, POOL, request, TestBench } from './test-bench.ts';

describe('the receipt', () => {
  it('lists what would be made in the order in which it is made', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const plan = await berth.service.plan(request('image'));
    const promised = plan.resources.map(({ kind, name }) => `${kind} ${name}`);
    expect(promised).toEqual([
      'pool berth',
      'volume one.qcow2',
      'volume one-seed.iso',
      'domain one',
    ]);
    expect(plan.undo).toHaveLength(4);
    expect(plan.undo[0]).toContain('domain one');
    expect(bench.leftovers()).toEqual([]);
    expect(bench.database.creations.size).toBe(0);

    const { creationId } = await berth.service.start(request('image'));
    await berth.until(creationId, 'running');
    const made = bench.database.journal.map(({ effect }) => `${effect.kind} ${effect.name}`);
    expect(made).toEqual(promised);
  });

  it('names a machine as the real one would be named', async () => {
    const bench = new TestBench();
    bench.host.addDomain('my-vm');
    const berth = bench.process();
    const plan = await berth.service.plan(request('blank', 'my vm'));
    expect(plan.resources.map(({ name }) => name)).toContain('my-vm-2.qcow2');
    const { machineId } = await berth.service.start(request('blank', 'my vm'));
    expect(bench.database.machines.get(machineId)?.domainName).toBe('my-vm-2');
  });

  it('shows the domain and the seed without secrets', async () => {
    const bench = new TestBench();
    bench.host.addPool(POOL);
    const berth = bench.process();
    const plan = await berth.service.plan(request('image'));
    expect(plan.domainXml).toContain('/pools/berth/one.qcow2');
    expect(plan.domainXml).toContain('passwd="********"');
    expect(plan.seed).toEqual([
      { path: 'user-data', content: expect.stringContaining('passwd: ********') },
    ]);
    const text = JSON.stringify(plan);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain('$6$');
    expect(berth.media.hashed).toBe(0);
  });

  it('says what it takes', async () => {
    const bench = new TestBench();
    bench.host.addPool(POOL);
    bench.host.addDomain('other', { power: 'running', memoryBytes: 4 * GIB });
    const berth = bench.process();
    const plan = await berth.service.plan(request('image'));
    expect(plan.disk.worst).toBeGreaterThanOrEqual(20 * GIB);
    expect(plan.disk.now).toBeLessThan(0.1 * GIB);
    expect(plan.disk.available).toBe(200 * GIB);
    expect(plan.memory).toEqual({ needed: 2 * GIB, hostTotal: 32 * GIB, leftAfter: 26 * GIB });
    expect(plan.network).toBe('Network “default”');
    expect(plan.accelerator).toBe('kvm');
    expect(plan.estimate).toEqual({ seconds: 30, basis: 'template' });
    bench.database.typical = 12;
    expect((await berth.service.plan(request('image'))).estimate).toEqual({
      seconds: 12,
      basis: 'history',
    });
  });

  it('counts several machines together', async () => {
    const bench = new TestBench();
    bench.host.addPool(POOL);
    const berth = bench.process();
    const one = await berth.service.plan(request('blank'));
    await berth.service.start(request('blank', 'one-2'));
    const plan = await berth.service.plan(request('blank'), undefined, 12);
    expect(plan.names).toHaveLength(12);
    expect(plan.names.slice(0, 3)).toEqual(['one-1', 'one-3', 'one-4']);
    expect(plan.resources.map(({ name }) => name)).toContain('one-1');
    expect(plan.disk.worst).toBe(12 * one.disk.worst);
    expect(plan.memory.needed).toBe(12 * one.memory.needed);
    expect(plan.memory.leftAfter).toBe(one.memory.leftAfter - 11 * one.memory.needed);
    // Five at once: three rounds.
    expect(plan.estimate.seconds).toBe(3 * one.estimate.seconds);
    expect(one.names).toEqual([]);
  });

  it('says that the last of many will wait for memory', async () => {
    const berth = new TestBench().process();
    const codes = async (count: number) =>
      (await berth.service.plan(request('blank'), undefined, count)).findings.map(
        ({ code }) => code,
      );
    expect(await codes(1)).not.toContain('memory_wait');
    expect(await codes(40)).toContain('memory_wait');
  });

  it('prefers an active network, whichever it is', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    bench.host.networks.splice(0, 1, { name: 'lab', active: true, bridge: null, forward: null });
    expect((await berth.service.plan(request('blank'))).network).toBe('Network “lab”');
    bench.host.networks.splice(0);
    const plan = await berth.service.plan(request('blank'));
    expect(plan.network).toBe('User-mode networking');
    expect(plan.domainXml).toContain('type="user"');
  });

  it('has neither domain nor seed where the request makes none possible', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    bench.database.media.clear();
    const noImage = await berth.service.plan(request('image'));
    expect(noImage.findings.map(({ code }) => code)).toEqual(['media_missing']);
    expect(noImage.domainXml).toBeNull();
    berth.media.seed = () => {
      throw new BerthError('seed_invalid_input', 'No such user.');
    };
    const badUser = await berth.service.plan(request('image', 'one', { user: 'a b' }));
    expect(badUser.findings.map(({ code }) => code)).toContain('user_invalid');
    expect(badUser).toMatchObject({ domainXml: null, seed: [] });
  });

  it('ends when the caller has lost interest', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    berth.hypervisor.fault = () => new Promise<void>(() => undefined);
    const caller = new AbortController();
    const plan = berth.service.plan(request('blank'), caller.signal);
    caller.abort(new Error('the form changed'));
    await expect(plan).rejects.toThrow('the form changed');
    expect(bench.clock.sleepers).toBe(0);
  });
});
