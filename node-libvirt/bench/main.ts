// npm run bench -w node-libvirt -- [--json] [--rounds N] [--figure TEXT]
// Exit code: 0 every limit held, 1 one was missed, 2 something that it needs is not there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { missing } from '../test/support/session-daemon.ts';
import type { Command, Operation } from './command.ts';
import { type FigureSpec, figures } from './figures.ts';
import { type Fixture, prepare } from './fixture.ts';
import { held, jsonLine, type Result, table } from './report.ts';
import { runVirsh } from './virsh.ts';
import { WorkerProcess } from './worker-process.ts';

const PYTHON = '/usr/bin/python3';
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

function whatIsMissing(): string[] {
  const imported = spawnSync(PYTHON, ['-c', 'import libvirt'], { stdio: 'ignore' });
  const needs: readonly (readonly [boolean, string])[] = [
    [missing === null, 'libvirtd (Debian: apt install libvirt-daemon)'],
    [existsSync('/usr/bin/qemu-system-x86_64'), 'QEMU (Debian: apt install qemu-system-x86)'],
    [spawnSync('virsh', ['--version']).status === 0, 'virsh (Debian: apt install libvirt-clients)'],
    [imported.status === 0, `libvirt for ${PYTHON} (Debian: apt install python3-libvirt)`],
  ];
  return needs.filter(([there]) => !there).map(([, what]) => what);
}

const startNode = (): WorkerProcess =>
  new WorkerProcess('node-libvirt', process.execPath, ['--expose-gc', here('./worker.ts')]);
const startPeer = (...args: string[]): WorkerProcess =>
  new WorkerProcess('python3-libvirt', PYTHON, [here('./peer.py'), ...args]);

interface Sides {
  readonly node: WorkerProcess;
  readonly peer: WorkerProcess;
}

async function withSides<T>(peerArgs: string[], work: (sides: Sides) => Promise<T>): Promise<T> {
  const sides = { node: startNode(), peer: startPeer(...peerArgs) };
  try {
    return await work(sides);
  } finally {
    await Promise.all([sides.node.end(), sides.peer.end()]);
  }
}

interface Round {
  readonly value: number;
  readonly peer: number;
  readonly virsh: number | null;
}

/** One round of one figure; which side begins alternates. */
async function measure(
  spec: FigureSpec,
  { node, peer }: Sides,
  fixture: Fixture,
  index: number,
): Promise<Round> {
  const command: Command = { ...fixture.command, n: spec.n };
  const ours = (): Promise<number> => node.measure(spec.op, command);
  const theirs = (): Promise<number> => peer.measure(spec.peerOp ?? spec.op, command);
  const [first, second] = index % 2 === 0 ? [ours, theirs] : [theirs, ours];
  const [a, b] = [await first(), await second()];
  const [value, other] = index % 2 === 0 ? [a, b] : [b, a];
  const script = spec.virsh?.(command, fixture.domains);
  const virsh = script === undefined ? null : await runVirsh(command.uri, script);
  return { value, peer: other, virsh };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [lower = Number.NaN, upper = lower] = sorted.slice(middle - 1, middle + 1);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : (lower + upper) / 2;
}

const NEEDS_EVENTS: readonly Operation[] = ['event'];

/** Ends early after SIGINT and SIGTERM: what was measured until then is shown, nothing is left. */
async function measureAll(
  specs: readonly FigureSpec[],
  fixture: Fixture,
  rounds: number,
): Promise<Result[]> {
  let wanted = true;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      wanted = false;
    });
  }
  const found = new Map<FigureSpec, Round[]>(specs.map((spec) => [spec, []]));
  await withSides([], (plain) =>
    withSides(['--events'], async (withEvents) => {
      // The first round only warms both sides up.
      for (let index = -1; index < rounds && wanted; index++) {
        for (const [spec, list] of found) {
          if (!wanted) break;
          const sides = NEEDS_EVENTS.includes(spec.op) ? withEvents : plain;
          const round = spec.fresh
            ? await withSides([], (fresh) => measure(spec, fresh, fixture, index))
            : await measure(spec, sides, fixture, index);
          if (index >= 0) list.push(round);
        }
      }
    }),
  );
  return [...found]
    .filter(([, list]) => list.length > 0)
    .map(([spec, list]) => summarise(spec, list));
}

function summarise(spec: FigureSpec, rounds: readonly Round[]): Result {
  const virsh = rounds.map((round) => round.virsh).filter((value) => value !== null);
  return {
    spec,
    value: median(rounds.map((round) => round.value)),
    peer: median(rounds.map((round) => round.peer)),
    virsh: virsh.length === 0 ? null : median(virsh),
  };
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '15' },
    figure: { type: 'string', default: '' },
  },
});
const lacking = whatIsMissing();
const rounds = Number(values.rounds);
const specs = figures.filter(({ figure }) => figure.includes(values.figure));
if (lacking.length > 0 || !Number.isInteger(rounds) || rounds < 1 || specs.length === 0) {
  for (const what of lacking) console.error(`the benchmark needs ${what}`);
  if (lacking.length === 0) console.error('usage: bench [--json] [--rounds N] [--figure TEXT]');
  process.exit(2);
}
const fixture = await prepare();
try {
  const results = await measureAll(specs, fixture, rounds);
  console.log(values.json ? results.map(jsonLine).join('\n') : table(results));
  process.exitCode = results.some((result) => held(result) === false) ? 1 : 0;
} finally {
  await fixture.remove();
}
