import { describe, expect, it } from 'vitest';
import { BerthError } from '../../../src-main/core/errors.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { PASSWORD, request, TestBench, type TestProcess } from './test-bench.ts';

/** Holds every creation at its domain until `open` is called. */
function gate(berth: TestProcess) {
  const waiting = new Map<string, () => void>();
  berth.hypervisor.fault = ({ method, phase, subject }) => {
    if (method !== 'defineDomain' || phase !== 'before') return;
    return new Promise<void>((resolve) => waiting.set(subject, resolve));
  };
  return {
    waiting: () => [...waiting.keys()],
    open: (name: string) => {
      waiting.get(name)?.();
      waiting.delete(name);
    },
  };
}

describe('the queue', () => {
  it('runs 5 of 12 at once, in their order, and says why the others wait', async () => {
    const bench = new TestBench();
    const berth = bench.process(5);
    const { waiting, open } = gate(berth);
    const names = Array.from({ length: 12 }, (_, index) => `m${index + 1}`);
    const ids: string[] = [];
    for (const name of names) {
      const { creationId } = await berth.service.start(
        request('blank', name, { overrides: { diskBytes: 5 * GIB } }),
      );
      ids.push(creationId);
    }
    await bench.clock.settle();
    expect(waiting()).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
    const sixth = berth.service.get(ids[5] ?? '');
    expect(sixth.state).toBe('queued');
    expect(sixth.waitingFor).toContain('under way');
    expect(berth.service.get(ids[11] ?? '').waitingFor).toContain('6 more');

    await berth.service.cancel(ids[6] ?? '');
    await bench.clock.settle();
    expect(berth.service.get(ids[6] ?? '')).toMatchObject({ state: 'cancelled', waitingFor: null });

    open('m2');
    await bench.clock.settle();
    expect(waiting()).toEqual(['m1', 'm3', 'm4', 'm5', 'm6']);
    open('m1');
    await bench.clock.settle();
    expect(waiting()).toEqual(['m3', 'm4', 'm5', 'm6', 'm8']);
    expect(berth.service.get(ids[7] ?? '').waitingFor).toBeNull();
    while (waiting().length > 0) {
      for (const name of waiting()) open(name);
      await bench.clock.settle();
    }
    const states = berth.service.list().map(({ state }) => state);
    expect(states.filter((state) => state === 'completed')).toHaveLength(11);
    expect(bench.leftovers().filter((thing) => thing.startsWith('domain'))).toHaveLength(11);
  });

  it('gives the slot of a failed creation on only after its undoing', async () => {
    const bench = new TestBench();
    const berth = bench.process(1);
    const undoing = Promise.withResolvers<void>();
    berth.hypervisor.fault = ({ method, phase, subject }) => {
      if (method === 'defineDomain' && subject === 'one' && phase === 'before') {
        throw new BerthError('test_failure', 'It broke.');
      }
      return method === 'deleteVolume' && phase === 'before' ? undoing.promise : undefined;
    };
    await berth.service.start(request('blank', 'one'));
    const second = await berth.service.start(request('blank', 'two'));
    await bench.clock.settle();
    expect(berth.service.get(second.creationId).state).toBe('queued');
    undoing.resolve();
    expect((await berth.until(second.creationId, 'ready')).state).toBe('completed');
  });

  it('looks at the host again after a long wait', async () => {
    const bench = new TestBench();
    const berth = bench.process(1);
    const { open } = gate(berth);
    await berth.service.start(request('blank', 'one'));
    const { creationId } = await berth.service.start(
      request('blank', 'two', { overrides: { network: { kind: 'network', name: 'default' } } }),
    );
    await bench.clock.advance(60_000);
    const [network] = bench.host.networks;
    if (network) network.active = false;
    open('one');
    const creation = await berth.until(creationId, 'ready');
    expect(creation).toMatchObject({
      state: 'failed',
      error: { code: 'network_inactive', stage: 'validate', fix: { action: 'start-network' } },
    });
    expect(bench.leftovers()).not.toContain('volume berth/two.qcow2');
  });
});

describe('claims on names and resources', () => {
  it('lets one of two equal names through', async () => {
    const bench = new TestBench();
    const [first, second] = [bench.process(), bench.process()];
    const results = await Promise.allSettled([
      first.service.start(request('blank', 'Same')),
      second.service.start(request('blank', 'same')),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const failed = results.find((result) => result.status === 'rejected');
    expect(failed?.reason).toMatchObject({ code: 'name_taken', stage: 'reserve' });
    expect(bench.database.machines.size).toBe(1);
    expect(bench.database.creations.size).toBe(1);
  });

  it('gives two names that become one domain name a domain each', async () => {
    const bench = new TestBench();
    const [first, second] = [bench.process(), bench.process()];
    await Promise.all([
      first.service.start(request('blank', 'Café')),
      second.service.start(request('blank', 'Cafe')),
    ]);
    await bench.clock.settle();
    const names = [...bench.database.machines.values()].map(({ domainName }) => domainName);
    expect(names.sort()).toEqual(['Cafe', 'Cafe-2']);
  });
});

describe('a retry', () => {
  it('reuses the inputs and the kept hash, and needs no password', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    let broken = true;
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method !== 'defineDomain' || phase !== 'before' || !broken) return;
      broken = false;
      throw new BerthError('test_failure', 'It broke.');
    };
    const first = await berth.service.start(request('image'));
    const failed = await berth.until(first.creationId, 'ready');
    expect(failed).toMatchObject({ state: 'failed', hasSecret: true });
    expect(JSON.stringify(failed)).not.toContain(PASSWORD);
    const second = await berth.service.retry(first.creationId);
    expect(second.creationId).not.toBe(first.creationId);
    await berth.until(second.creationId, 'running');
    expect(berth.media.hashed).toBe(1);
    expect(berth.media.seeds.at(-1)?.passwordHash).toBe('$6$salt$hash-number-1');
    expect(berth.service.get(second.creationId).input).toEqual(failed.input);
  });

  it('takes what is given anew', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const first = await berth.service.start(request('image'));
    await berth.service.cancel(first.creationId);
    await berth.until(first.creationId, 'ready');
    const other = request('image', 'two', { password: 'another one' });
    const second = await berth.service.retry(first.creationId, other);
    expect((await berth.until(second.creationId, 'running')).name).toBe('two');
    expect(berth.media.hashed).toBe(2);
  });

  it('is refused while the creation runs', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('image'));
    await expect(berth.service.retry(creationId)).rejects.toMatchObject({
      code: 'creation_not_ended',
    });
  });

  it('emulates a machine that KVM could not start', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    let broken = true;
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method !== 'startDomain' || phase !== 'before' || !broken) return;
      broken = false;
      throw new BerthError('libvirt_error', 'internal error: Assertion kvm_buf_set_msrs failed');
    };
    const first = await berth.service.start(request('blank'));
    const failed = await berth.until(first.creationId, 'ready');
    expect(failed.error).toMatchObject({
      code: 'kvm_broken',
      stage: 'start',
      retryable: true,
      hint: expect.stringContaining('TCG'),
      cause: expect.stringContaining('kvm_buf_set_msrs'),
    });
    const second = await berth.service.retry(first.creationId);
    const made = await berth.until(second.creationId, 'ready');
    expect(made.state).toBe('completed');
    expect(made.notes.map(({ code }) => code)).toContain('kvm_broken');
    expect([...bench.host.domains.values()][0]?.xml).toContain('<domain type="qemu"');
  });
});

describe('records', () => {
  it('can be dismissed once they have ended', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('blank'));
    expect(() => berth.service.dismiss(creationId)).toThrow(
      expect.objectContaining({ code: 'creation_not_ended' }),
    );
    await berth.service.cancel(creationId);
    await berth.until(creationId, 'ready');
    berth.service.dismiss(creationId);
    expect(berth.service.list()).toEqual([]);
    expect(() => berth.service.get(creationId)).toThrow(
      expect.objectContaining({ code: 'creation_missing' }),
    );
  });

  it('are waited for no longer than the caller wants', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    gate(berth);
    const { creationId } = await berth.service.start(request('blank'));
    const caller = new AbortController();
    const settled = berth.service.settled(creationId, 'running', caller.signal);
    caller.abort(new Error('enough'));
    await expect(settled).rejects.toThrow('enough');
  });

  it('say that a stage is slow, and nothing is ended for it', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { open } = gate(berth);
    const { creationId } = await berth.service.start(request('blank'));
    await bench.clock.advance(31_000);
    const stage = berth.service.get(creationId).stages.find((one) => one.stage === 'define');
    expect(stage?.message).toContain('Still working');
    open('one');
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
  });

  it('hide a secret that libvirt repeats in an error', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method !== 'startDomain' || phase !== 'before') return;
      const xml = bench.host.domains.get(bench.domainUuid())?.xml ?? '';
      throw new BerthError('libvirt_error', `bad element: ${/passwd="[^"]+"/.exec(xml)?.[0]}`);
    };
    const { creationId } = await berth.service.start(request('blank'));
    const creation = await berth.until(creationId, 'ready');
    expect(creation.error?.message).toBe('bad element: passwd="********"');
    const define = creation.stages.find(({ stage }) => stage === 'start');
    expect(define?.message).toBe('bad element: passwd="********"');
  });
});
