import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const NETCAT = `#!${process.execPath}
const socket = require('node:net').connect(process.argv.at(-1));
socket.on('error', (error) => { console.error(error.message); process.exit(1); });
process.stdin.pipe(socket).pipe(process.stdout);
`;

/** A program that takes ssh's arguments and runs the command here, and a netcat for that command. */
export class FakeSSH {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** `run` is what runs the command: it finds it in `$1`. */
  static async make(run = 'exec sh -c "$1"'): Promise<FakeSSH> {
    const ssh = new FakeSSH(await mkdtemp('/tmp/lvs-'));
    await chmod(ssh.directory, 0o755);
    await ssh.#write('ssh', `#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift 2\n${run}\n`);
    await ssh.#write('nc', NETCAT);
    return ssh;
  }

  get command(): string {
    return path.join(this.directory, 'ssh');
  }

  get netcat(): string {
    return path.join(this.directory, 'nc');
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  async #write(name: string, text: string): Promise<void> {
    await writeFile(path.join(this.directory, name), text, { mode: 0o755 });
  }
}
