import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src-main/adapters/sqlite/open-store.ts';
import { Child } from './helpers/child.ts';
import { creation, owner } from './helpers/samples.ts';
import { memoryLog, TempStore, thrownBy } from './helpers/temp-store.ts';

const NOBODY = 65534;
const KIB = 1024;

/** Mounting takes root, and not every container lets root do it. */
const mountProblem = findMountProblem();
const isRoot = process.getuid?.() === 0;
if (mountProblem) console.log(`SKIPPED: full disk and read-only disk, because ${mountProblem}`);
if (!isRoot)
  console.log('SKIPPED: another user’s folder, because it takes root to become another user');

describe.skipIf(mountProblem)('a disk', () => {
  it('that is full refuses writes as database_full and loses nothing', () => {
    using disk = new SmallDisk(1024 * KIB);
    const path = join(disk.folder, 'berth.db');
    const store = open(path);
    store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
    const text = 'x'.repeat(4000);
    const ballast = join(disk.folder, 'ballast');
    writeFileSync(ballast, new Uint8Array(400 * KIB));
    let written = 0;
    const error = thrownBy(() => {
      for (; written < 1000; written += 1) {
        store.creations.appendLog('c1', [{ at: written, stage: 'media', level: 'info', text }]);
      }
    });
    expect(error).toMatchObject({ code: 'database_full', retryable: true });
    expect(store.creations.log('c1')).toHaveLength(written);
    rmSync(ballast);
    store.creations.appendLog('c1', [{ at: 1, stage: 'media', level: 'info', text: 'again' }]);
    store.close();
    const reopened = open(path);
    expect(reopened.creations.log('c1')).toHaveLength(written + 1);
    reopened.close();
  });

  it('that is full from the start refuses to open as database_full', () => {
    using disk = new SmallDisk(64 * KIB);
    writeFileSync(join(disk.folder, 'ballast'), new Uint8Array(52 * KIB));
    const error = thrownBy(() => open(join(disk.folder, 'berth.db')));
    expect(error).toMatchObject({ code: 'database_full' });
  });

  it('that is read-only is told as such', () => {
    using disk = new SmallDisk(1024 * KIB);
    const path = join(disk.folder, 'berth.db');
    open(path).close();
    disk.remountReadOnly();
    expect(thrownBy(() => open(path))).toMatchObject({
      code: 'database_unwritable',
      hint: expect.stringContaining(path),
    });
    const other = join(disk.folder, 'new', 'berth.db');
    expect(thrownBy(() => open(other))).toMatchObject({ code: 'database_unwritable' });
  });
});

describe.skipIf(!isRoot)('a folder of another user', () => {
  it('is told as such, new database or old', async () => {
    using temp = new TempStore();
    chownSync(temp.folder, NOBODY, NOBODY);
    const opener = () => new Child('opener.ts', [temp.path, temp.backupDir], { uid: NOBODY });
    mkdirSync(dirname(temp.path), { mode: 0o755 });
    for (const file of [null, temp.path]) {
      if (file) temp.close(temp.open());
      const child = opener();
      expect(await child.line(1)).toBe('database_unwritable');
      await child.end();
    }
  });
});

class SmallDisk implements Disposable {
  readonly #temp = new TempStore();
  readonly folder = this.#temp.folder;

  constructor(bytes: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'berth-test', this.folder]);
  }

  remountReadOnly(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.folder]);
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['--lazy', this.folder]);
    this.#temp[Symbol.dispose]();
  }
}

function open(path: string) {
  const backupDir = join(dirname(path), 'backups');
  return openStore({ path, backupDir, log: memoryLog(), now: Date.now });
}

function findMountProblem(): string | null {
  if (process.getuid?.() !== 0) return 'it takes root to mount a small file system';
  using temp = new TempStore();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'berth-test', temp.folder], {
      stdio: 'pipe',
    });
    const mounted = readFileSync('/proc/mounts', 'utf8').includes(temp.folder);
    execFileSync('umount', [temp.folder]);
    return mounted && existsSync(temp.folder) ? null : 'the mount did not show';
  } catch (error) {
    return `mounting failed: ${error instanceof Error ? error.message.trim() : String(error)}`;
  }
}
