import { describe, expect, it } from 'vitest';
import { ForeignChanges } from '../../../src-main/core/lifecycle/foreign.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { LifecycleBench } from './lifecycle-bench.ts';

const OTHER = { pid: 77, startTime: '7700', bootId: 'boot' };

async function follow() {
  const bench = new LifecycleBench();
  const recovered: number[] = [];
  await bench.link.connect();
  await bench.clock.settle();
  const foreign = new ForeignChanges({
    store: bench.store,
    library: bench.library,
    creations: {
      recover: async () => {
        recovered.push(bench.clock.now());
        bench.store.creations.remove('creation-cli');
        return [];
      },
    },
    system: bench.system,
    clock: bench.clock,
    hub: bench.hub,
    log: bench.log,
  });
  bench.alive.add('77');
  bench.events.length = 0;
  return { bench, foreign, recovered, other: new FakeStore(bench.database) };
}

describe('what another process does in the same database', () => {
  it('appears as events: a creation, its log, its machine', async () => {
    const { bench, foreign, other } = await follow();
    const creation = bench.addCreation('cli', 'queued');
    const row = other.creations.get(creation.id);
    other.creations.remove(creation.id);
    other.creations.insert({ creation, owner: OTHER, spec: row?.spec ?? null }, null);
    await bench.clock.advance(50);
    other.creations.save({ ...creation, state: 'running' });
    await bench.clock.advance(50);
    other.creations.appendLog(creation.id, [
      { at: 1, stage: 'start', level: 'info', text: 'The machine runs' },
    ]);
    other.creations.save({ ...creation, state: 'provisioning', stage: 'start' });
    await bench.clock.advance(50);
    const seen = bench.events.flatMap((event) =>
      'creation' in event ? [[event.type, event.creation.state, event.log.length]] : [],
    );
    expect(seen).toEqual([
      ['vms.create_queued', 'queued', 0],
      ['vms.create_started', 'running', 0],
      ['vms.create_completed', 'provisioning', 1],
    ]);
    foreign.close();
  });

  it('includes machines and images that it adds and removes', async () => {
    const { bench, foreign, other } = await follow();
    bench.addMachine('cli');
    bench.host.emit({ kind: 'domain-defined', uuid: '0000-cli', name: 'cli' });
    await bench.clock.settle();
    other.machines.update('id-cli', { provisioning: 'ready' });
    await bench.clock.advance(50);
    expect(bench.library.get('id-cli').provisioning).toBe('ready');
    other.machines.remove('id-cli');
    bench.host.domains.delete('0000-cli');
    bench.host.emit({
      kind: 'domain-state',
      uuid: '0000-cli',
      name: 'cli',
      power: 'gone',
      reason: 'test',
    });
    await bench.clock.advance(50);
    expect(bench.library.list()).toEqual([]);
    expect(bench.types().at(-1)).toBe('vms.removed');
    foreign.close();
  });

  it('is recovered when that process dies', async () => {
    const { bench, foreign, recovered, other } = await follow();
    const creation = bench.addCreation('cli', 'running');
    other.creations.takeOver(creation.id, bench.system.self(), OTHER);
    await bench.clock.advance(10_000);
    expect(recovered).toEqual([]);
    bench.alive.delete('77');
    await bench.clock.advance(10_000);
    expect(recovered).toHaveLength(1);
    expect(bench.clock.sleepers).toBe(0);
    foreign.close();
  });

  it('ends with close', async () => {
    const { bench, foreign, other } = await follow();
    foreign.close();
    other.machines.remove('nobody');
    await bench.clock.advance(100);
    expect(bench.events).toEqual([]);
    expect(bench.clock.sleepers).toBe(0);
  });
});
