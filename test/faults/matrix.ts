import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { CreateRequest, Overrides } from '../../src-contract/model/create-request.ts';
import { type Berth, compose } from '../../src-main/compose.ts';
import { BerthError } from '../../src-main/core/errors.ts';
import { inputDefaults } from '../fakes/defaults.ts';
import { buildTinyImage } from '../fixtures/index.ts';
import { startRootDaemon, type TestDaemon } from '../support/daemon/index.ts';
import type { Cell } from './cells.ts';
import { breakHost, mendHost, mountPools } from './host-faults.ts';
import type { OutsideFault } from './interpose.ts';
import { isOver, judge, keeps } from './judge.ts';
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

const MiB = 1024 ** 2;
const OUTSIDE_FAULTS: readonly OutsideFault[] = ['daemon', 'pool-full', 'db-locked'];

/** Libvirt watches a filtered guest's DHCP and takes long to stop one that has not got an address yet. */
const FILTERED = new Set(['network', 'define', 'start']);
const FILTER: Overrides = {
  filter: { preset: 'allow-outbound', rules: [] },
  network: { kind: 'network', name: 'default' },
};

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

function requestFor({ subject, stage }: Cell, name: string, mediaId: string | null): CreateRequest {
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
      ...(FILTERED.has(stage) && FILTER),
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

/** On a busy computer libvirt may take longer to stop a machine than Berth waits; then it is to be asked again. */
async function deletePatiently(berth: Berth, id: string, attempts = 3): Promise<void> {
  try {
    await berth.deleteMachine(id);
  } catch (error) {
    const again = error instanceof BerthError && error.retryable && attempts > 1;
    if (!again) throw error;
    await deletePatiently(berth, id, attempts - 1);
  }
}

/** Machines that a fault rightly left alone are deleted as a person would. */
async function deleteMachine(bench: Bench, name: string): Promise<boolean> {
  const berth = await compose({ home: bench.home, uri: bench.daemon.uri });
  try {
    await berth.connect();
    const machine = berth.library.list().find((row) => row.name === name);
    if (machine) await deletePatiently(berth, machine.id);
    return machine !== undefined;
  } finally {
    await berth.close();
  }
}

async function provoke(bench: Bench, cell: Cell, name: string): Promise<VictimEnd> {
  const job = { home: bench.home, cell, request: requestFor(cell, name, bench.mediaId) };
  const env = environment(bench);
  let mended: Promise<void> | null = null;
  const end = await runVictim({ ...job, until: 'ready' }, env, (line, answer) => {
    const fault = OUTSIDE_FAULTS.find((one) => line['type'] === 'outside' && line['fault'] === one);
    if (!fault) return;
    mended = breakHost(bench, fault, answer);
    mended.catch(() => answer('in vain'));
  });
  await mended;
  if (cell.fault === 'pool-full') await mendHost(bench.daemon);
  return end;
}

/** The library's pool stays when a machine is deleted; a creation that fails removes the pool that it made. */
const POOL = /^(pool berth|file etc\/storage\/(autostart\/)?berth\.xml)$/;

async function runCell(bench: Bench, cell: Cell, index: number): Promise<CellResult> {
  const name = `f${index}-${cell.stage}-${cell.fault}`;
  const before = await survey(bench.daemon, bench.home, bench.temp);
  const start = performance.now();
  const end = await provoke(bench, cell, name);
  const complaints = judge(cell, end);
  if (end.signal || !isOver(end)) {
    const next = await runVictim(
      { home: bench.home, cell: null, request: null, until: 'running' },
      environment(bench),
    );
    if (next.code !== 0) complaints.push(`the next start failed: ${next.stderr.slice(-400)}`);
  }
  const kept = keeps(cell, end);
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
  await mountPools(daemon);
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
