import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { inspect } from '../../../src-main/adapters/sqlite/inspect.ts';
import { MIGRATIONS } from '../../../src-main/adapters/sqlite/migrations/index.ts';
import { Child } from './helpers/child.ts';
import { creation, owner } from './helpers/samples.ts';
import { TempStore } from './helpers/temp-store.ts';

describe('several processes', () => {
  it('make the database together, and one of them gets each name', async () => {
    using temp = new TempStore();
    const racers = [1, 2].map((n) => new Child('racer.ts', [temp.path, temp.backupDir, `${n}`]));
    try {
      for (const racer of racers) expect(await racer.line(1)).toBe('open');
      for (let round = 1; round <= 20; round += 1) {
        for (const racer of racers) racer.say(`${round}`);
        const results = await Promise.all(racers.map((racer) => racer.line(round + 1)));
        expect(results.toSorted()).toEqual(['name_taken', 'won']);
      }
      const store = temp.open();
      expect(store.machines.list()).toHaveLength(20);
      expect(store.reservations.list()).toHaveLength(20);
    } finally {
      await Promise.all(racers.map((racer) => racer.end()));
    }
  });

  it('that open a new database at the same moment all succeed', async () => {
    for (let round = 0; round < 3; round += 1) {
      using temp = new TempStore();
      const openers = Array.from({ length: 4 }, () => {
        return new Child('opener.ts', [temp.path, temp.backupDir]);
      });
      const results = await Promise.all(openers.map((opener) => opener.line(1)));
      expect(results).toEqual(['open', 'open', 'open', 'open']);
      await Promise.all(openers.map((opener) => opener.end()));
    }
  });

  it('do not refuse a database that another one is making', async () => {
    using temp = new TempStore();
    const folders = Array.from({ length: 20 }, (_, i) => join(temp.folder, String(i)));
    const maker = new Child('maker.ts', folders);
    try {
      for (const folder of folders) {
        const location = { path: join(folder, 'berth.db'), backupDir: join(folder, 'backups') };
        await vi.waitUntil(() => existsSync(location.path), { interval: 1, timeout: 60_000 });
        let version: number;
        do version = inspect(location, MIGRATIONS.length);
        while (version < MIGRATIONS.length);
      }
    } finally {
      await maker.end();
    }
  });

  it('hear of each other’s commits, once a burst, and not of their own', async () => {
    using temp = new TempStore();
    const store = temp.open();
    const heard = vi.fn();
    const stop = store.onForeignChange(heard);
    store.settings.set('own', '1');
    const racer = new Child('racer.ts', [temp.path, temp.backupDir, '1']);
    try {
      await racer.line(1);
      const before = heard.mock.calls.length;
      for (let round = 1; round <= 5; round += 1) racer.say(`${round}`);
      await racer.line(6);
      await vi.waitFor(() => expect(heard.mock.calls.length).toBeGreaterThan(before), {
        timeout: 120_000,
      });
      expect(store.machines.list()).toHaveLength(5);
      const calls = heard.mock.calls.length;
      store.settings.set('own', '2');
      expect(calls).toBeLessThanOrEqual(before + 5);
      stop();
      racer.say('6');
      expect(await racer.line(7)).toBe('won');
      expect(heard).toHaveBeenCalledTimes(calls);
    } finally {
      await racer.end();
    }
  });

  it('do not take their own commits for foreign ones', async () => {
    using temp = new TempStore();
    const store = temp.open();
    const other = temp.open();
    const heard = vi.fn();
    store.onForeignChange(heard);
    const marks = new Promise<void>((resolve) => {
      other.onForeignChange(resolve);
    });
    store.settings.set('own', '1');
    await marks;
    expect(heard).not.toHaveBeenCalled();
  });

  it('lose nothing that was promised when one is killed while it writes', async () => {
    using temp = new TempStore();
    const promised: string[] = [];
    for (let round = 1; round <= 6; round += 1) {
      const writer = new Child('writer.ts', [temp.path, temp.backupDir]);
      await writer.line(3 + round * 7);
      await writer.end('SIGKILL');
      promised.push(...writer.lines);
      const database = new Database(temp.path, { readonly: true });
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      database.close();
    }
    const store = temp.open();
    const kept = new Set(store.journal.entries('c1').map(({ id }) => `${id}`));
    expect(promised.length).toBeGreaterThan(100);
    expect(promised.filter((id) => !kept.has(id))).toEqual([]);
    expect(store.creations.get('c1')?.creation.state).toBe('running');
    expect(store.notices).toEqual([]);
  });

  it('end although somebody still listens', async () => {
    using temp = new TempStore();
    const store = temp.open();
    store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
    const opener = new Child('listener.ts', [temp.path, temp.backupDir]);
    expect(await opener.line(1)).toBe('listening');
    if (opener.process.exitCode === null) await once(opener.process, 'exit');
    expect(opener.process.exitCode).toBe(0);
  });
});
