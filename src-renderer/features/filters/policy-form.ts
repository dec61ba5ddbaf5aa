import type { FilterPolicy, FilterRule } from '../../../src-contract/model/filter.ts';

/** A rule as it is typed. */
export type RuleForm = Omit<FilterRule, 'remote' | 'ports' | 'priority'> & {
  remote: string;
  ports: string;
};

export const emptyRule = (id: string): RuleForm => ({
  id,
  direction: 'in',
  action: 'accept',
  protocol: 'tcp',
  remote: '',
  ports: '',
  states: [],
  comment: '',
});

export function formOf({ priority: _, remote, ports, ...rest }: FilterRule): RuleForm {
  const text = ports === null ? '' : `${ports.start}-${ports.end}`;
  const single = ports !== null && ports.start === ports.end;
  return { ...rest, remote: remote ?? '', ports: single ? String(ports.start) : text };
}

/** `22` or `20-25`; undefined = neither. */
export function parsePorts(text: string): FilterRule['ports'] | undefined {
  if (text.trim() === '') return null;
  const match = /^(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = Number(match[2] ?? match[1]);
  return start <= end && end <= 65_535 ? { start, end } : undefined;
}

export function ruleOf({ remote, ports, ...rest }: RuleForm, priority: number): FilterRule | null {
  const parsed = parsePorts(ports);
  if (parsed === undefined) return null;
  return { ...rest, remote: remote.trim() || null, ports: parsed, priority };
}

/** The rules in the order in which they are looked at. */
export const inOrder = (policy: FilterPolicy): FilterRule[] =>
  policy.rules.toSorted((a, b) => a.priority - b.priority);

/** What is shown from top to bottom is what is looked at first to last: priorities are the places. */
export const withRules = (policy: FilterPolicy, rules: readonly FilterRule[]): FilterPolicy => ({
  ...policy,
  rules: rules.map((rule, priority) => ({ ...rule, priority })),
});

export function moved(rules: readonly FilterRule[], index: number, by: -1 | 1): FilterRule[] {
  const order = [...rules];
  const [rule] = order.splice(index, 1);
  if (rule !== undefined) order.splice(Math.max(index + by, 0), 0, rule);
  return order;
}
