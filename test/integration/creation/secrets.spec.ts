import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { encodePassword } from '../../../src-main/adapters/media/windows/index.ts';
import { filesBelow, findBelow, findIn } from '../../contract/redaction/planted.ts';
import { buildTinyImage } from '../../fixtures/index.ts';
import { berthCli } from '../../support/berth-cli.ts';
import { startRootDaemon, type TestDaemon } from '../../support/daemon/index.ts';
import { writeDriversMedium, writeWindowsMedium } from '../../support/installer/windows-media.ts';

const PASSWORD = 'Pl4nted-in-a-real-guest';
const PRODUCT_KEY = 'PLNT1-ABCDE-FGHIJ-KLMNO-PQRST';
const ENCODED = encodePassword(PASSWORD);
const NAME = 'secretive';
const CRYPT_HASH = /\$6\$[^$\s]*\$[./0-9A-Za-z]{20,}/;

const planted = [
  { what: 'the password', secret: PASSWORD },
  { what: 'the product key', secret: PRODUCT_KEY },
  { what: "the password's form for Windows", secret: ENCODED },
];
const planSchema = z.object({
  type: z.literal('plan'),
  seed: z.array(z.object({ path: z.string(), content: z.string() })),
  domainXml: z.string(),
  findings: z.array(z.object({ code: z.string() })),
});
const home = mkdtempSync('/tmp/br-');
let daemon: TestDaemon;

beforeAll(async () => {
  daemon = await startRootDaemon();
});
afterAll(async () => {
  await daemon?.stop();
  rmSync(home, { recursive: true, force: true });
});

const berth = (args: string[], input?: string) =>
  berthCli({ daemon, home }, args, input === undefined ? {} : { input });

/** Arguments and environment of every process of this host that can be read. */
function processes(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => pid !== String(process.pid))
    .flatMap((pid) => ['cmdline', 'environ'].map((file) => readIfThere(`/proc/${pid}/${file}`)))
    .join('\n');
}

/** A process may end between the list and the look. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

test('when a guest is ready its password is nowhere on the host, and its seed is gone', async () => {
  const image = await buildTinyImage();
  const added = await berth(['media', 'add', image, '--name', 'tiny']);
  expect(added.code, added.stderr).toBe(0);
  const options = ['--template', 'cloud-image', '--name', NAME, '--set', 'image=tiny,disk=2GiB'];
  const made = await berth(
    [
      ...['create', ...options, '--user', 'ada', '--wait', 'ready'],
      ...['--password-stdin', '--product-key-stdin'],
    ],
    `${PASSWORD}\n${PRODUCT_KEY}\n`,
  );
  expect(made.code, JSON.stringify([made.lines.at(-1), made.stderr])).toBe(0);

  const told = JSON.stringify([made.lines, made.stderr]);
  expect(findIn(told, planted)).toEqual([]);
  expect(told).not.toMatch(CRYPT_HASH);

  const arguments_ = processes();
  expect(arguments_).toContain(NAME);
  expect(findIn(arguments_, planted)).toEqual([]);
  expect(arguments_).not.toMatch(CRYPT_HASH);

  const xml = await daemon.virsh('dumpxml', NAME);
  expect(findIn(xml, planted)).toEqual([]);
  expect(xml).not.toMatch(CRYPT_HASH);
  expect(xml).not.toContain('passwd=');

  const pool = /<path>(.*)<\/path>/.exec(await daemon.virsh('pool-dumpxml', 'berth'))?.[1] ?? '';
  const folder = daemon.outerPath(pool);
  const volumes = filesBelow(folder).map((file) => basename(file));
  expect(volumes).toContain(`${NAME}.qcow2`);
  expect(volumes.filter((name) => name.includes('seed'))).toEqual([]);
  expect(findBelow(folder, planted)).toEqual([]);

  expect(findBelow(home, planted)).toEqual([]);
  for (const file of filesBelow(home)) {
    expect(readFileSync(file, 'latin1'), file).not.toMatch(CRYPT_HASH);
  }

  for (const args of [['audit'], ['metrics'], ['creations', 'show', NAME], ['show', NAME]]) {
    const shown = await berth(args);
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.lines.length).toBeGreaterThan(0);
    expect(findIn(JSON.stringify(shown.lines), planted)).toEqual([]);
  }
  const file = join(home, 'berth.prom');
  expect((await berth(['metrics', '--prometheus', file])).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(
    /^berth_creations_total\{template="cloud-image",outcome="completed"\} 1$/m,
  );
  expect((await berth(['delete', NAME])).code).toBe(0);
});

test('the answers for a Windows are shown before, with a mask in the place of each secret', async () => {
  const [windows, drivers] = [join(home, 'windows.iso'), join(home, 'drivers.iso')];
  await writeWindowsMedium(windows);
  await writeDriversMedium(drivers);
  for (const path of [windows, drivers]) {
    const added = await berth(['media', 'add', path]);
    expect(added.code, added.stderr).toBe(0);
  }
  const shown = await berth(
    [
      ...['create', '--template', 'windows-11', '--name', 'Office 1', '--dry-run'],
      ...['--set', 'image=windows.iso', '--user', 'ada', '--password-stdin', '--product-key-stdin'],
    ],
    `${PASSWORD}\n${PRODUCT_KEY}\n`,
  );
  const plan = planSchema.parse(shown.lines.at(-1));
  expect(findIn(JSON.stringify([shown.lines, shown.stderr]), planted)).toEqual([]);
  const content = new Map(plan.seed.map((file) => [file.path, file.content]));
  expect([...content.keys()]).toEqual(['Autounattend.xml', 'first-boot.ps1', 'tasks.json']);
  const answers = content.get('Autounattend.xml') ?? '';
  expect(answers).toContain('<ComputerName>office-1</ComputerName>');
  expect(answers).toContain('<Key>********</Key>');
  expect(answers.match(/<Value>\*{8}<\/Value>/g)).toHaveLength(2);
  expect(answers).toContain('\\viostor\\w11\\amd64</Path>');
  expect(plan.domainXml).toMatch(/<target dev="sdd" bus="sata"\/>/);
  expect(plan.findings.map(({ code }) => code)).not.toContain('installer_manual');
});
