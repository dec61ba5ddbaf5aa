import { describe, expect, it } from 'vitest';
import { BerthError } from '../../../src-main/core/errors.ts';
import { request, TestBench, type TestProcess } from './test-bench.ts';

const MINUTE = 60_000;

async function provisioning(template = 'image') {
  const bench = new TestBench();
  const berth = bench.process();
  const { creationId, machineId } = await berth.service.start(request(template));
  await berth.until(creationId, 'running');
  await bench.clock.settle();
  const uuid = bench.domainUuid();
  return { bench, berth, creationId, machineId, uuid };
}

const stateOf = (bench: TestBench, machineId: string) =>
  bench.database.machines.get(machineId)?.provisioning;

const logOf = (berth: TestProcess, id: string) => berth.service.log(id).map(({ text }) => text);

describe('a hostile guest', () => {
  it.each([
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x0a])],
    ['broken JSON', '{"phase": "ready"\n'],
    ['a bare word', 'ready\n'],
    ['null', 'null\n'],
    ['an array', '["ready"]\n'],
    ['an object without phase', '{"ready":true}\n'],
    ['a phase that is no word', '{"phase":{"toString":"ready"}}\n'],
    ['a phase with markup', '{"phase":"<b>ready</b>"}\n'],
    ['a phase that is too long', `{"phase":"${'a'.repeat(33)}"}\n`],
    ['ready without a line end', '{"phase":"ready"}'],
    ['ready in a line that is too long', `{"phase":"ready","message":"${'x'.repeat(5000)}"}\n`],
  ])('writes %s and is ignored', async (_, data) => {
    const { bench, berth, creationId, machineId, uuid } = await provisioning();
    bench.host.guest(uuid).write(data);
    await bench.clock.advance(1000);
    expect(stateOf(bench, machineId)).toBe('first-boot');
    expect(berth.service.get(creationId).state).toBe('provisioning');
    bench.host.guest(uuid).write('\n');
    bench.host.guest(uuid).ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
  });

  it('is understood when its line comes in pieces', async () => {
    const { bench, berth, creationId, uuid } = await provisioning();
    for (const byte of new TextEncoder().encode('{"phase":"ready","message":"é"}\n')) {
      bench.host.guest(uuid).write(Uint8Array.of(byte));
    }
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
  });

  it('cannot flood the log or the events', async () => {
    const { bench, berth, creationId, uuid } = await provisioning();
    const before = berth.events.all.length;
    const lines = Array.from({ length: 20_000 }, (_, i) => `{"phase":"boot","message":"${i}"}\n`);
    bench.host.guest(uuid).write(lines.join(''));
    await bench.clock.advance(2000);
    expect(berth.events.all.length - before).toBeLessThan(25);
    expect(berth.service.log(creationId).length).toBeLessThan(300);
    bench.host.guest(uuid).ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
  });

  it('cannot put control characters or percentages beyond reason on the screen', async () => {
    const { bench, berth, creationId, uuid } = await provisioning();
    const message = `\u001b[2Jline\u0000\u202e${'y'.repeat(900)}`;
    bench.host.guest(uuid).line({ phase: 'boot', pct: 1e9, message });
    await bench.clock.advance(500);
    const stage = berth.service.get(creationId).stages.find((one) => one.stage === 'first-boot');
    expect(stage?.progress).toBe(1);
    expect(stage?.message).toMatch(/^\[2Jline y+$/);
    expect(stage?.message?.length).toBeLessThanOrEqual(200);
  });
});

describe('a guest that does not get ready', () => {
  it('is told as stalled after a silence, and nothing is destroyed', async () => {
    const { bench, berth, creationId, machineId, uuid } = await provisioning();
    const things = bench.leftovers();
    await bench.clock.advance(5 * MINUTE - 1000);
    expect(stateOf(bench, machineId)).toBe('first-boot');
    await bench.clock.advance(2000);
    expect(stateOf(bench, machineId)).toBe('stalled');
    expect(bench.leftovers()).toEqual(things);
    expect(berth.service.get(creationId).state).toBe('provisioning');
    bench.host.guest(uuid).ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
    expect(stateOf(bench, machineId)).toBe('ready');
  });

  it('gets its patience anew with every line, and more of it for a slow template', async () => {
    const bench = new TestBench();
    bench.database.typical = 600;
    const berth = bench.process();
    const { creationId, machineId } = await berth.service.start(request('image'));
    await berth.until(creationId, 'running');
    await bench.clock.advance(29 * MINUTE);
    bench.host.guest(bench.domainUuid()).line({ phase: 'boot', pct: 1, message: 'slow' });
    await bench.clock.advance(29 * MINUTE);
    expect(stateOf(bench, machineId)).toBe('first-boot');
    await bench.clock.advance(2 * MINUTE);
    expect(stateOf(bench, machineId)).toBe('stalled');
  });

  it('counts as ready when its agent answers although its line was lost', async () => {
    const { bench, berth, creationId, machineId } = await provisioning();
    bench.host.agent = true;
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
    expect(stateOf(bench, machineId)).toBe('ready');
  });

  it('is stalled when it powers off, and goes on when it is started again', async () => {
    const { bench, berth, creationId, machineId, uuid } = await provisioning();
    const domain = bench.host.domains.get(uuid)!;
    bench.host.setPower(domain, 'off');
    await bench.clock.settle();
    expect(stateOf(bench, machineId)).toBe('stalled');
    expect(logOf(berth, creationId).at(-1)).not.toBe('');
    bench.host.setPower(domain, 'running');
    await bench.clock.settle();
    expect(stateOf(bench, machineId)).toBe('first-boot');
    bench.host.guest(uuid).ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
  });

  it('fails with its own words, is kept, and loses its seed', async () => {
    const { bench, berth, creationId, machineId, uuid } = await provisioning();
    bench.host.guest(uuid).line({ phase: 'error', pct: 20, message: 'no such package' });
    const creation = await berth.until(creationId, 'ready');
    expect(creation.state).toBe('failed');
    expect(creation.error).toMatchObject({
      code: 'guest_failed',
      stage: 'first-boot',
      message: 'no such package',
    });
    expect(stateOf(bench, machineId)).toBe('failed');
    expect(creation.undone).toEqual([]);
    expect(bench.leftovers()).toEqual([
      'domain one running',
      'pool berth',
      'volume berth/one.qcow2',
    ]);
  });

  it('ends with its domain when another tool removes it', async () => {
    const { bench, berth, creationId, uuid } = await provisioning();
    bench.host.domains.delete(uuid);
    bench.host.emit({ kind: 'domain-state', uuid, name: 'one', power: 'gone', reason: 'test' });
    const creation = await berth.until(creationId, 'ready');
    expect(creation).toMatchObject({ state: 'failed', error: { code: 'domain_missing' } });
  });
});

describe('a cancel while the guest starts', () => {
  it('undoes the running machine', async () => {
    const { bench, berth, creationId, machineId } = await provisioning();
    await berth.service.cancel(creationId);
    const creation = await berth.until(creationId, 'ready');
    expect(creation.state).toBe('cancelled');
    expect(bench.leftovers()).toEqual([]);
    expect(bench.database.machines.size).toBe(0);
    expect(berth.changedMachines).toContain(machineId);
    expect(berth.events.types(creationId).at(-1)).toBe('vms.create_cancelled');
  });

  it('is refused once it is ready', async () => {
    const { bench, berth, creationId, uuid } = await provisioning();
    bench.host.guest(uuid).ready();
    await berth.until(creationId, 'ready');
    await expect(berth.service.cancel(creationId)).rejects.toMatchObject({
      code: 'creation_ended',
    });
    expect(bench.leftovers()).toContain('domain one running');
  });

  it('reaches the process that does the work from another one', async () => {
    const { bench, berth, creationId } = await provisioning();
    const other = bench.process();
    await other.service.cancel(creationId);
    const creation = await other.until(creationId, 'ready');
    expect(creation.state).toBe('cancelled');
    expect(berth.events.types(creationId).at(-1)).toBe('vms.create_cancelled');
    expect(bench.leftovers()).toEqual([]);
  });

  it('is carried out by another process when the owner is dead', async () => {
    const { bench, berth, creationId } = await provisioning();
    berth.kill();
    const other = bench.process();
    await bench.clock.run(other.service.cancel(creationId));
    expect(other.service.get(creationId).state).toBe('cancelled');
    expect(bench.leftovers()).toEqual([]);
  });
});

describe('tidying up after ready', () => {
  it.each(['ejectMedium', 'deleteVolume'])('is tried again when %s fails', async (method) => {
    const { bench, berth, creationId, machineId, uuid } = await provisioning();
    let failures = 2;
    berth.hypervisor.fault = (call) => {
      if (call.method !== method || call.phase !== 'before' || failures-- <= 0) return;
      throw new BerthError('test_failure', 'It broke.');
    };
    bench.host.guest(uuid).ready();
    const creation = await berth.until(creationId, 'ready');
    expect(creation.state).toBe('completed');
    expect(stateOf(bench, machineId)).toBe('ready');
    expect(bench.leftovers()).not.toContain('volume berth/one-seed.iso');
  });

  it('waits for libvirt when it is away', async () => {
    const { bench, berth, creationId, machineId, uuid } = await provisioning();
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method === 'ejectMedium' && phase === 'before' && !bench.host.down) bench.host.lose();
    };
    bench.host.guest(uuid).ready();
    await bench.clock.advance(MINUTE);
    expect(stateOf(bench, machineId)).toBe('ready');
    expect(berth.service.get(creationId).state).toBe('provisioning');
    berth.hypervisor.fault = null;
    bench.host.restore();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
    expect(bench.leftovers()).not.toContain('volume berth/one-seed.iso');
  });
});

describe('a lost connection while the guest starts', () => {
  it('destroys nothing, and the watch goes on afterwards', async () => {
    const { bench, berth, creationId, uuid } = await provisioning();
    const things = bench.leftovers();
    bench.host.lose();
    await bench.clock.advance(2 * MINUTE);
    expect(bench.leftovers()).toEqual(things);
    bench.host.restore();
    await bench.clock.settle();
    bench.host.guest(uuid).ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
  });
});

describe('a crash while the guest starts', () => {
  it('leaves a machine that the next process adopts and sees through', async () => {
    const { bench, berth, creationId, machineId, uuid } = await provisioning();
    berth.kill();
    const next = bench.process();
    const outcomes = await bench.clock.run(next.service.recover());
    expect(outcomes).toEqual([{ creationId, name: 'one', action: 'adopted', undone: [] }]);
    await bench.clock.settle();
    bench.host.guest(uuid).ready();
    expect((await next.until(creationId, 'ready')).state).toBe('completed');
    expect(stateOf(bench, machineId)).toBe('ready');
    expect(bench.leftovers()).not.toContain('volume berth/one-seed.iso');
  });

  it('adopts a machine that became ready in between', async () => {
    const { bench, berth, creationId } = await provisioning();
    berth.kill();
    bench.host.agent = true;
    const next = bench.process();
    await bench.clock.run(next.service.recover());
    const began = bench.clock.monotonic();
    expect((await next.until(creationId, 'ready')).state).toBe('completed');
    expect(bench.clock.monotonic() - began).toBeLessThan(1000);
  });

  it('undoes the rest when the domain is gone', async () => {
    const { bench, berth, creationId, uuid } = await provisioning();
    berth.kill();
    bench.host.domains.delete(uuid);
    const next = bench.process();
    const outcomes = await bench.clock.run(next.service.recover());
    expect(outcomes).toMatchObject([{ action: 'undone' }]);
    expect(next.service.get(creationId).error?.code).toBe('domain_missing');
    expect(bench.leftovers()).toEqual([]);
  });

  it('carries out a cancel that the dead process did not get to', async () => {
    const { bench, berth, creationId } = await provisioning();
    berth.kill();
    bench.database.creations.get(creationId)!.cancel = true;
    const next = bench.process();
    await bench.clock.run(next.service.recover());
    expect(next.service.get(creationId).state).toBe('cancelled');
    expect(bench.leftovers()).toEqual([]);
  });

  it('keeps what it cannot judge while libvirt is away', async () => {
    const { bench, berth, creationId } = await provisioning();
    berth.kill();
    bench.host.lose();
    const next = bench.process();
    const kept = await bench.clock.run(next.service.recover());
    expect(kept).toMatchObject([{ creationId, action: 'kept' }]);
    bench.host.restore();
    const outcomes = await bench.clock.run(next.service.recover());
    expect(outcomes).toMatchObject([{ creationId, action: 'adopted' }]);
  });

  it('does not touch the work of a living process', async () => {
    const { bench, berth, creationId } = await provisioning();
    const other = bench.process();
    expect(await bench.clock.run(other.service.recover())).toEqual([]);
    expect(berth.service.get(creationId).state).toBe('provisioning');
  });

  it('is survived by an orderly close as well', async () => {
    const { bench, berth, creationId } = await provisioning();
    const things = bench.leftovers();
    await bench.clock.run(berth.service.close());
    expect(bench.clock.sleepers).toBe(0);
    expect(bench.leftovers()).toEqual(things);
    berth.kill();
    const next = bench.process();
    expect(await bench.clock.run(next.service.recover())).toMatchObject([{ action: 'adopted' }]);
    expect(next.service.get(creationId).state).toBe('provisioning');
  });
});
