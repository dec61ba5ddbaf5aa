import { execFile } from 'node:child_process';
import {
  closeSync,
  constants,
  createReadStream,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildFirstBootScript, readRunner } from '../../../src-main/adapters/media/first-boot.ts';
import { GuestLineParser, type GuestTask } from '../../../src-main/core/creation/guest-lines.ts';
import { type FirstBootTask, variableName } from '../../../src-main/core/domain/first-boot.ts';

const RUNNER = join(import.meta.dirname, '../../../resources/guest/first-boot');
const LIMIT_MS = 60_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'berth-first-boot-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const task = (any: string, more: Partial<FirstBootTask> = {}): FirstBootTask => ({
  kind: 'application',
  id: 'one',
  name: 'One',
  commands: { any },
  parameters: {},
  timeoutSeconds: 20,
  ...more,
});

/** Runs the script as a guest would; the port is a file. */
async function run(tasks: FirstBootTask[]): Promise<GuestTask[]> {
  const [script, port] = [join(dir, 'script'), join(dir, 'port')];
  writeFileSync(script, buildFirstBootScript(readRunner(RUNNER), tasks));
  await promisify(execFile)('mkfifo', [port]);
  // Open at both ends: neither side waits for the other.
  const end = openSync(port, constants.O_RDWR);
  const parser = new GuestLineParser();
  const reports: GuestTask[] = [];
  const stream = createReadStream(port);
  const finished = Promise.withResolvers<void>();
  stream.on('data', (chunk) => {
    for (const line of parser.push(Buffer.from(chunk))) {
      if ('ignored' in line) throw new Error(line.ignored);
      if (line.report.phase === 'end') finished.resolve();
      else if (line.report.task) reports.push(line.report.task);
    }
  });
  await promisify(execFile)('sh', [script, port], { timeout: LIMIT_MS });
  writeFileSync(port, '{"phase":"end"}\n');
  await finished.promise;
  stream.destroy();
  closeSync(end);
  return reports;
}

describe('what a guest runs at its first boot', () => {
  it('runs in order, and each result is told with exit code and last lines', async () => {
    const reports = await run([
      task('echo "made \\"it\\""; echo second >&2'),
      task('seq 1 100; exit 7'),
      task('true', { kind: 'script' }),
    ]);
    expect(reports.map(({ index, state, exitCode }) => [index, state, exitCode])).toEqual([
      [0, 'running', null],
      [0, 'done', 0],
      [1, 'running', null],
      [1, 'failed', 7],
      [2, 'running', null],
      [2, 'done', 0],
    ]);
    expect(reports[1]?.lastLines).toEqual(["made 'it'", 'second']);
    expect(reports[3]?.lastLines).toEqual(Array.from({ length: 20 }, (_, at) => String(at + 81)));
  });

  it('gives parameters as variables; neither they nor commands are read as shell by the runner', async () => {
    const value = `'; touch ${dir}/pwned; echo "$(id)" \`id\` \\`;
    const reports = await run([
      task('printf %s "$BERTH_DATA_DIR" | od -An -tx1 | tr -d " \\n" | fold -w 100; echo', {
        name: `a'b"; touch ${dir}/pwned`,
        parameters: { dataDir: value },
      }),
      task(`test ! -e ${dir}/pwned && test -z "$BERTH_DATA_DIR"`),
    ]);
    expect(reports.at(1)).toMatchObject({ state: 'done' });
    expect(Buffer.from(reports[1]?.lastLines.join('') ?? '', 'hex').toString()).toBe(value);
    expect(reports.at(-1)).toMatchObject({ state: 'done', exitCode: 0 });
  });

  it('ends what takes too long, and what it leaves behind does not hold the others up', async () => {
    const reports = await run([
      task('sleep 600', { timeoutSeconds: 1 }),
      task('sleep 600 & echo $!'),
      task('echo after'),
    ]);
    const left = Number(
      reports.find(({ index, state }) => index === 1 && state === 'done')?.lastLines[0],
    );
    process.kill(left, 'SIGKILL');
    expect(reports.filter(({ state }) => state !== 'running').map(({ state }) => state)).toEqual([
      'timed-out',
      'done',
      'done',
    ]);
  });

  it('says so when there is no command for the system', async () => {
    const [, end] = await run([task('true', { commands: { windows: 'winget install x' } })]);
    expect(end).toMatchObject({ state: 'failed', exitCode: 127 });
    expect(end?.lastLines.join()).toContain('no command for this system');
  });

  it('survives any output', async () => {
    const [, end] = await run([
      task('head -c 100000 /dev/urandom; printf "\\n\\033[1mlast\\t\\\\ é\\n"'),
    ]);
    expect(end?.state).toBe('done');
    expect(end?.lastLines.at(-1)).toMatch(/^\[1mlast \/ $|^\[1mlast \/$/);
  });

  it('names variables as people do', () => {
    expect(['port', 'dataDir', 'a1B'].map(variableName)).toEqual([
      'BERTH_PORT',
      'BERTH_DATA_DIR',
      'BERTH_A1_B',
    ]);
  });
});
