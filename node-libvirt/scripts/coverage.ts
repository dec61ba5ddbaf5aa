/**
 * Which of libvirt's remote procedures this package has, for the README: `node scripts/coverage.ts
 * --write` puts the table there. Numbers, names and first releases are those of libvirt 11.3.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as events from '../src/wire/events.ts';
import { Program } from '../src/wire/packet.ts';
import * as device from '../src/wire/procedures/device.ts';
import * as domain from '../src/wire/procedures/domain.ts';
import * as domainConfig from '../src/wire/procedures/domain-config.ts';
import * as domainGuest from '../src/wire/procedures/domain-guest.ts';
import * as domainJobs from '../src/wire/procedures/domain-jobs.ts';
import * as domainTuning from '../src/wire/procedures/domain-tuning.ts';
import * as event from '../src/wire/procedures/event.ts';
import * as host from '../src/wire/procedures/host.ts';
import * as network from '../src/wire/procedures/network.ts';
import * as storage from '../src/wire/procedures/storage.ts';
import procedures from './procedures.json' with { type: 'json' };
import { reasonFor } from './reasons.ts';

interface Row {
  readonly program: 'remote' | 'qemu';
  readonly number: number;
  readonly name: string;
  readonly since: string | null;
  /** The public methods that use it. */
  readonly methods: readonly string[];
  /** Why there are none. */
  readonly reason: string | null;
}

const root = path.join(import.meta.dirname, '..');
export const README = path.join(root, 'README.md');
const HEADING = '## Coverage';

/** Used by no method of their own. */
const INTERNAL: Readonly<Record<string, string>> = {
  CONNECT_OPEN: 'connect',
  CONNECT_CLOSE: 'Connection.close',
  CONNECT_SUPPORTS_FEATURE: 'connect',
  AUTH_LIST: 'connect',
  AUTH_POLKIT: 'connect',
};

/** Every procedure of the tables, as `number name`. */
export function implemented(): { program: number; number: number; name: string }[] {
  const modules = [
    ...[device, domain, domainConfig, domainGuest, domainJobs, domainTuning],
    ...[event, host, network, storage],
  ];
  return modules.flatMap((module) =>
    Object.values<object>(module).flatMap((table) => Object.values(table)),
  );
}

/** Public methods by the procedures they call, themselves or through a private method. */
function methodsByProcedure(): Map<string, string[]> {
  const callers = new Map<string, string[]>();
  const directory = path.join(root, 'src/client');
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.ts'))) {
    for (const [used, method] of usesIn(readFileSync(path.join(directory, file), 'utf8'), file)) {
      callers.set(used, [...new Set([...(callers.get(used) ?? []), method])]);
    }
  }
  const resolve = (method: string): string[] =>
    method.includes('#') ? (callers.get(method) ?? []) : [method];
  return new Map([...callers].map(([used, methods]) => [used, methods.flatMap(resolve)]));
}

/** Pairs of what is used, a procedure or a private method, and the method that uses it. */
function* usesIn(text: string, file: string): Generator<[used: string, method: string]> {
  let owner = '';
  let method = '';
  const entry = () => (method.startsWith('#') ? `${file}${method}` : `${owner}.${method}`);
  for (const line of text.split('\n')) {
    owner = publicName(/^export (?:abstract )?class (\w+)/.exec(line)?.[1]) ?? owner;
    method = /^ {2}(?:async )?(#?\w+)(?:<.*>)?\(/.exec(line)?.[1] ?? method;
    for (const [, name = ''] of line.matchAll(/\b[a-z]\w*\.([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g)) {
      yield [name, entry()];
    }
    for (const [, name = ''] of line.matchAll(/\bthis\.(#\w+)\(/g))
      yield [`${file}${name}`, entry()];
  }
}

function publicName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (/^Domain(?!Snapshot|Checkpoint|Calls)/.test(name)) return 'Domain';
  return name.endsWith('Calls') ? 'Connection' : name;
}

/** `on('domain', 'lifecycle')` by program and number of the messages, and of what asks for them. */
function eventsByProcedure(): Map<string, string> {
  const families = { ...events };
  const found = new Map<string, string>();
  for (const [table, kinds] of Object.entries(families)) {
    const family = table.replace(/Events$/, '');
    for (const [kind, definition] of Object.entries(kinds)) {
      const { program, message, register, deregister } = definition;
      found.set(`${program}:${message}`, `Connection.on('${family}', '${kind}')`);
      found.set(`${program}:${register.number}`, 'Connection.on');
      found.set(`${program}:${deregister.number}`, 'Connection.on');
    }
  }
  return found;
}

/** One row for every procedure that libvirt has. */
export function coverage(): Row[] {
  const methods = methodsByProcedure();
  const eventful = eventsByProcedure();
  const facts = (['remote', 'qemu'] as const).flatMap((program) =>
    procedures[program].map((line) => {
      const [number, name = '', since = null] = line.split(' ');
      return { program, number: Number(number), name, since };
    }),
  );
  const using = ({ program, number, name }: (typeof facts)[number]): string[] => {
    const wire = program === 'qemu' ? Program.QEMU : Program.REMOTE;
    const known = implemented().some((one) => one.program === wire && one.number === number);
    const found = eventful.get(`${wire}:${number}`) ?? INTERNAL[name];
    if (found !== undefined) return [found];
    return known ? (methods.get(name) ?? []) : [];
  };
  const used = new Map(facts.map((fact) => [fact.name, using(fact)]));
  return facts.map((fact) => {
    const found = using(fact);
    const reason = reasonFor(fact.name, (name) => (used.get(name)?.length ?? 0) > 0);
    return { ...fact, methods: found, reason: found.length > 0 ? null : reason };
  });
}

/** The README's section. */
export function section(rows: readonly Row[] = coverage()): string {
  const done = rows.filter(({ methods }) => methods.length > 0).length;
  const line = ({ program, number, name, since, methods, reason }: Row): string => {
    const what = methods.length > 0 ? methods.map((one) => `\`${one}\``).join(', ') : `– ${reason}`;
    return `| ${program === 'qemu' ? 'Q' : ''}${number} | ${name} | ${since ?? ''} | ${what} |`;
  };
  return [
    HEADING,
    '',
    `${done} of libvirt's ${rows.length} procedures (as of 11.3) have a method or event; of the others the`,
    'table says why not. Q marks the program of QEMU; "since" is the release that brought the call.',
    '',
    '| number | procedure | since | method, or why not |',
    '| ---: | --- | --- | --- |',
    ...rows.map(line),
    '',
  ].join('\n');
}

/** The README with its section replaced, or with one at its end. */
export function withSection(readme: string): string {
  const start = readme.indexOf(`${HEADING}\n`);
  if (start < 0) return `${readme.trimEnd()}\n\n${section()}`;
  const next = readme.indexOf('\n## ', start + 1);
  const rest = next < 0 ? '' : readme.slice(next);
  return `${readme.slice(0, start)}${section()}${rest}`;
}

if (process.argv.includes('--write')) {
  writeFileSync(README, withSection(readFileSync(README, 'utf8')));
}
