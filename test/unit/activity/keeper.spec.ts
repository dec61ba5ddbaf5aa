import { beforeEach, describe, expect, it } from 'vitest';
import type { Creation } from '../../../src-contract/model/creation.ts';
import { STAGES } from '../../../src-contract/model/stage.ts';
import { Audit, SYSTEM_ACTOR } from '../../../src-main/core/lifecycle/audit.ts';
import { History } from '../../../src-main/core/lifecycle/history.ts';
import { Hub } from '../../../src-main/core/lifecycle/hub.ts';
import { MetricsKeeper } from '../../../src-main/core/lifecycle/metrics.ts';
import { inputDefaults } from '../../fakes/defaults.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { FakeLog } from '../../fakes/fake-system.ts';
import { TEMPLATES } from '../creation/test-bench.ts';

const DAY = 24 * 60 * 60 * 1000;

class Process {
  readonly store: FakeStore;
  readonly log = new FakeLog();
  readonly hub: Hub;
  readonly keeper: MetricsKeeper;
  readonly history: History;
  readonly seen = new Set(['personal']);

  constructor(database: FakeDatabase, clock: FakeClock) {
    this.store = new FakeStore(database);
    this.hub = new Hub(clock, this.log);
    const parts = { store: this.store, hub: this.hub, clock, log: this.log };
    const audit = new Audit(parts);
    this.keeper = new MetricsKeeper({
      ...parts,
      audit,
      templates: () => TEMPLATES,
      gpusOf: (ids) => ids.length,
    });
    const access = { canSee: (id: string) => this.seen.has(id) };
    this.history = new History({ ...parts, audit, metrics: this.keeper, access });
  }

  tell(creation: Creation): void {
    const { id: creationId, machineId, name, departmentId, stage } = creation;
    const subject = { creationId, machineId, name, departmentId, stage };
    this.hub.emit({ type: 'vms.create_progress', ...subject, creation, log: [] });
  }

  commands(): string[] {
    return this.history.audit({ limit: 100 }).map(({ command }) => command);
  }
}

describe('MetricsKeeper', () => {
  let clock: FakeClock;
  let database: FakeDatabase;
  let process: Process;
  beforeEach(() => {
    clock = new FakeClock();
    database = new FakeDatabase();
    process = new Process(database, clock);
  });

  const creation = (state: Creation['state'], change: Partial<Creation> = {}): Creation => ({
    id: 'c1',
    machineId: 'm1',
    name: 'one',
    templateId: 'image',
    departmentId: 'personal',
    state,
    stage: 'storage',
    stages: STAGES.map((stage) => ({
      stage,
      state: 'pending' as const,
      startedAt: null,
      endedAt: null,
      progress: null,
      message: null,
    })),
    input: { ...inputDefaults, templateId: 'image', name: 'one' },
    hasSecret: false,
    notes: [],
    error: null,
    undone: [],
    cancelRequested: false,
    waitingFor: null,
    queuePlace: null,
    applications: [],
    createdAt: clock.now() - 3000,
    startedAt: clock.now() - 2000,
    endedAt: clock.now(),
    revision: 0,
    ...change,
  });
  const keep = (value: Creation) => {
    const owner = { pid: 1, startTime: '1', bootId: 'b' };
    process.store.creations.insert({ creation: value, owner, spec: null }, null);
    return value;
  };

  it('keeps what a creation took when it ends, with what it was to get', () => {
    process.tell(keep(creation('running', { endedAt: null })));
    expect(process.keeper.get({ days: 1 }).totals.completed).toBe(0);
    process.tell(creation('completed'));
    expect(process.store.metrics.list(0)).toEqual([
      expect.objectContaining({
        outcome: 'completed',
        totalSeconds: 2,
        vcpus: 2,
        memoryBytes: 2 * 1024 ** 3,
        diskBytes: 20 * 1024 ** 3,
      }),
    ]);
  });

  it.each([
    ['completed', 'done', null],
    ['failed', 'failed', 'pool_full'],
    ['cancelled', 'done', null],
  ] as const)('tells the audit of a creation that is %s', (state, outcome, errorCode) => {
    const error = { code: 'pool_full', message: 'Full', retryable: true };
    process.tell(keep(creation(state, { error })));
    expect(process.history.audit({ limit: 1 })[0]).toMatchObject({
      actor: SYSTEM_ACTOR,
      command: `creation.${state}`,
      creationId: 'c1',
      subject: 'm1',
      departmentId: 'personal',
      outcome,
      errorCode,
    });
  });

  it('counts an end once that several processes hear of, several times', () => {
    const other = new Process(database, clock);
    const ended = keep(creation('completed'));
    for (const one of [process, other, process]) one.tell(ended);
    other.keeper.catchUp();
    expect(process.keeper.get({ days: 1 }).totals.completed).toBe(1);
    expect(process.commands()).toEqual(['creation.completed']);
  });

  it('catches up on an end that its process did not live to tell', () => {
    keep(creation('failed'));
    keep(creation('running', { id: 'c2', endedAt: null }));
    process.keeper.catchUp();
    expect(process.keeper.get({ days: 1 }).totals).toMatchObject({ failed: 1, completed: 0 });
    expect(process.commands()).toEqual(['creation.failed']);
  });

  it('forgets after 400 days, and does not count again what it forgot', async () => {
    keep(creation('completed'));
    process.keeper.catchUp();
    await clock.advance(401 * DAY);
    process.keeper.catchUp();
    process.keeper.catchUp();
    expect(process.store.metrics.list(0)).toEqual([]);
    expect(process.commands()).toEqual(['creation.completed']);
  });

  it('does not disturb a creation when the database fails, and logs which one it was', () => {
    const ended = keep(creation('completed'));
    process.store.hook = () => {
      throw new Error('database is full');
    };
    expect(() => process.tell(ended)).not.toThrow();
    expect(process.log.lines.join()).toContain('"creationId":"c1"');
  });

  it('hears nothing after it was closed', () => {
    process.keeper.close();
    process.tell(keep(creation('completed')));
    expect(process.store.metrics.list(0)).toEqual([]);
  });

  it('shows only the departments that the person may see', () => {
    process.tell(keep(creation('completed')));
    process.tell(keep(creation('completed', { id: 'c2', departmentId: 'lab' })));
    expect(process.history.metrics({ days: 1 }).totals.completed).toBe(1);
    expect(process.history.prometheus()).toContain('outcome="completed"} 1\n');
    process.seen.add('lab');
    expect(process.history.metrics({ days: 1 }).totals.completed).toBe(2);
    process.seen.clear();
    expect(process.history.metrics({ days: 1 }).totals.completed).toBe(0);
  });

  it('writes down what became of the creations of a dead process', () => {
    const ended = keep(creation('failed'));
    process.history.recovered([
      { creationId: ended.id, name: 'one', action: 'undone', undone: [] },
      { creationId: 'gone', name: 'two', action: 'kept', undone: [] },
    ]);
    expect(
      database.history.audit.map(({ command, inputs, outcome }) => [command, inputs, outcome]),
    ).toEqual([
      ['creation.recovered', { name: 'one', action: 'undone' }, 'done'],
      ['creation.recovered', { name: 'two', action: 'kept' }, 'failed'],
      ['creation.failed', expect.anything(), 'failed'],
    ]);
  });
});
