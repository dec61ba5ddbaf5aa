import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../src-contract/model/creation.ts';
import type { BerthEvent } from '../../src-contract/model/events.ts';
import {
  creation,
  host,
  machine,
  media,
  NOW,
  snapshot,
} from '../../test/renderer/fake/fixtures.ts';
import { apply, applyAll, applyLog, applySnapshot, forgetCreation, LOG_LIMIT } from './apply.ts';
import { initialState } from './state.ts';

const common = (revision: number) => ({ revision, at: NOW });
const subject = {
  creationId: null,
  machineId: 'm1',
  name: 'm',
  departmentId: 'personal',
  stage: null,
};

const changed = (revision: number, part: Parameters<typeof machine>[1] = {}): BerthEvent => ({
  type: 'vms.status_changed',
  ...common(revision),
  ...subject,
  machine: machine(1, part),
});

const line = (text: string, at = NOW): LogLine => ({ at, stage: 'storage', level: 'info', text });

const progress = (revision: number, log: LogLine[] = []): BerthEvent => ({
  type: 'vms.create_progress',
  ...common(revision),
  ...subject,
  creation: creation(),
  log,
});

const start = applySnapshot(
  snapshot({ revision: 10, machines: [machine(1), machine(2)] }),
  initialState,
);

describe('applySnapshot', () => {
  it('replaces what was known, keeping gathered log lines', () => {
    const logs = new Map([['c1', [line('kept')]]]);
    const state = applySnapshot(snapshot({ revision: 20, machines: [machine(3)] }), {
      ...start,
      logs,
    });
    expect([...state.machines.keys()]).toEqual(['m3']);
    expect(state.revision).toBe(20);
    expect(state.phase).toBe('ready');
    expect(state.logs).toBe(logs);
  });
});

describe('apply', () => {
  it('drops what is not newer', () => {
    expect(apply(changed(10, { power: 'off' }), start)).toBe(start);
    expect(apply(changed(9, { power: 'off' }), start)).toBe(start);
  });

  it('replaces one machine and leaves the others identical', () => {
    const state = apply(changed(11, { power: 'off' }), start);
    expect(state.machines.get('m1')?.power).toBe('off');
    expect(state.machines.get('m2')).toBe(start.machines.get('m2'));
    expect(start.machines.get('m1')?.power).toBe('running');
    expect(state.revision).toBe(11);
  });

  it('removes machines and media, knows unknown ones to be gone', () => {
    const state = applyAll(
      [
        { type: 'vms.removed', ...common(11), ...subject },
        { type: 'media.removed', ...common(12), mediaId: 'img1' },
        { type: 'media.removed', ...common(13), mediaId: 'never-there' },
      ],
      start,
    );
    expect([...state.machines.keys()]).toEqual(['m2']);
    expect(state.media.size).toBe(0);
    expect(state.revision).toBe(13);
  });

  it('takes media, host and whole lists', () => {
    const state = applyAll(
      [
        { type: 'media.changed', ...common(11), media: media({ id: 'img2' }) },
        { type: 'host.changed', ...common(12), host: host({ connection: 'reconnecting' }) },
        { type: 'machines.reset', ...common(13), machines: [machine(7)] },
      ],
      start,
    );
    expect([...state.media.keys()]).toEqual(['img1', 'img2']);
    expect(state.host?.connection).toBe('reconnecting');
    expect([...state.machines.keys()]).toEqual(['m7']);
  });

  it('appends log lines up to a limit', () => {
    const lines = Array.from({ length: LOG_LIMIT }, (_, index) => line(`line ${index}`));
    const state = applyAll([progress(11, lines), progress(12, [line('last')])], start);
    const log = state.logs.get('c1') ?? [];
    expect(log).toHaveLength(LOG_LIMIT);
    expect(log.at(0)?.text).toBe('line 1');
    expect(log.at(-1)?.text).toBe('last');
    expect(apply(progress(13), state).logs).toBe(state.logs);
  });
});

describe('applyLog', () => {
  it('puts the fetched lines under the later ones, without doubles', () => {
    const followed = apply(progress(11, [line('b', NOW + 1), line('c', NOW + 2)]), start);
    const state = applyLog('c1', [line('a'), line('b', NOW + 1)], followed);
    expect(state.logs.get('c1')?.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });
});

describe('forgetCreation', () => {
  it('drops the record with its log', () => {
    const followed = apply(progress(11, [line('a')]), start);
    const state = forgetCreation('c1', followed);
    expect(state.creations.size).toBe(0);
    expect(state.logs.size).toBe(0);
    expect(state.revision).toBe(11);
  });
});
