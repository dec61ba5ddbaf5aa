import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildNoCloudFiles, type NoCloudInput } from '../../src-main/adapters/media/cloud-init.ts';
import { buildIso9660 } from '../../src-main/adapters/media/iso9660.ts';
import { hashPassword } from '../../src-main/adapters/media/password-hash.ts';
import { buildTinyImage, buildTryoutFiles } from '../fixtures/index.ts';
import { type GuestSpec, guestXml, waitForPhase, waitForState } from '../support/daemon/guest.ts';
import { startRootDaemon, type TestDaemon } from '../support/daemon/index.ts';

const READY_TIMEOUT_MS = 120_000;
const POWER_OFF_TIMEOUT_MS = 60_000;
const UNDEFINE = ['--nvram', '--tpm'];

let daemon: TestDaemon;
const timings: string[] = [];

beforeAll(async () => {
  daemon = await startRootDaemon();
}, 60_000);
afterAll(async () => {
  console.log(timings.join('\n'));
  await daemon?.stop();
});

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  timings.push(`${what}: ${Math.round(performance.now() - start)} ms`);
  return result;
}

async function start(spec: GuestSpec): Promise<void> {
  const path = join(daemon.dir, `${spec.name}.xml`);
  writeFileSync(path, guestXml(spec, daemon.poolDir));
  await daemon.virsh('define', '--validate', path);
  await daemon.virsh('start', spec.name);
}

async function shutDown(name: string): Promise<void> {
  await timed(`${name}: ACPI power-off`, async () => {
    await daemon.virsh('shutdown', name, '--mode', 'acpi');
    await waitForState(daemon, name, 'shut off', POWER_OFF_TIMEOUT_MS);
  });
}

/** Pixel bytes of a PNG, still with each line's filter byte. */
function pngPixels(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return inflateSync(Buffer.concat(parts));
}

/** How many bytes of the picture are lit; a blank screen has none. */
function litBytes(picture: Buffer): number {
  const pixels =
    picture.toString('latin1', 1, 4) === 'PNG' ? pngPixels(picture) : picture.subarray(20);
  return pixels.reduce((sum, byte) => sum + (byte > 64 ? 1 : 0), 0);
}

function seedFor(name: string, input: NoCloudInput): { path: string; userDataSha256: string } {
  const files = buildNoCloudFiles(input);
  const path = join(daemon.poolDir, `${name}-seed.iso`);
  writeFileSync(path, buildIso9660({ volumeLabel: 'cidata', files }));
  const userData = files.find((file) => file.name === 'user-data')?.content ?? '';
  return { path, userDataSha256: createHash('sha256').update(userData).digest('hex') };
}

async function overlay(name: string): Promise<string> {
  const path = join(daemon.poolDir, `${name}.qcow2`);
  copyFileSync(await buildTinyImage(), path);
  return path;
}

describe('the try-out guest under a private libvirtd', () => {
  it('boots from kernel and initrd, greets on the screen and powers off when asked', async () => {
    const files = await timed('try-out build', buildTryoutFiles);
    const kernel = join(daemon.poolDir, 'kernel');
    const initrd = join(daemon.poolDir, 'initrd');
    copyFileSync(files.kernel, kernel);
    copyFileSync(files.initrd, initrd);
    const cmdline = `${files.cmdline} berth.name=hello`;
    const progress = await timed('hello: start to ready', async () => {
      await start({ name: 'hello', kernel: { path: kernel, initrd, cmdline } });
      return await waitForPhase(daemon, 'hello', 'ready', READY_TIMEOUT_MS);
    });
    expect(progress[0]).toMatchObject({ phase: 'boot' });
    expect(progress.at(-1)).toMatchObject({
      phase: 'ready',
      pct: 100,
      hostname: 'hello',
      address: expect.stringMatching(/^192\.168\.122\.\d+$/),
    });
    const shot = join(daemon.dir, 'hello.screen');
    await daemon.virsh('screenshot', 'hello', shot);
    const picture = readFileSync(shot);
    expect(litBytes(picture)).toBeGreaterThan(5000);
    const keep = process.env['BERTH_TEST_SCREENSHOTS'];
    if (keep) {
      mkdirSync(keep, { recursive: true });
      copyFileSync(shot, join(keep, 'tryout.png'));
    }
    await shutDown('hello');
    expect(readFileSync(join(daemon.poolDir, 'hello.serial'), 'utf8')).toContain('"phase":"ready"');
  });

  it('boots from a disk by BIOS and reads the seed that the host wrote', async () => {
    const input = {
      instanceId: 'i-1',
      hostname: 'seeded-one',
      user: 'ada',
      passwordHash: hashPassword('correct horse'),
      progressPort: 'org.berth.progress.0',
    };
    const seed = seedFor('seeded', input);
    const disk = await timed('tiny image', () => overlay('seeded'));
    const progress = await timed('seeded: start to ready, BIOS', async () => {
      await start({ name: 'seeded', disk, seed: seed.path });
      return await waitForPhase(daemon, 'seeded', 'ready', READY_TIMEOUT_MS);
    });
    expect(progress.at(-1)).toMatchObject({
      hostname: 'seeded-one',
      user: 'ada',
      userDataSha256: seed.userDataSha256,
    });
    await shutDown('seeded');
  });

  it('boots by UEFI with a TPM, and undefining it leaves nothing outside', async () => {
    const disk = await overlay('secure');
    const before = await daemon.listOutside();
    await timed('secure: start to ready, UEFI and TPM', async () => {
      await start({ name: 'secure', firmware: 'uefi', tpm: true, disk });
      await waitForPhase(daemon, 'secure', 'ready', READY_TIMEOUT_MS);
    });
    const during = await daemon.listOutside();
    expect(during.domains).toContain('secure');
    expect(during.files.some((file) => file.endsWith('secure_VARS.fd'))).toBe(true);
    expect(during.files.some((file) => file.includes('lib/swtpm/'))).toBe(true);
    expect(during.processes.map((found) => found.name.slice(0, 8)).sort()).toEqual(
      expect.arrayContaining(['qemu-sys', 'swtpm']),
    );
    await shutDown('secure');
    await daemon.virsh('undefine', 'secure', ...UNDEFINE);
    const after = await daemon.listOutside();
    const own = after.files.filter((file) => !before.files.includes(file));
    expect(own.sort()).toEqual(['pool/secure.progress', 'pool/secure.serial', 'secure.xml']);
    expect(after.domains).not.toContain('secure');
    expect(after.processes).toEqual(before.processes);
  });

  it('goes on while libvirtd is killed and started again', async () => {
    await daemon.virsh('start', 'seeded');
    await daemon.kill();
    const without = await daemon.listOutside();
    expect(without.reachable).toBe(false);
    expect(without.processes.some((found) => found.name.startsWith('qemu-system'))).toBe(true);
    await timed('libvirtd restart', () => daemon.restart());
    expect((await daemon.virsh('domstate', 'seeded')).trim()).toBe('running');
    // It waits until libvirtd has found QEMU again; what ends a guest does not, and would find it gone.
    await daemon.virsh('qemu-monitor-command', 'seeded', '--hmp', 'info status');
    await daemon.virsh('destroy', 'seeded');
    await waitForState(daemon, 'seeded', 'shut off', POWER_OFF_TIMEOUT_MS);
    expect((await daemon.listOutside()).processes).toEqual([]);
  });
});
