import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { findChromium } from '../../app-host/chromium/executable.ts';
import { browserSwitches } from '../../app-host/chromium/switches.ts';

const LIMIT_MS = 30_000;

/** A new folder for the profile; the first start in it is slower than the next ones. */
export const makeProfile = (): string => mkdtempSync(join(tmpdir(), 'berth-bare-'));
export const removeProfile = (profile: string): void => {
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
};

/**
 * Milliseconds from exec to the end of loading of a one-line page in a Chromium that does nothing else and has the
 * Chromium host's own switches: the floor of every start in it, whatever Berth does.
 */
export async function startBareChromium(
  profile: string,
  env: Record<string, string>,
): Promise<number> {
  const switches = browserSwitches({
    profile,
    headless: !(env['DISPLAY'] || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']),
    sandbox: process.getuid?.() !== 0,
    windowClass: 'Berth',
    url: 'data:text/html,<title>bare</title>bare',
    debuggingPort: undefined,
    extra: [],
  });
  const started = performance.now();
  const child = spawn(findChromium(), switches, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // Its socket too lies in the folder that is removed.
    env: { ...process.env, ...env, TMPDIR: profile },
  });
  const [, , , output, input] = child.stdio;
  if (!(output instanceof Writable) || !(input instanceof Readable)) throw new Error('no pipe');
  const gone = new Promise((done) => child.once('exit', done));
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  output.on('error', () => undefined);
  const post = (id: number, method: string, params: object, sessionId?: string) =>
    output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  post(1, 'Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
  });
  try {
    let text = '';
    for await (const chunk of input) {
      text += chunk;
      const messages = text.split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const { method, params } = JSON.parse(message);
        if (method === 'Target.attachedToTarget' && params.targetInfo.type === 'page') {
          post(2, 'Page.enable', {}, params.sessionId);
          post(3, 'Page.reload', {}, params.sessionId);
          post(4, 'Runtime.runIfWaitingForDebugger', {}, params.sessionId);
        }
        if (method === 'Page.frameStoppedLoading') return performance.now() - started;
      }
    }
    throw new Error('Chromium ended before its page was loaded');
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
    await gone;
  }
}
