import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '../..');
const TIMEOUT_MS = 120_000;

/** Packs a copy, so that nobody who runs the sources meanwhile sees the manifest change. */
async function pack(to: string): Promise<string> {
  const cache = path.join(root, '../.cache');
  await mkdir(cache, { recursive: true });
  const copy = await mkdtemp(path.join(cache, 'node-libvirt-pack-'));
  try {
    const directory = path.join(copy, 'node-libvirt');
    const { files } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    const wanted = [
      'src',
      'scripts',
      'package.json',
      'tsconfig.build.json',
      'README.md',
      'LICENSE',
    ];
    for (const name of [...wanted, ...files].filter((name) => name !== 'dist')) {
      await cp(path.join(root, name), path.join(directory, name), { recursive: true });
    }
    await cp(path.join(root, '../tsconfig.base.json'), path.join(copy, 'tsconfig.base.json'));
    const args = ['pack', '--json', '--pack-destination', to];
    const { stdout } = await run('npm', args, { cwd: directory, timeout: TIMEOUT_MS });
    const manifest = await readFile(path.join(directory, 'package.json'), 'utf8');
    if (manifest !== (await readFile(path.join(root, 'package.json'), 'utf8'))) {
      throw new Error('npm pack has left a changed package.json');
    }
    return path.join(to, /[\w.-]+\.tgz/.exec(stdout)?.[0] ?? '');
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** An empty project, far from this one, into which the packed package is installed. */
export class Consumer {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<Consumer> {
    const consumer = new Consumer(await mkdtemp('/tmp/node-libvirt-consumer-'));
    try {
      await consumer.write('package.json', '{ "private": true, "type": "module" }\n');
      const tarball = await pack(consumer.directory);
      const args = ['install', '--offline', '--no-audit', '--no-fund', tarball];
      await run('npm', args, { cwd: consumer.directory, timeout: TIMEOUT_MS });
      await run('chmod', ['-R', 'a+rX', consumer.directory]);
      return consumer;
    } catch (error) {
      await consumer.remove();
      throw error;
    }
  }

  path(...parts: string[]): string {
    return path.join(this.directory, ...parts);
  }

  async write(name: string, text: string): Promise<string> {
    await writeFile(this.path(name), text, { mode: 0o644 });
    return this.path(name);
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}
