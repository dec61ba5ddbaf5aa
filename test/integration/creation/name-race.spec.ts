import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { berthCli, errorCode } from '../../support/berth-cli.ts';
import { startRootDaemon, type TestDaemon } from '../../support/daemon/index.ts';

const ROUNDS = 20;
const home = mkdtempSync('/tmp/br-');
let daemon: TestDaemon;

beforeAll(async () => {
  daemon = await startRootDaemon();
});
afterAll(async () => {
  await daemon.stop();
  rmSync(home, { recursive: true, force: true });
});

const create = (name: string) =>
  berthCli({ daemon, home }, [
    'create',
    '--template',
    'blank',
    '--name',
    name,
    '--set',
    'disk=64MiB',
  ]);

test('of two processes that want the same name at once, one wins and nothing is left of the other', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const name = `race-${round}`;
    const runs = await Promise.all([create(name), create(name)]);
    expect(runs.map(({ code }) => code).sort()).toEqual([0, 1]);
    const loser = runs.find(({ code }) => code === 1);
    expect(loser && errorCode(loser)).toBe('name_taken');
    const { domains, volumes } = await daemon.listOutside();
    expect(domains).toEqual([name]);
    expect(volumes).toEqual([`berth/${name}.qcow2`]);
    const removed = await berthCli({ daemon, home }, ['delete', name]);
    expect(removed.code).toBe(0);
    const left = await daemon.listOutside();
    expect([left.domains, left.volumes, left.processes]).toEqual([[], [], []]);
  }
}, 900_000);
