import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import { type Berth, compose } from '../../../src-main/compose.ts';
import { inputDefaults } from '../../fakes/defaults.ts';
import { berthCli } from '../../support/berth-cli.ts';
import { startRootDaemon, type TestDaemon, waitUntil } from '../../support/daemon/index.ts';
import { buildInstallerMedium } from '../../support/installer/medium.ts';

const GiB = 1024 ** 3;
const BOOT_TIMEOUT_MS = 240_000;
const PASSWORD = 'Pl4nted-for-an-installer';
const CRYPT_HASH = '[$]6[$][^$[:space:]]*[$][./0-9A-Za-z]{20,}';
const HELD = 'Waiting for the power button';

type Family = Parameters<typeof buildInstallerMedium>[0];

const home = mkdtempSync('/tmp/bi-');
const media = new Map<Family, string>();
let daemon: TestDaemon;
let berth: Berth;
let before: Awaited<ReturnType<typeof existing>>;

beforeAll(async () => {
  const isos = [];
  for (const family of ['debian', 'fedora'] as const) {
    isos.push({ family, path: await buildInstallerMedium(family) });
  }
  daemon = await startRootDaemon();
  process.env['BERTH_DAEMON_PATHS'] = `/var/lib/libvirt=${daemon.outerPath('/var/lib/libvirt')}`;
  berth = await compose({ home, uri: daemon.uri });
  await berth.connect();
  for (const { family, path } of isos) {
    const { id } = await berth.media.add({ path, name: family });
    await told(() => berth.media.list().find((one) => one.id === id)?.state === 'ready');
    media.set(family, id);
  }
});
afterAll(async () => {
  await berth?.close();
  await daemon?.stop();
  rmSync(home, { recursive: true, force: true });
});

beforeEach(async () => {
  before = await existing();
});

/** A test that fails leaves its machine to nobody. */
afterEach(async () => {
  for (const { id } of berth.library.list()) await berth.deleteMachine(id);
});

/** Looks again after each event of this process. */
async function told(is: () => boolean): Promise<void> {
  while (!is()) {
    const next = Promise.withResolvers<void>();
    const stop = berth.hub.subscribe(() => next.resolve());
    await next.promise;
    stop();
  }
}

async function existing() {
  const { domains, volumes, filters, processes, files } = await daemon.listOutside();
  const guests = processes.filter(({ name }) => /qemu|swtpm/.test(name));
  return { domains, volumes, filters, files, guests: guests.length };
}

const request = (name: string, family: Family): CreateRequest => ({
  ...inputDefaults,
  templateId: 'linux-server',
  name,
  user: 'ada',
  password: PASSWORD,
  overrides: {
    mediaId: media.get(family) ?? '',
    vcpus: 1,
    memoryBytes: GiB,
    diskBytes: 8 * GiB,
    firmware: 'bios',
  },
});

const logOf = (creationId: string): string =>
  berth.creations
    .log(creationId)
    .map(({ level, text }) => `${level} ${text}`)
    .join('\n');

/** Another process may write what is looked for, which is no event here. */
async function held(name: string): Promise<string> {
  return await waitUntil(`${name} to wait in its installer`, BOOT_TIMEOUT_MS, () => {
    const creation = berth.creations.list().find((one) => one.name === name);
    return creation && logOf(creation.id).includes(HELD) && creation.id;
  });
}

/** The machine is what the installer made of it, and nothing is left of what that took. */
async function expectInstalled(name: string, creationId: string): Promise<void> {
  const machine = berth.library.list().find((one) => one.name === name);
  expect(machine).toMatchObject({ provisioning: 'ready', power: 'running' });
  const log = logOf(creationId);
  expect(log).toContain('guest install: The installer has started');
  expect(log).toMatch(new RegExp(`guest ready: ${name} is ready`));
  for (const more of [[], ['--inactive']]) {
    const xml = await daemon.virsh('dumpxml', '--security-info', name, ...more);
    expect(xml).not.toMatch(/<(kernel|initrd|cmdline)>/);
    expect(xml).not.toMatch(/seed|media-/);
  }
  const { volumes } = await existing();
  expect(volumes.filter((volume) => !before.volumes.includes(volume))).toEqual([
    `berth/${name}.qcow2`,
  ]);
  expect(withSecrets()).toEqual([]);
}

/**
 * Files of the daemon and of Berth with the password in it, or any hash of one. A process of its own looks: closing
 * the database's file here would take away the locks that this process has on it.
 */
function withSecrets(): string[] {
  const options = ['-r', '-l', '-a', '-E', '-D', 'skip', '-e', PASSWORD, '-e', CRYPT_HASH];
  const { status, stdout, stderr } = spawnSync('grep', [...options, daemon.dir, home], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  // A file that went meanwhile is no failure to look.
  if (status === null) throw new Error(`grep did not end: ${stderr}`);
  return stdout.split('\n').filter(Boolean);
}

async function expectNothingLeft(name: string): Promise<void> {
  const machine = berth.library.list().find((one) => one.name === name);
  if (machine) await berth.deleteMachine(machine.id);
  expect(await existing()).toEqual(before);
}

test('a system is installed by a medium’s own installer, then starts from its disk', async () => {
  const { creationId } = await berth.creations.start(request('installed', 'debian'));
  const ended = await berth.creations.settled(creationId, 'ready');
  expect(ended, logOf(creationId)).toMatchObject({ state: 'completed', error: null });
  expect(ended.stages.find(({ stage }) => stage === 'install')?.state).toBe('done');
  expect(logOf(creationId)).toContain('guest installed: The system is installed');
  await expectInstalled('installed', creationId);
  await expectNothingLeft('installed');
});

test('killed while the installer works, Berth goes on at its next start', async () => {
  const name = 'held-killed';
  const killer = new AbortController();
  const settings = ['image=fedora', 'cpus=1', 'memory=1GiB', 'disk=8GiB', 'firmware=bios'];
  const options = ['--template', 'linux-server', '--name', name, '--user', 'ada'];
  const victim = berthCli(
    { daemon, home },
    [
      ...['create', ...options, '--password-stdin', '--wait', 'ready'],
      ...settings.flatMap((one) => ['--set', one]),
    ],
    { input: `${PASSWORD}\n`, signal: killer.signal },
  );
  const creationId = await held(name);
  killer.abort();
  expect((await victim).code).toBeNull();
  expect(await berth.recover()).toMatchObject([{ creationId, action: 'adopted' }]);
  expect(berth.library.list()[0]?.provisioning).toBe('installing');
  await daemon.virsh('shutdown', name, '--mode', 'acpi');
  const ended = await berth.creations.settled(creationId, 'ready');
  expect(ended, logOf(creationId)).toMatchObject({ state: 'completed', error: null });
  await expectInstalled(name, creationId);
  await expectNothingLeft(name);
});

test('cancelled while the installer works, it leaves nothing', async () => {
  const { creationId } = await berth.creations.start(request('held-cancelled', 'fedora'));
  await held('held-cancelled');
  expect(withSecrets().join()).toContain('held-cancelled-seed');
  const [machine] = berth.library.list();
  expect(await berth.ports.hypervisor.bytesWritten(machine?.domainUuid ?? '')).toBe(0);
  await berth.creations.cancel(creationId);
  const ended = await berth.creations.settled(creationId, 'ready');
  expect(ended).toMatchObject({ state: 'cancelled' });
  expect(berth.library.list()).toEqual([]);
  await expectNothingLeft('held-cancelled');
  expect(withSecrets()).toEqual([]);
});
