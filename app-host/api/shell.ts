import { spawn } from 'node:child_process';
import { dirname } from 'node:path';

/** Electron's `shell`, through the desktop's xdg-open. */
export const shell = {
  /** @throws Error when the desktop has nothing that opens it */
  async openExternal(url: string): Promise<void> {
    const { protocol } = new URL(url);
    if (protocol === 'javascript:') throw new Error(`Invalid URL: ${url}`);
    const failure = await open(url);
    if (failure) throw new Error(failure);
  },

  /** The error's text, or an empty string. */
  openPath(path: string): Promise<string> {
    return open(path);
  },

  /** Opens the folder; xdg-open cannot select the file in it. */
  showItemInFolder(path: string): void {
    void open(dirname(path));
  },

  beep(): void {
    process.stderr.write('\u0007');
  },

  /** @throws Error when there is no trash, or no such file */
  async trashItem(path: string): Promise<void> {
    const failure = await run('gio', ['trash', '--', path]);
    if (failure) throw new Error(failure);
  },
};

function open(target: string): Promise<string> {
  return run('xdg-open', [target]);
}

/** Programs that stay, such as a browser started by xdg-open, count as a success after a moment. */
function run(program: string, args: string[]): Promise<string> {
  const graceTime = 3_000;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    const timer = setTimeout(() => resolve(''), graceTime).unref();
    const end = (failure: string) => {
      clearTimeout(timer);
      resolve(failure);
    };
    child.on('error', (error) => end(`${program}: ${error.message}`));
    child.on('exit', (code) => end(code === 0 ? '' : `${program} ended with ${code}`));
    child.unref();
  });
}
