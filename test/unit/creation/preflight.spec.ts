import { describe, expect, it } from 'vitest';
import { GIB } from '../../fakes/fake-host.ts';
import { CASES, ED25519 } from './preflight-cases.ts';
import { POOL, request, TestBench } from './test-bench.ts';

describe('preflight', () => {
  it.each(CASES)('$severity $code for $request.name $request.user', async (one) => {
    const bench = new TestBench();
    const berth = bench.process();
    one.arrange?.(bench, berth);
    const before = bench.host.existing();
    const reserved = bench.database.reservations.size;

    const plan = await bench.clock.run(berth.service.plan(one.request));
    const found = plan.findings.filter(({ code }) => code === one.code);
    expect(found).toEqual([expect.objectContaining({ severity: one.severity, ...one.expected })]);

    const start = berth.service.start(one.request);
    if (one.severity === 'error') {
      await expect(bench.clock.run(start)).rejects.toMatchObject({ code: one.code });
      expect(bench.host.existing()).toEqual(before);
      expect(bench.database.machines.size).toBe(0);
      expect(bench.database.creations.size).toBe(0);
      expect(bench.database.reservations.size).toBe(reserved);
    } else {
      const { creationId, machineId } = await bench.clock.run(start);
      await berth.until(creationId, 'ready');
      const notes = bench.database.machines.get(machineId)?.notes.map(({ code }) => code);
      expect(notes).toContain(one.code);
    }
  });

  it('has nothing to say about an ordinary request', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    for (const id of ['blank', 'tryout', 'image']) {
      const name = 'caffè "日" 1';
      const wish = request(id, name, { sshKeys: [ED25519] });
      expect((await berth.service.plan(wish)).findings).toEqual([]);
    }
  });

  it('counts what other tools have freed since the pool was read', async () => {
    const bench = new TestBench();
    bench.host.addPool(POOL, { availableBytes: 0, unseenBytes: -100 * GIB });
    expect((await bench.process().service.plan(request('blank'))).findings).toEqual([]);
  });

  it('counts a running machine once although its reservation is still there', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const reservation = {
      creationId: 'other',
      machineId: 'm',
      state: 'working' as const,
      memoryBytes: 16 * GIB,
      vcpus: 1,
      diskBytes: 0,
      pool: POOL,
    };
    bench.database.reservations.set('other', reservation);
    bench.host.availableMemoryBytes = 32 * GIB;
    const metadata = {
      machineId: 'm',
      creationId: 'other',
      templateId: 't',
      departmentId: 'd',
      schemaVersion: 1,
    };
    bench.host.addDomain('m', { power: 'running', memoryBytes: 16 * GIB, metadata });
    const wish = request('blank', 'one', { overrides: { memoryBytes: 15 * GIB } });
    expect((await berth.service.plan(wish)).findings).toEqual([]);
  });

  it('knows that a key is enough to log in', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { password: _, ...wish } = request('image', 'one', { sshKeys: [ED25519] });
    expect((await berth.service.plan(wish)).findings).toEqual([]);
    const { creationId } = await berth.service.start(wish);
    await berth.until(creationId, 'running');
    expect(berth.media.seeds.at(-1)).toMatchObject({ passwordHash: null, sshKeys: [ED25519] });
  });

  it('gives up on a libvirt that never answers', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    berth.hypervisor.fault = () => new Promise<void>(() => undefined);
    await expect(bench.clock.run(berth.service.start(request('blank')))).rejects.toMatchObject({
      code: 'libvirt_unreachable',
      stage: 'validate',
    });
  });
});
