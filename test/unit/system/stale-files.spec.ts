import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { staleFiles } from '../../../src-main/adapters/system/stale-files.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-stale-'));
  mkdirSync(join(root, 'cache/tryout'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const TWO_HOURS = 7200;

function put(name: string, ageSeconds: number): string {
  const path = join(root, name);
  writeFileSync(path, '');
  const at = Date.now() / 1000 - ageSeconds;
  utimesSync(path, at, at);
  return path;
}

const stale = (uid = process.geteuid?.() ?? 0) =>
  staleFiles({
    runtimeFolder: root,
    cacheFolder: join(root, 'cache'),
    uid,
    now: () => Date.now(),
  });

describe('stale files', () => {
  it('are known by name, age and owner', async () => {
    const viewer = put(`berth-${randomUUID()}.vv`, TWO_HOURS);
    const half = put('cache/tryout/tryout-0123456789abcdef.initrd.01234567', TWO_HOURS);
    put(`berth-${randomUUID()}.vv`, 10);
    put('cache/tryout/tryout-0123456789abcdef.initrd', TWO_HOURS);
    put('berth-notes.vv', TWO_HOURS);
    expect((await stale().list()).map(({ path }) => path).sort()).toEqual([viewer, half].sort());
    expect(await stale(4_000_000).list()).toEqual([]);
  });

  it('are removed, and nothing else is', async () => {
    const viewer = put(`berth-${randomUUID()}.vv`, TWO_HOURS);
    const other = put('berth-notes.vv', TWO_HOURS);
    await stale().remove(viewer);
    expect(existsSync(viewer)).toBe(false);
    await expect(stale().remove(other)).rejects.toMatchObject({ code: 'file_not_ours' });
    expect(existsSync(other)).toBe(true);
  });
});
