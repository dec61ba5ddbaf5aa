/** What virtual machine managers of today get wrong, as measured on them; each is a test of ours. */

import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildTinyImage } from '../../fixtures/index.ts';
import { berthCli, errorCode } from '../../support/berth-cli.ts';
import { startRootDaemon, type TestDaemon, waitUntil } from '../../support/daemon/index.ts';

const home = mkdtempSync('/tmp/bp-');
let daemon: TestDaemon;
const cli = (...args: string[]) => berthCli({ daemon, home }, args);
const create = (name: string, ...set: string[]) =>
  cli('create', '--template', 'blank', '--name', name, ...set.flatMap((one) => ['--set', one]));

beforeAll(async () => {
  daemon = await startRootDaemon();
});
afterAll(async () => {
  await daemon.stop();
  rmSync(home, { recursive: true, force: true });
});
afterEach(async () => {
  const { domains, volumes, ...outside } = await daemon.listOutside();
  const processes = outside.processes.filter(({ name }) => /qemu|swtpm/.test(name));
  expect({ domains, volumes, processes }).toEqual({ domains: [], volumes: [], processes: [] });
});

describe('before anything is made', () => {
  test('a disk larger than the pool is refused, and no pool is left', async () => {
    const run = await create('huge', 'disk=900TiB');
    expect(run.code).toBe(1);
    expect(errorCode(run)).toBe('disk_space');
    expect((await daemon.listOutside()).pools).toEqual([]);
  });

  test('an inactive network is found, with the fix that starts it', async () => {
    await daemon.virsh('net-destroy', 'default');
    try {
      const run = await create('lonely', 'network=default');
      expect(errorCode(run)).toBe('network_inactive');
      expect(run.lines.at(-1)).toMatchObject({
        error: { fix: { action: 'start-network', network: 'default' } },
      });
    } finally {
      await daemon.virsh('net-start', 'default');
    }
  });

  test('an unknown network is refused by name', async () => {
    const run = await create('lost', 'network=nowhere');
    expect(errorCode(run)).toBe('network_missing');
  });

  test.each(['a/b', '', ' lead', 'tab\tname', `${'x'.repeat(65)}`])(
    'the name %j is refused',
    async (name) => {
      const run = await create(name);
      expect(run.code).not.toBe(0);
      expect(errorCode(run) ?? run.stderr).toMatch(/name/);
    },
  );
});

describe('names that other tools stumble over', () => {
  test.each(['my vm "x" é日', "it's <b>&amp;", 'caffè-日', 'plain-name'])(
    '%j becomes a machine of that name, and is removed again',
    async (name) => {
      const run = await create(name, 'disk=64MiB');
      expect(run.code).toBe(0);
      const list = await cli('list');
      expect(list.lines.map((line) => line['name'])).toEqual([name]);
      const removed = await cli('delete', name);
      expect(removed.code).toBe(0);
    },
  );
});

describe('images', () => {
  test('random bytes are no image, and nothing of them stays', async () => {
    const path = join(home, 'noise.qcow2');
    writeFileSync(path, randomBytes(300_000));
    const run = await cli('media', 'add', path);
    expect(run.code).toBe(1);
    expect(errorCode(run)).toBe('image_unrecognised');
    expect((await cli('media', 'list')).lines).toEqual([]);
  });

  test('an image in a private folder is read without opening the folder to others', async () => {
    const folder = join(home, 'private');
    mkdirSync(folder, { mode: 0o700 });
    copyFileSync(await buildTinyImage(), join(folder, 'tiny.qcow2'));
    chmodSync(join(folder, 'tiny.qcow2'), 0o600);
    const added = await cli('media', 'add', join(folder, 'tiny.qcow2'), '--name', 'private');
    expect(added.code).toBe(0);
    const run = await cli(
      ...['create', '--template', 'cloud-image', '--name', 'from-private', '--user', 'ada'],
      ...[
        '--ssh-key',
        sshKey(),
        '--set',
        'image=private',
        '--set',
        'memory=256MiB',
        '--set',
        'disk=1GiB',
      ],
    );
    expect(run.code).toBe(0);
    expect((await cli('media', 'remove', 'private')).code).toBe(1);
    expect((await cli('delete', 'from-private')).code).toBe(0);
    expect((await cli('media', 'remove', 'private')).code).toBe(0);
  });
});

function sshKey(): string {
  const path = join(home, 'id.pub');
  const blob = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
    randomBytes(32),
  ]);
  writeFileSync(path, `ssh-ed25519 ${blob.toString('base64')} ada@example\n`);
  return path;
}

test('killed while its volumes are made, Berth removes them at its next start', async () => {
  const killer = new AbortController();
  const run = berthCli({ daemon, home }, ['create', '--template', 'tryout', '--name', 'killed'], {
    signal: killer.signal,
  });
  await waitUntil(
    'the first volume',
    60_000,
    async () => (await daemon.listOutside()).volumes.length > 0,
  );
  killer.abort();
  await run;
  const recovered = await cli('recover');
  expect(recovered.code).toBe(0);
  const creations = await cli('creations', 'list');
  expect(creations.lines.find((line) => line['name'] === 'killed')?.['state']).toMatch(
    /failed|completed/,
  );
  const list = await cli('list');
  if (list.lines.some((line) => line['name'] === 'killed')) await cli('delete', 'killed');
});

test('a pool that a failed creation made is removed with it', async () => {
  const { pools } = await daemon.listOutside();
  for (const pool of pools) {
    await daemon.virsh('pool-destroy', pool);
    await daemon.virsh('pool-undefine', pool);
  }
  const cancelled = await create('refused', 'disk=900TiB');
  expect(cancelled.code).toBe(1);
  expect((await daemon.listOutside()).pools).toEqual([]);
});
