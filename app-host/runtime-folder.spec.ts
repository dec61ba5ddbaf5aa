import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { identityOf, isAlive } from './process-facts.ts';
import { sweep } from './runtime-folder.ts';

it('knows a process from one that had its number before', () => {
  const own = identityOf(process.pid) ?? '';
  expect(own).toMatch(new RegExp(`^${process.pid}-\\d+$`));
  expect(isAlive(own)).toBe(true);
  expect(isAlive(`${process.pid}-1`)).toBe(false);
  expect(identityOf(4194304999)).toBeNull();
});

it('removes what dead processes left, and nothing else', () => {
  const base = mkdtempSync(join(tmpdir(), 'app-host-spec-'));
  const own = `app-host-${identityOf(process.pid)}-abcdef`;
  const others = [own, 'app-host-e2e-abcdef', 'app-host-abcdef', 'app-host-1-2-abcdef.bak'];
  const dead = 'app-host-4194304999-1-abcdef';
  try {
    for (const name of [...others, dead]) mkdirSync(join(base, name, 'inner'), { recursive: true });
    sweep(base);
    expect(existsSync(join(base, dead))).toBe(false);
    expect(others.filter((name) => !existsSync(join(base, name)))).toEqual([]);
  } finally {
    rmSync(base, { recursive: true });
  }
});
