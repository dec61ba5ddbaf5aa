import { type FilterRule, filterRuleSchema } from '../../src-contract/model/filter.ts';
import { ruleProblem } from '../core/domain/nwfilter-rule.ts';
import { UsageError } from './usage-error.ts';

const WORDS = {
  direction: ['in', 'out', 'inout'],
  action: ['accept', 'drop', 'reject'],
  protocol: ['all', 'tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'arp'],
} as const;

const FORM =
  'A rule is like "in accept tcp 443 10.0.0.0/8 priority=10 states=new,established comment=The web server": direction, action, protocol, then port or ports, the other side, and what else differs from the usual.';

/** `in accept tcp 80-81 10.0.0.0/8 priority=5 states=new comment=…`; the comment is all that follows it. */
export function parseRule(text: string, id: string): FilterRule {
  const at = text.indexOf('comment=');
  const comment = at === -1 ? '' : text.slice(at + 'comment='.length).trim();
  const words = (at === -1 ? text : text.slice(0, at)).trim().split(/\s+/);
  const [direction = '', action = '', protocol = '', ...rest] = words;
  const rule = {
    id,
    direction: oneOf('direction', direction),
    action: oneOf('action', action),
    protocol: oneOf('protocol', protocol),
    remote: null,
    ports: null,
    priority: 0,
    states: [],
    comment,
    ...Object.assign({}, ...rest.map(parsePart)),
  };
  const parsed = filterRuleSchema.safeParse(rule);
  if (!parsed.success) throw new UsageError(`"${text}" is not a rule. ${FORM}`);
  const problem = ruleProblem(parsed.data);
  if (problem !== null) throw new UsageError(`"${text}": ${problem}`);
  return parsed.data;
}

function oneOf(what: keyof typeof WORDS, word: string): string {
  const known: readonly string[] = WORDS[what];
  if (known.includes(word)) return word;
  throw new UsageError(`"${word}" is no ${what} (${known.join(', ')}). ${FORM}`);
}

function parsePart(word: string): object {
  const ports = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word);
  if (ports !== null) {
    return { ports: { start: Number(ports[1]), end: Number(ports[2] ?? ports[1]) } };
  }
  if (/^[\da-f.:]+(?:\/\d+)?$/i.test(word)) return { remote: word };
  const [key, value = ''] = word.split('=', 2);
  if (key === 'priority') return { priority: Number(value) };
  if (key === 'states') return { states: value.split(',') };
  throw new UsageError(`"${word}" has no meaning in a rule. ${FORM}`);
}
