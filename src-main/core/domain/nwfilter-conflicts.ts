import type {
  FilterConflict,
  FilterPolicy,
  FilterRule,
} from '../../../src-contract/model/filter.ts';
import { containsNetwork, networksOverlap, parseIpNetwork } from './ip-address.ts';
import { familiesOf } from './nwfilter-rule.ts';

interface Placed {
  rule: FilterRule;
  own: boolean;
}

const DIRECTIONS = { in: ['in'], out: ['out'], inout: ['in', 'out'] } as const;
const STATES = ['new', 'established', 'related', 'invalid'] as const;

/** Rules of a policy that cannot have the effect that they seem to have. The department's rules come before a machine's. */
export function findConflicts(policy: FilterPolicy, parent: FilterPolicy | null): FilterConflict[] {
  const placed = [
    ...inOrder(parent?.rules ?? []).map((rule): Placed => ({ rule, own: false })),
    ...inOrder(policy.rules).map((rule): Placed => ({ rule, own: true })),
  ];
  const conflicts = placed.flatMap((later, index) => {
    if (!later.own) return [];
    const found = placed.slice(0, index).map((earlier) => conflictOf(earlier, later));
    return found.find((one) => one !== null && one.kind !== 'overlap') ?? found.filter(isConflict);
  });
  return [...conflicts, ...closedByParent(policy, parent)];
}

const isConflict = (one: FilterConflict | null): one is FilterConflict => one !== null;

export const inOrder = (rules: readonly FilterRule[]): FilterRule[] =>
  rules.toSorted((a, b) => a.priority - b.priority);

function conflictOf(earlier: Placed, later: Placed): FilterConflict | null {
  const [a, b] = [earlier.rule, later.rule];
  const ruleIds = [a.id, b.id];
  const whose = earlier.own ? '' : ' of the department';
  const same = a.action === b.action;
  if (covers(a, b)) {
    const equal = covers(b, a);
    if (equal && same) {
      const message = `“${label(b)}” says the same as “${label(a)}”${whose}.`;
      return { kind: 'duplicate', ruleIds, message };
    }
    if (equal) {
      const message = `“${label(b)}” contradicts “${label(a)}”${whose}, which comes first and decides.`;
      return { kind: 'contradiction', ruleIds, message };
    }
    const message = `“${label(b)}” is never reached: “${label(a)}”${whose} matches all of it before.`;
    return { kind: 'shadowed', ruleIds, message };
  }
  // An exception before its general rule is what priorities are for.
  const ordered = covers(b, a) && a.priority !== b.priority;
  if (same || ordered || !overlaps(a, b)) return null;
  const message = `“${label(a)}”${whose} and “${label(b)}” match some packets both; the first decides on those.`;
  return { kind: 'overlap', ruleIds, message };
}

/** A machine cannot let in what its department's preset keeps out. */
function closedByParent(policy: FilterPolicy, parent: FilterPolicy | null): FilterConflict[] {
  const preset = parent?.preset;
  if (preset === undefined || preset === 'allow-all' || preset === 'allow-all-but-services') {
    return [];
  }
  return policy.rules
    .filter(({ action, protocol }) => action === 'accept' && protocol !== 'arp')
    .filter(({ direction }) => preset === 'block-all' || direction === 'in')
    .map((rule) => ({
      kind: 'shadowed',
      ruleIds: [rule.id],
      message: `“${label(rule)}” has no effect: the department’s preset “${preset}” forbids it. Let the department allow it.`,
    }));
}

export function label({ action, direction, protocol, ports, remote, comment }: FilterRule): string {
  if (comment !== '') return comment;
  const port = ports && (ports.start === ports.end ? ports.start : `${ports.start}–${ports.end}`);
  return [action, direction, protocol, port, remote].filter((part) => part !== null).join(' ');
}

function covers(a: FilterRule, b: FilterRule): boolean {
  return (
    DIRECTIONS[b.direction].every((one) =>
      DIRECTIONS[a.direction].some((other) => other === one),
    ) &&
    protocolCovers(a, b) &&
    familiesOf(b).every((family) => familiesOf(a).includes(family)) &&
    (a.ports === null ||
      (b.ports !== null && a.ports.start <= b.ports.start && b.ports.end <= a.ports.end)) &&
    remoteCovers(a.remote, b.remote) &&
    statesOf(b).every((state) => statesOf(a).includes(state))
  );
}

function overlaps(a: FilterRule, b: FilterRule): boolean {
  return (
    DIRECTIONS[b.direction].some((one) => DIRECTIONS[a.direction].some((other) => other === one)) &&
    (protocolCovers(a, b) || protocolCovers(b, a)) &&
    familiesOf(b).some((family) => familiesOf(a).includes(family)) &&
    (a.ports === null ||
      b.ports === null ||
      (a.ports.start <= b.ports.end && b.ports.start <= a.ports.end)) &&
    remotesOverlap(a.remote, b.remote) &&
    statesOf(b).some((state) => statesOf(a).includes(state))
  );
}

const protocolCovers = (a: FilterRule, b: FilterRule): boolean =>
  a.protocol === b.protocol || (a.protocol === 'all' && b.protocol !== 'arp');

const statesOf = ({ states }: FilterRule): readonly string[] =>
  states.length === 0 ? STATES : states;

function remoteCovers(a: string | null, b: string | null): boolean {
  if (a === null) return true;
  const [outer, inner] = [parseIpNetwork(a), b === null ? null : parseIpNetwork(b)];
  return outer !== null && inner !== null && containsNetwork(outer, inner);
}

function remotesOverlap(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return true;
  const [one, other] = [parseIpNetwork(a), parseIpNetwork(b)];
  return one !== null && other !== null && networksOverlap(one, other);
}
