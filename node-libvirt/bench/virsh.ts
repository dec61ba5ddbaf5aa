import { spawn } from 'node:child_process';
import { once } from 'node:events';

const TIMEOUT_MS = 120_000;

/** Milliseconds for one virsh process, its start included, that reads `commands` from its stdin. */
export async function runVirsh(uri: string, commands: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn('virsh', ['-q', '-c', uri], {
    stdio: ['pipe', 'ignore', 'inherit'],
    timeout: TIMEOUT_MS,
  });
  const exit = once(child, 'exit');
  child.stdin.on('error', () => undefined).end(`${commands.join('\n')}\n`);
  const [code] = await exit;
  if (code !== 0) throw new Error(`virsh ended with ${String(code)}`);
  return performance.now() - start;
}
