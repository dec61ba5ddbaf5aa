import type { LogLine } from '../../src-contract/model/creation.ts';
import type { BerthEvent } from '../../src-contract/model/events.ts';
import type { Snapshot } from '../../src-contract/model/snapshot.ts';
import type { BerthState } from './state.ts';

export const LOG_LIMIT = 2000;

const byId = <T extends { id: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.id, item]));

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

/** The whole truth at one revision; replaces everything but the log lines gathered so far. */
export function applySnapshot(snapshot: Snapshot, state: BerthState): BerthState {
  return {
    ...state,
    phase: 'ready',
    failure: null,
    revision: snapshot.revision,
    host: snapshot.host,
    machines: byId(snapshot.machines),
    creations: byId(snapshot.creations),
    media: byId(snapshot.media),
    departments: byId(snapshot.departments),
    templates: snapshot.templates,
    categories: snapshot.categories,
    applications: snapshot.applications,
    defaultUser: snapshot.defaultUser,
    sshKeys: snapshot.sshKeys,
    notices: snapshot.notices,
  };
}

function change(event: BerthEvent, state: BerthState): Partial<BerthState> {
  switch (event.type) {
    case 'vms.status_changed':
      return { machines: withEntry(state.machines, event.machine.id, event.machine) };
    case 'vms.removed':
      return { machines: without(state.machines, event.machineId) };
    case 'media.changed':
      return { media: withEntry(state.media, event.media.id, event.media) };
    case 'media.removed':
      return { media: without(state.media, event.mediaId) };
    case 'departments.changed':
      return { departments: byId(event.departments) };
    case 'templates.changed':
      return {
        templates: event.templates,
        categories: event.categories,
        applications: event.applications,
      };
    case 'host.changed':
      return { host: event.host };
    case 'machines.reset':
      return { machines: byId(event.machines) };
    default: {
      const id = event.creation.id;
      const creations = withEntry(state.creations, id, event.creation);
      if (event.log.length === 0) return { creations };
      const lines = [...(state.logs.get(id) ?? []), ...event.log].slice(-LOG_LIMIT);
      return { creations, logs: withEntry(state.logs, id, lines) };
    }
  }
}

/** One fact; the same state comes back when the event is not newer than it. */
export function apply(event: BerthEvent, state: BerthState): BerthState {
  if (event.revision <= state.revision) return state;
  return { ...state, ...change(event, state), revision: event.revision };
}

export function applyAll(events: readonly BerthEvent[], state: BerthState): BerthState {
  return events.reduce((folded, event) => apply(event, folded), state);
}

/** Puts a log that was asked for under the lines that events brought meanwhile. */
export function applyLog(
  creationId: string,
  fetched: readonly LogLine[],
  state: BerthState,
): BerthState {
  const key = (line: LogLine) => `${line.at} ${line.stage} ${line.text}`;
  const known = new Set(fetched.map(key));
  const later = (state.logs.get(creationId) ?? []).filter((line) => !known.has(key(line)));
  const lines = [...fetched, ...later].slice(-LOG_LIMIT);
  return { ...state, logs: withEntry(state.logs, creationId, lines) };
}

/** A dismissed record: its removal is the answer to a command, not an event. */
export function forgetCreation(creationId: string, state: BerthState): BerthState {
  return {
    ...state,
    creations: without(state.creations, creationId),
    logs: without(state.logs, creationId),
  };
}
