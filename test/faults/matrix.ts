import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { CreateRequest } from '../../src-contract/model/create-request.ts';
import { compose } from '../../src-main/compose.ts';
import { inputDefaults } from '../fakes/defaults.ts';
import { buildTinyImage } from '../fixtures/index.ts';
import { startRootDaemon, type TestDaemon } from '../support/daemon/index.ts';
import type { Cell } from './cells.ts';
import { survey } from './leftovers.ts';
import { runVictim, type VictimEnd } from './run-victim.ts';

export interface CellResult extends Cell {
  leftovers: string[];
  /** What did not go as the cell demands, besides leftovers. */
  complaints: string[];
  ms: number;
  /** How long a cancellation took, where one was asked for. */
  cancelMs: number | null;
}

const CANCEL_LIMIT_MS = 5000;
const MiB = 1024 ** 2;

interface Bench {
  daemon: TestDaemon;
  home: string;
  temp: string;
  mediaId: string | null;
}

const environment = ({ daemon, home, temp }: Bench): Record<string, string> => ({
  BERTH_HOME: home,
  BERTH_LIBVIRT_URI: daemon.uri,
  BERTH_DAEMON_PATHS: `/var/lib/libvirt=${daemon.outerPath('/var/lib/libvirt')}`,
  TMPDIR: temp,
});

function requestFor({ subject }: Cell, name: string, mediaId: string | null): CreateRequest {
  const common = { ...inputDefaults, name };
  if (subject === 'tryout') return { ...common, templateId: 'tryout' };
  if (mediaId === null) throw new Error('the image is not in the library');
  return {
    ...common,
    templateId: 'cloud-image',
    user: 'ada',
    password: 'correct horse',
    overrides: {
      mediaId,
      vcpus: 1,
      memoryBytes: 256 * MiB,
      diskBytes: 512 * MiB,
      firmware: 'bios',
    },
  };
}

async function importImage(bench: Bench): Promise<void> {
  const image = await buildTinyImage();
  const berth = await compose({ home: bench.home, uri: bench.daemon.uri });
  try {
    await berth.connect();
    const added = await berth.media.add({ path: image });
    const ready = () =>
      berth.media.list().find(({ id, state }) => id === added.id && state === 'ready');
    while (!ready()) await new Promise((resolve) => berth.hub.subscribe(resolve));
    bench.mediaId = added.id;
  } finally {
    await berth.close();
  }
}

/** Machines that a fault rightly left alone are deleted as a person would. */
async function deleteMachine(bench: Bench, name: string): Promise<boolean> {
  const berth = await compose({ home: bench.home, uri: bench.daemon.uri });
  try {
    await berth.connect();
    const machine = berth.library.list().find((row) => row.name === name);
    if (machine) await berth.deleteMachine(machine.id);
    return machine !== undefined;
  } finally {
    await berth.close();
  }
}

async function provoke(bench: Bench, cell: Cell, name: string): Promise<VictimEnd> {
  const job = { home: bench.home, cell, request: requestFor(cell, name, bench.mediaId) };
  const env = environment(bench);
  let restarted: Promise<void> | null = null;
  const end = await runVictim({ ...job, until: 'ready' }, env, (line, answer) => {
    if (line['type'] !== 'daemon') return;
    restarted = bench.daemon.kill().then(() => {
      answer('killed');
      return bench.daemon.restart();
    });
  });
  await restarted;
  return end;
}

/** The library's pool stays when a machine is deleted; a creation that fails removes the pool that it made. */
const POOL = /^(pool berth|file etc\/storage\/(autostart\/)?berth\.xml)$/;
const WATCHED = new Set(['first-boot', 'ready']);

/** The last line of the victim must tell what the fault did. */
function judge(cell: Cell, end: VictimEnd): string[] {
  const { fault, stage } = cell;
  const last = end.lines.at(-1);
  if (fault === 'kill' || fault === 'kill-late') {
    return end.signal === 'SIGKILL'
      ? []
      : [`was not killed: ${JSON.stringify(last)} ${end.stderr}`];
  }
  // These two are over before the person has an id to look at: the request itself is refused.
  const early = stage === 'validate' || stage === 'reserve';
  if (last?.['type'] === 'refused') return early ? [] : [`refused: ${last['error']}`];
  const wanted = fault === 'cancel' ? ['cancelled'] : ['failed', 'completed'];
  if (last?.['type'] !== 'ended') return [`ended without a word: ${end.stderr.slice(-400)}`];
  const complaints = wanted.includes(String(last['state'])) ? [] : [`state ${last['state']}`];
  if (fault.startsWith('fail') && last['state'] !== 'failed') complaints.push('did not fail');
  if (fault === 'cancel' && Number(last['cancelMs']) > CANCEL_LIMIT_MS)
    complaints.push('cancel too slow');
  return complaints;
}

async function runCell(bench: Bench, cell: Cell, index: number): Promise<CellResult> {
  const name = `f${index}-${cell.stage}-${cell.fault}`;
  const before = await survey(bench.daemon, bench.home, bench.temp);
  const start = performance.now();
  const end = await provoke(bench, cell, name);
  const complaints = judge(cell, end);
  if (end.signal) {
    const next = await runVictim(
      { home: bench.home, cell: null, request: null, until: 'running' },
      environment(bench),
    );
    if (next.code !== 0) complaints.push(`the next start failed: ${next.stderr.slice(-400)}`);
  }
  const completed = end.lines.at(-1)?.['state'] === 'completed';
  const kept = completed || (WATCHED.has(cell.stage) && cell.fault !== 'cancel');
  const deleted = kept ? await deleteMachine(bench, name) : false;
  if (kept && !deleted) complaints.push('the machine should have been kept');
  const after = await survey(bench.daemon, bench.home, bench.temp);
  const cancelMs = end.lines.at(-1)?.['cancelMs'];
  return {
    ...cell,
    complaints,
    leftovers: after.filter((item) => !before.includes(item) && !(deleted && POOL.test(item))),
    ms: Math.round(performance.now() - start),
    cancelMs: typeof cancelMs === 'number' && cancelMs > 0 ? Math.round(cancelMs) : null,
  };
}

/** A private libvirtd and a Berth home for cells, which run one after the other. */
export interface Matrix {
  run(cell: Cell): Promise<CellResult>;
  close(): Promise<void>;
}

export async function openMatrix(): Promise<Matrix> {
  const daemon = await startRootDaemon();
  const home = mkdtempSync('/tmp/bf-');
  const temp = `${home}-tmp`;
  mkdirSync(temp);
  const bench: Bench = { daemon, home, temp, mediaId: null };
  await runVictim({ home, cell: null, request: null, until: 'running' }, environment(bench));
  let index = 0;
  return {
    run: async (cell) => {
      if (cell.subject === 'image' && bench.mediaId === null) await importImage(bench);
      index += 1;
      return await runCell(bench, cell, index);
    },
    close: async () => {
      await daemon.stop();
      rmSync(home, { recursive: true, force: true });
      rmSync(temp, { recursive: true, force: true });
    },
  };
}
