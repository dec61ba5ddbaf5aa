import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Connection, connect } from 'node-libvirt';
import { launchApp } from '../support/app.ts';
import { startRootDaemon, type TestDaemon, waitUntil } from '../support/daemon/index.ts';
import { cpuSeconds, pssMiB } from '../support/process-tree.ts';
import { makeProfile, removeProfile, startBareChromium } from './bare-chromium.ts';
import { openDisplay } from './display.ts';
import { type Figure, median } from './report.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** V8 tidies its heaps for some seconds after the start. */
const SETTLING_SECONDS = 10;
const IDLE_SECONDS = 10;
const EVENTS = 12;

/** Figures of DESIGN's bar by number of machines: seconds to the list, milliseconds to a changed row. */
const SIZES = [
  { machines: 20, startMs: 1200, eventMs: null },
  { machines: 200, startMs: 1300, eventMs: 30 },
  { machines: 1000, startMs: 1500, eventMs: 50 },
] as const;

const domainXml = (name: string) => `<domain type='qemu'><name>${name}</name>
  <memory unit='MiB'>64</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices><graphics type='spice'><listen type='none'/></graphics></devices></domain>`;

async function defineUpTo(connection: Connection, have: number, want: number): Promise<void> {
  for (let i = have; i < want; i++) {
    await connection.domainDefineXML(domainXml(`lib-${String(i).padStart(4, '0')}`));
  }
}

/** What all starts of one run have in common. */
interface Stage {
  daemon: TestDaemon;
  home: string;
  /** Environment with the display on which windows open. */
  env: Record<string, string>;
}

/** The line that Berth logs when its first list is on the screen. */
function shownLine(home: string): { at: number; machines: number } | null {
  const folder = join(home, 'logs');
  if (!existsSync(folder)) return null;
  const text = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  const line = text.split('\n').findLast((one) => one.includes('"library shown"'));
  if (line === undefined) return null;
  const fields: unknown = JSON.parse(line);
  if (typeof fields !== 'object' || fields === null) return null;
  return {
    at: Number(Reflect.get(fields, 'shownAt')),
    machines: Number(Reflect.get(fields, 'machines')),
  };
}

interface Running {
  child: ChildProcess;
  ms: number;
  stop(): Promise<void>;
}

/** Starts the app as a person does and waits until its library is complete. */
async function startApp({ daemon, home, env }: Stage, machines: number): Promise<Running> {
  const started = Date.now();
  const child = spawn(join(ROOT, 'app-host/electron'), [ROOT], {
    env: { ...process.env, ...env, BERTH_HOME: home, BERTH_LIBVIRT_URI: daemon.uri },
    stdio: 'ignore',
  });
  const stop = async () => {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
  };
  try {
    await waitUntil('the library to be shown', 60_000, () => {
      const shown = shownLine(home);
      return shown !== null && shown.at >= started && shown.machines >= machines;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { child, ms: (shownLine(home)?.at ?? Number.NaN) - started, stop };
}

async function* measureStart(
  stage: Stage,
  { machines, startMs }: (typeof SIZES)[number],
  rounds: number,
): AsyncGenerator<Figure> {
  const times: number[] = [];
  const bare: number[] = [];
  const profile = makeProfile();
  try {
    for (let round = -1; round < rounds; round++) {
      const running = await startApp(stage, machines);
      await running.stop();
      const floor = await startBareChromium(profile, stage.env);
      if (round < 0) continue; // the first of each kind fills caches
      times.push(running.ms);
      bare.push(floor);
    }
  } finally {
    removeProfile(profile);
  }
  yield {
    bench: 'startup',
    figure: `exec to library, ${machines} machines`,
    value: median(times),
    unit: 'ms',
    peer: 'bare Chromium, one-line page',
    ratio: median(times) / median(bare),
    limit: startMs,
    limitsValue: true,
  };
}

/** What the window costs while nothing happens. */
async function* measureIdle(stage: Stage, machines: number): AsyncGenerator<Figure> {
  const running = await startApp(stage, machines);
  try {
    const pid = running.child.pid ?? 0;
    await new Promise((done) => setTimeout(done, SETTLING_SECONDS * 1000));
    const before = cpuSeconds(pid);
    await new Promise((done) => setTimeout(done, IDLE_SECONDS * 1000));
    yield {
      bench: 'startup',
      figure: `idle CPU, ${machines} machines`,
      value: ((cpuSeconds(pid) - before) / IDLE_SECONDS) * 100,
      unit: '% of a core',
      limit: 1,
    };
    yield {
      bench: 'startup',
      figure: `memory (PSS), ${machines} machines`,
      value: pssMiB(pid),
      unit: 'MiB',
      limit: 550,
    };
  } finally {
    await running.stop();
  }
}

/** Runs in the page: the moment at which the row of a machine says `text`, in milliseconds since the epoch. */
function changeOf({ name, text }: { name: string; text: string }): Promise<number> {
  return new Promise((done, fail) => {
    const says = () =>
      document.querySelector(`[data-machine="${name}"] [data-testid="state"]`)?.textContent ===
      text;
    const observer = new MutationObserver(() => {
      if (!says()) return;
      observer.disconnect();
      done(performance.timeOrigin + performance.now());
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    setTimeout(() => fail(new Error(`the row of ${name} never said ${text}`)), 5000);
  });
}

/** Suspends and resumes one machine from outside and times when its row says so. */
async function* measureEvents(
  { daemon, env }: Stage,
  connection: Connection,
  { machines, eventMs }: (typeof SIZES)[number],
): AsyncGenerator<Figure> {
  if (eventMs === null) return;
  const domain = await connection.domainLookupByName('lib-0000');
  const { page, close } = await launchApp({ env: { ...env, BERTH_LIBVIRT_URI: daemon.uri } });
  try {
    const row = page.locator('[data-testid="machine-row"][data-machine="lib-0000"]');
    await row.waitFor();
    const times: number[] = [];
    for (let i = 0; i < EVENTS; i++) {
      const pausing = i % 2 === 0;
      const changed = page.evaluate(changeOf, {
        name: 'lib-0000',
        text: pausing ? 'Paused' : 'Running',
      });
      await page.evaluate(() => 0); // the observer stands
      const called = performance.timeOrigin + performance.now();
      await (pausing ? domain.suspend() : domain.resume());
      times.push((await changed) - called);
    }
    yield {
      bench: 'startup',
      figure: `suspend or resume to changed row, ${machines} machines`,
      value: median(times),
      unit: 'ms',
      limit: eventMs,
    };
  } finally {
    await close();
  }
}

export async function* benchStartup(rounds = 5): AsyncGenerator<Figure> {
  const display = await openDisplay();
  console.error(`Windows open on: ${display.name}`);
  const daemon = await startRootDaemon();
  const home = mkdtempSync('/tmp/bb-');
  const stage = { daemon, home, env: display.env };
  const connection = await connect(daemon.uri);
  try {
    let have = 0;
    for (const size of SIZES) {
      await defineUpTo(connection, have, size.machines);
      if (have === 0) await (await connection.domainLookupByName('lib-0000')).createWithFlags(0);
      have = size.machines;
      yield* measureStart(stage, size, rounds);
      if (size.machines === 1000) yield* measureIdle(stage, size.machines);
      yield* measureEvents(stage, connection, size);
    }
  } finally {
    await connection.close();
    await daemon.stop();
    await display.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
