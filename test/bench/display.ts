import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';

export interface Display {
  /** Where windows open, in words. */
  name: string;
  env: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * A display of the bench's own: nobody sees the windows, and as on a desktop the server does not start anew with each
 * of them. Without Xvfb it is the present display, or none, and windows exist only in memory.
 */
export async function openDisplay(): Promise<Display> {
  const child = spawn(
    'Xvfb',
    ['-displayfd', '3', '-noreset', '-nolisten', 'tcp', '-screen', '0', '1400x900x24'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const failed = new Promise<null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', () => resolve(null));
  });
  const output = child.stdio[3];
  const number = await Promise.race([
    failed,
    output instanceof Readable ? firstLine(output) : failed,
  ]);
  if (number === null) return presentDisplay();
  const stop = async () => {
    child.kill();
    await failed;
  };
  return { name: `Xvfb :${number}`, env: { DISPLAY: `:${number}` }, stop };
}

async function firstLine(input: Readable): Promise<string | null> {
  let text = '';
  for await (const chunk of input) {
    text += chunk;
    if (text.includes('\n')) return text.trim();
  }
  return null;
}

function presentDisplay(): Display {
  const present = process.env['WAYLAND_DISPLAY'] || process.env['DISPLAY'];
  const name = present ? `display ${present}` : 'no display, headless';
  return { name, env: {}, stop: async () => undefined };
}
