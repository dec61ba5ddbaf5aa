import type { Filter, FilterOwner, FilterPolicy } from '../../src-contract/model/filter.ts';
import { label } from '../core/domain/nwfilter-conflicts.ts';
import { BerthError } from '../core/errors.ts';
import { parsePreset } from './department-options.ts';
import { parseRule } from './filter-options.ts';
import { findDepartment } from './find-department.ts';
import { findMachine } from './find-machine.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { UsageError } from './usage-error.ts';

export interface FilterOptions extends GlobalOptions {
  preset?: string;
  rule?: string[];
  removeRule?: string[];
  clear?: boolean;
}

export function listFilters(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'optional' }, async (session) => {
    const { call, out } = session;
    const filters = await call('filters.list', undefined);
    for (const filter of filters) out.record(toRecord(session, filter));
    out.table(
      ['OF', 'NAME', 'PRESET', 'RULES', 'INHERITS', 'STATE', 'BOUND TO'],
      filters.map((filter) => [
        ownerText(session, filter.owner),
        filter.xml === '' ? '' : filter.name,
        filter.policy.preset,
        String(filter.policy.rules.length),
        filter.inherits ?? '',
        filter.state,
        filter.bindings.map(({ device }) => device).join(' '),
      ]),
    );
    return EXIT.done;
  });
}

export function showFilter(
  ref: string,
  options: GlobalOptions & { xml?: boolean },
): Promise<number> {
  return withBerth(options, { connection: 'optional' }, async (session) => {
    const filter = await session.call('filters.get', { owner: ownerOf(session, ref) });
    if (options.xml) {
      if (filter.xml === '') throw new BerthError('filter_none', 'This policy needs no filter.');
      session.out.both({ xml: filter.xml }, filter.xml.trimEnd());
    } else print(session, filter);
    return EXIT.done;
  });
}

export function setFilter(ref: string, options: FilterOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async (session) => {
    const owner = ownerOf(session, ref);
    const { policy } = await session.call('filters.get', { owner });
    const wanted = changed(policy, options, () => session.berth.ports.ids.uuid().slice(0, 8));
    const filter = await session.call('filters.set', { owner, policy: wanted });
    if (session.out.json) session.out.record({ type: 'result', filter: toRecord(session, filter) });
    else print(session, filter);
    return EXIT.done;
  });
}

function changed(policy: FilterPolicy, options: FilterOptions, newId: () => string): FilterPolicy {
  const { preset, rule = [], removeRule = [], clear = false } = options;
  if (preset === undefined && !clear && rule.length + removeRule.length === 0) {
    throw new UsageError('Give --preset, --rule, --remove-rule or --clear.');
  }
  for (const id of removeRule) {
    if (policy.rules.some((one) => one.id === id)) continue;
    throw new UsageError(`There is no rule "${id}"; "berth filters show" lists them.`);
  }
  const kept = clear ? [] : policy.rules.filter(({ id }) => !removeRule.includes(id));
  return {
    preset: preset === undefined ? policy.preset : parsePreset(preset),
    rules: [...kept, ...rule.map((text) => parseRule(text, newId()))],
  };
}

function print(session: Session, filter: Filter): void {
  const { out } = session;
  const { owner, name, policy, inherits, state, bindings, conflicts } = filter;
  out.record(toRecord(session, filter));
  out.text(ownerText(session, owner));
  out.text(`  preset    ${policy.preset}`);
  for (const rule of policy.rules.toSorted((a, b) => a.priority - b.priority)) {
    const states = rule.states.length === 0 ? '' : ` states=${rule.states.join(',')}`;
    const comment = rule.comment === '' ? '' : ` (${rule.comment})`;
    const text = label({ ...rule, comment: '' });
    out.text(`  rule      ${rule.id}: ${text} priority=${rule.priority}${states}${comment}`);
  }
  for (const { kind, message } of conflicts) out.text(`  ${kind.padEnd(9)} ${message}`);
  if (inherits !== null) out.text(`  filter    ${name}, on ${inherits}`);
  out.text(`  state     ${state}`);
  for (const { device } of bindings) out.text(`  bound to  ${device}`);
}

function toRecord(session: Session, filter: Filter): object {
  const { kind, id } = filter.owner;
  return { id: `${kind}:${id}`, ownerName: ownerText(session, filter.owner), ...filter };
}

function ownerText({ berth }: Session, { kind, id }: FilterOwner): string {
  const { departments, machines } = berth.ports.store;
  const name = (kind === 'department' ? departments.get(id) : machines.get(id))?.name ?? id;
  return `${kind} ${name}`;
}

/** `department:REF`, `machine:REF`, or a reference alone: a machine's, else a department's. */
function ownerOf({ berth }: Session, ref: string): FilterOwner {
  const { departments, machines } = berth.ports.store;
  const [, kind, name = ''] = /^(department|machine):(.*)$/.exec(ref) ?? [];
  const department = (text: string): FilterOwner => ({
    kind: 'department',
    id: findDepartment(departments.list(), text).id,
  });
  if (kind === 'department') return department(name);
  const known = new Set(machines.list().map(({ id }) => id));
  const rows = berth.library.list().filter(({ id }) => known.has(id));
  const machine = (text: string): FilterOwner => ({
    kind: 'machine',
    id: findMachine(rows, text).id,
  });
  if (kind === 'machine') return machine(name);
  try {
    return machine(ref);
  } catch (error) {
    if (error instanceof BerthError && error.code === 'machine_missing') return department(ref);
    throw error;
  }
}
