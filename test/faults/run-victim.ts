import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CreateRequest } from '../../src-contract/model/create-request.ts';
import type { Cell } from './cells.ts';

/** Only to end what hangs. */
const LIMIT_MS = 270_000;

export interface VictimJob {
  home: string;
  cell: Cell | null;
  request: CreateRequest | null;
  until: 'running' | 'ready';
}

export interface VictimEnd {
  lines: Record<string, unknown>[];
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
}

/** Runs one Berth to its end. `onLine` sees each line as it comes and may answer on standard input. */
export async function runVictim(
  job: VictimJob,
  env: Record<string, string>,
  onLine: (line: Record<string, unknown>, answer: (text: string) => void) => void = () => {},
): Promise<VictimEnd> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'victim.ts'), JSON.stringify(job)],
    {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const lines: Record<string, unknown>[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {
    // the victim died before it read its answer
  });
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => {
    const line: Record<string, unknown> = JSON.parse(text);
    lines.push(line);
    onLine(line, (answer) => child.stdin.write(`${answer}\n`));
  });
  const drained = new Promise((resolve) => reader.once('close', resolve));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('exit', (...end) => resolve(end)),
  );
  await drained;
  clearTimeout(timer);
  return { lines, code, signal, stderr };
}
