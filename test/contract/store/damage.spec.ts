import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restoreBackup } from '../../../src-main/adapters/sqlite/open-store.ts';
import { creation, machine, owner, reservation } from './helpers/samples.ts';
import { TempStore, thrownBy } from './helpers/temp-store.ts';

const DAY = 24 * 60 * 60 * 1000;
const PAGE = 4096;

const damages: [string, (path: string) => void][] = [
  ['truncated in the middle', (path) => truncateSync(path, 10 * PAGE)],
  ['truncated within a page', (path) => truncateSync(path, 10 * PAGE + 100)],
  ['truncated within the header', (path) => truncateSync(path, 50)],
  ['random bytes', (path) => writeFileSync(path, noise(40 * PAGE))],
  ['a page of garbage', (path) => overwrite(path, 3 * PAGE, noise(PAGE))],
  ['a first page of garbage', (path) => overwrite(path, 100, noise(PAGE - 100))],
  ['a text file', (path) => writeFileSync(path, 'This is not a database.\n')],
];

describe('a damaged database', () => {
  it.each(damages)('(%s) is refused, kept as it is, and restored on request', (_what, damage) => {
    using temp = new TempStore();
    const backup = prepare(temp);
    damage(temp.path);
    const bytes = readFileSync(temp.path);

    const error = thrownBy(() => temp.open());
    expect(error).toMatchObject({
      code: 'database_damaged',
      hint: expect.stringContaining(backup),
    });
    expect(readFileSync(temp.path).equals(bytes)).toBe(true);

    const notice = restoreBackup({
      path: temp.path,
      backupDir: temp.backupDir,
      now: () => temp.time,
    });
    const kept = readdirSync(dirname(temp.path)).filter((name) =>
      /\.damaged-\d{8}T\d{9}Z$/.test(name),
    );
    expect(kept).toHaveLength(1);
    expect(notice).toContain(kept[0]);
    expect(notice).toContain('2026-11-24 07:00');
    expect(readFileSync(`${dirname(temp.path)}/${kept[0]}`).equals(bytes)).toBe(true);
    expect(temp.open().creations.list()).toHaveLength(200);
  });

  it('(an empty file) is not taken for a new one while there is a backup', () => {
    using temp = new TempStore();
    prepare(temp);
    truncateSync(temp.path, 0);
    expect(thrownBy(() => temp.open())).toMatchObject({ code: 'database_damaged' });
  });

  it('says when a missing one was made anew although there is a backup', () => {
    using temp = new TempStore();
    const backup = prepare(temp);
    using other = new TempStore();
    mkdirSync(other.backupDir);
    const name = backup.slice(temp.backupDir.length);
    writeFileSync(other.backupDir + name, readFileSync(backup));
    expect(other.open().notices).toEqual([expect.stringContaining(name)]);
  });

  it('never plays the WAL of the damaged file into the restored one', () => {
    using temp = new TempStore();
    prepare(temp);
    writeFileSync(`${temp.path}-wal`, noise(3 * PAGE));
    writeFileSync(temp.path, noise(20 * PAGE));
    restoreBackup({ path: temp.path, backupDir: temp.backupDir, now: () => temp.time });
    expect(existsSync(`${temp.path}-wal`)).toBe(false);
    expect(temp.open().creations.list()).toHaveLength(200);
  });

  it('passes over backups that are damaged too', () => {
    using temp = new TempStore();
    prepare(temp);
    temp.time += 2 * DAY;
    temp.close(temp.open());
    const newest = readdirSync(temp.backupDir).toSorted().at(-1);
    truncateSync(`${temp.backupDir}/${newest}`, 3 * PAGE);
    writeFileSync(temp.path, noise(PAGE));
    const notice = restoreBackup({
      path: temp.path,
      backupDir: temp.backupDir,
      now: () => temp.time,
    });
    expect(notice).toContain('2026-11-24 07:00');
  });

  it('is left alone when there is no good backup', () => {
    using temp = new TempStore();
    temp.close(temp.open());
    writeFileSync(temp.path, 'nonsense');
    const options = { path: temp.path, backupDir: temp.backupDir, now: () => temp.time };
    expect(thrownBy(() => restoreBackup(options))).toMatchObject({ code: 'backup_missing' });
    expect(readFileSync(temp.path, 'utf8')).toBe('nonsense');
    expect(thrownBy(() => temp.open())).toMatchObject({
      code: 'database_damaged',
      hint: expect.stringContaining('no backup'),
    });
  });
});

/** A database of many pages and one backup of it. */
function prepare(temp: TempStore): string {
  const store = temp.open();
  for (let n = 1; n <= 200; n += 1) {
    store.creations.insert({ creation: creation(n), owner: owner(1), spec: null }, null);
  }
  store.reservations.reserve(machine(1), reservation(1), () => undefined);
  temp.close(store);
  temp.close(temp.open());
  const [name] = readdirSync(temp.backupDir);
  return `${temp.backupDir}/${name}`;
}

/** Bytes without a pattern that are the same in each run (a linear congruential generator). */
function noise(length: number): Uint8Array {
  let seed = 4711;
  return Uint8Array.from({ length }, () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed >> 16;
  });
}

function overwrite(path: string, offset: number, bytes: Uint8Array): void {
  const whole = readFileSync(path);
  whole.set(bytes, offset);
  writeFileSync(path, whole);
}
