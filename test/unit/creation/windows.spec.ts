import { describe, expect, it } from 'vitest';
import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import type { InstallerMedium, Media } from '../../../src-contract/model/media.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { IMAGE, request, TEMPLATES, TestBench, type TestProcess } from './test-bench.ts';

const PASSWORD = 'Correct horse 1';
const PRODUCT_KEY = 'PLNT1-ABCDE-FGHIJ-KLMNO-PQRST';
const MINUTE = 60_000;

const WINDOWS: InstallerMedium = {
  family: 'windows',
  label: 'CCCOMA_X64FRE_EN-US_DV9',
  osLabel: 'Windows (CCCOMA_X64FRE_EN-US_DV9)',
  boot: null,
};
const DRIVERS: InstallerMedium = {
  family: 'drivers',
  label: 'virtio-win-0.1.262',
  osLabel: 'virtio-win-0.1.262',
  boot: null,
};

const iso = (id: string, installer: InstallerMedium, more: Partial<Media> = {}): Media => ({
  ...IMAGE,
  id,
  name: id,
  kind: 'iso',
  installer,
  format: 'raw',
  volume: `media-${id}.iso`,
  ...more,
});

interface Setting {
  template?: Partial<Template>;
  media?: Media[];
}

function world({ template = {}, media = [iso('drivers', DRIVERS)] }: Setting = {}) {
  const bench = new TestBench();
  for (const medium of [iso('win', WINDOWS), ...media]) {
    bench.database.media.set(medium.id, medium);
    bench.host.addVolume(medium.pool, medium.volume, GIB, 'raw');
  }
  const [, base] = TEMPLATES;
  if (base === undefined) throw new Error('there is no template');
  const windows: Template = {
    ...base,
    id: 'windows',
    os: { family: 'windows', label: 'Windows 11', osinfoId: 'win11' },
    source: { kind: 'installer', mediaId: 'win', unattended: true },
    firmware: 'uefi-secure',
    tpm: true,
    login: 'none',
    firstBootScripts: [{ name: 'hello', shell: 'powershell', content: 'Write-Host hello' }],
    ...template,
  };
  const withTemplate = (berth: TestProcess) => {
    berth.templates = [...TEMPLATES, windows];
    return berth;
  };
  return { bench, berth: withTemplate(bench.process()), next: () => withTemplate(bench.process()) };
}

const wish = (more: Partial<CreateRequest> = {}) =>
  request('windows', 'one', {
    user: 'alice',
    password: PASSWORD,
    productKey: PRODUCT_KEY,
    ...more,
  });

async function installing(setting: Setting = {}, more: Partial<CreateRequest> = {}) {
  const { bench, berth, next } = world(setting);
  const { creationId, machineId } = await berth.service.start(wish(more));
  await berth.until(creationId, 'running');
  await bench.clock.settle();
  const uuid = bench.domainUuid();
  const state = () => bench.database.machines.get(machineId)?.provisioning;
  const disk = () => bench.host.pools.get('berth')?.volumes.get('one.qcow2');
  return { bench, berth, next, creationId, machineId, uuid, state, disk };
}

describe('an unattended installation of Windows', () => {
  it('boots the medium, presses the key that it asks for, and follows it until it is ready', async () => {
    const { bench, berth, creationId, uuid, state } = await installing();
    expect(state()).toBe('installing');
    expect(berth.hypervisor.keys).toEqual([28]);
    const xml = await berth.hypervisor.domainXml(uuid);
    const drives = [...xml.matchAll(/<disk [\s\S]*?<\/disk>/g)].map(([text]) => [
      /<target dev="(\w+)" bus="(\w+)"/.exec(text)?.slice(1).join(' '),
      /<boot order="(\d)"/.exec(text)?.[1],
    ]);
    expect(drives).toEqual([
      ['vda virtio', '1'],
      ['sda sata', undefined],
      ['sdc sata', '2'],
      ['sdd sata', undefined],
    ]);
    expect(xml).toContain('<on_reboot>restart</on_reboot>');
    expect(xml).toContain('<tpm ');
    const seed = bench.host.pools.get('berth')?.volumes.get('one-seed.iso')?.content ?? [];
    expect(Buffer.concat(seed).toString()).toBe(
      `user: alice\npasswd: encoded-number-1\nkey: ${PRODUCT_KEY}\n`,
    );

    const guest = bench.host.guest(uuid);
    guest.line({ phase: 'install', pct: 70, message: 'starts for the first time' });
    await bench.clock.settle();
    expect(state()).toBe('installing');
    bench.host.emit({ kind: 'domain-reboot', uuid });
    const task = { phase: 'apps', task: 0, message: 'hello' };
    const lines = [
      { phase: 'boot', pct: 10, message: 'The installed system has started' },
      { ...task, state: 'running' },
      { ...task, state: 'done', exit: 0, lines: ['hello'] },
    ];
    guest.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await bench.clock.advance(1000);
    expect(state()).toBe('first-boot');
    expect(berth.service.get(creationId).applications).toMatchObject([
      { state: 'done', lastLines: ['hello'] },
    ]);
    const pressed = berth.hypervisor.keys.length;
    await bench.clock.advance(MINUTE);
    expect(berth.hypervisor.keys).toHaveLength(pressed);

    guest.ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
    expect(state()).toBe('ready');
    expect([...(bench.host.domains.get(uuid)?.media.keys() ?? [])]).toEqual([]);
    expect(bench.leftovers().join()).not.toContain('seed');
    expect(berth.store.creations.secret(creationId)).toBeNull();
    for (const secret of [PASSWORD, PRODUCT_KEY, 'encoded-number']) {
      expect(berth.said()).not.toContain(secret);
    }
  });

  it('presses the key for a minute, since nobody knows when it is asked for', async () => {
    const { bench, berth } = await installing();
    await bench.clock.advance(10 * MINUTE);
    expect(berth.hypervisor.keys).toEqual(Array.from({ length: 60 }, () => 28));
  });

  it('goes on when no key can be pressed', async () => {
    const { bench, berth } = world();
    berth.hypervisor.fault = ({ method }) => {
      if (method === 'sendKeys') throw new Error('no keyboard');
    };
    const { creationId } = await berth.service.start(wish());
    await berth.until(creationId, 'running');
    await bench.clock.settle();
    bench.host.guest(bench.domainUuid()).ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
    const log = berth.service.log(creationId).map(({ text }) => text);
    expect(log.join()).toContain('no keyboard');
  });

  it('gets a SATA disk without the medium of drivers, and has ended when Windows switches off', async () => {
    const { bench, berth, creationId, uuid, state, disk } = await installing({ media: [] });
    const xml = await berth.hypervisor.domainXml(uuid);
    expect(xml).toContain('<target dev="sdb" bus="sata"/>');
    expect(xml).toContain('<model type="e1000e"/>');
    expect(berth.media.windows[0]).toMatchObject({ drivers: false });

    await berth.hypervisor.destroyDomain(uuid);
    await bench.clock.settle();
    expect(state()).toBe('stalled');
    await berth.hypervisor.startDomain(uuid);
    await bench.clock.settle();
    expect(state()).toBe('installing');

    const volume = disk();
    if (volume) volume.facts.allocationBytes = 9 * GIB;
    await berth.hypervisor.destroyDomain(uuid);
    const ended = await berth.until(creationId, 'ready');
    expect(ended.state).toBe('completed');
    expect(bench.host.domains.get(uuid)?.power).toBe('running');
    expect(bench.database.machines.get(ended.machineId)?.notes).toContainEqual(
      expect.objectContaining({ code: 'application_failed' }),
    );
  });

  it('is installed when the agent answers, where the guest has been silent', async () => {
    const { bench, berth, creationId } = await installing();
    bench.host.agent = true;
    expect(
      await bench.clock.run(berth.service.settled(creationId, 'ready'), 24 * 60 * MINUTE),
    ).toMatchObject({
      state: 'completed',
    });
  });

  it('is only told as stalled when it takes long', async () => {
    const { bench, berth, creationId, state } = await installing();
    await bench.clock.advance(24 * 60 * MINUTE);
    expect(state()).toBe('stalled');
    expect(berth.service.get(creationId).state).toBe('provisioning');
    bench.host.guest(bench.domainUuid()).ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
  });

  it('leaves nothing when it is cancelled', async () => {
    const { bench, berth, creationId } = await installing();
    await berth.service.cancel(creationId);
    expect((await berth.until(creationId, 'ready')).state).toBe('cancelled');
    expect(bench.leftovers()).toEqual([
      'volume images/media-drivers.iso',
      'volume images/media-win.iso',
    ]);
  });

  it.each([
    ['starts anew after a crash while nothing is on the disk', 0, [28]],
    ['is left alone after a crash when Setup has begun', 2 * GIB, []],
  ])('%s', async (_, written, keys) => {
    const { bench, berth, next, creationId, uuid, disk } = await installing();
    berth.kill();
    const volume = disk();
    if (volume) volume.facts.allocationBytes = written;
    const second = next();
    await bench.clock.run(second.service.recover());
    await bench.clock.settle();
    expect(second.hypervisor.keys).toEqual(keys);
    expect(bench.host.domains.get(uuid)?.power).toBe('running');
    bench.host.guest(uuid).line({ phase: 'boot', pct: 10, message: 'up' });
    await bench.clock.settle();
    bench.host.guest(uuid).ready();
    expect((await second.until(creationId, 'ready')).state).toBe('completed');
  });
});

describe('the secrets of Windows', () => {
  it('are kept sealed for another try, and given again', async () => {
    const { bench, berth } = world();
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method === 'defineDomain' && phase === 'before') throw new Error('not now');
    };
    const { creationId } = await berth.service.start(wish());
    expect((await berth.until(creationId, 'ready')).state).toBe('failed');
    expect(JSON.stringify(berth.service.get(creationId))).not.toContain(PRODUCT_KEY);
    berth.hypervisor.fault = null;
    const again = await berth.service.retry(creationId);
    await berth.until(again.creationId, 'running');
    await bench.clock.settle();
    const [first, second] = berth.media.windows;
    expect(second).toMatchObject({ productKey: PRODUCT_KEY, password: first?.password });
  });

  it('are masked in the receipt, which never sees them', async () => {
    const { berth } = world();
    const plan = await berth.service.plan(wish());
    expect(plan.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(plan.seed).toEqual([
      { path: 'Autounattend.xml', content: expect.stringContaining('key: ********') },
    ]);
    expect(JSON.stringify(plan)).not.toMatch(/PLNT1|Correct horse/);
    expect(plan.domainXml).toContain('media-drivers.iso');
  });
});

interface Case {
  code: string;
  severity: 'error' | 'warning';
  setting?: Setting;
  more?: Partial<CreateRequest>;
  tpm?: boolean;
  uefiSecure?: boolean;
  expected?: Record<string, unknown>;
}

const SERVER = { os: { family: 'windows', label: 'Server', osinfoId: 'win2k22' } } as const;
const setField = (field: string, value: string) => ({
  fix: expect.objectContaining({ action: 'set-field', field, value }),
});

const CASES: Case[] = [
  ...['Administrator', 'guest', 'a/b', 'a"b', 'x'.repeat(21), 'a\nb', 'ends.', ''].map(
    (user): Case => ({
      code: 'user_invalid',
      severity: 'error',
      more: { user },
      expected: { field: 'user' },
    }),
  ),
  { code: 'password_missing', severity: 'error', more: { password: '' } },
  { code: 'password_weak', severity: 'error', more: { password: 'x'.repeat(128) } },
  ...['correct horse', 'ALICE-alice1'].map(
    (password): Case => ({
      code: 'password_weak',
      severity: 'error',
      setting: { template: SERVER },
      more: { password },
    }),
  ),
  ...['PLNT1', PRODUCT_KEY.toLowerCase(), `${PRODUCT_KEY}-AAAAA`].map(
    (productKey): Case => ({
      code: 'product_key_invalid',
      severity: 'error',
      more: { productKey },
      expected: { field: 'productKey' },
    }),
  ),
  { code: 'virtio_drivers_missing', severity: 'warning', setting: { media: [] } },
  {
    code: 'virtio_drivers_missing',
    severity: 'error',
    more: { overrides: { driversMediaId: 'win' } },
    expected: setField('overrides.driversMediaId', 'none'),
  },
  {
    code: 'windows_needs_secure_boot',
    severity: 'error',
    more: { overrides: { firmware: 'bios' } },
    expected: setField('overrides.firmware', 'uefi-secure'),
  },
  {
    code: 'windows_needs_secure_boot',
    severity: 'warning',
    more: { overrides: { firmware: 'uefi' } },
    uefiSecure: false,
  },
  { code: 'windows_needs_tpm', severity: 'warning', setting: { template: { tpm: false } } },
  { code: 'tpm_missing', severity: 'warning', tpm: false },
  {
    code: 'tpm_missing',
    severity: 'error',
    setting: { template: { ...SERVER, tpm: true } },
    tpm: false,
  },
];

describe('the checks of a Windows', () => {
  it.each(CASES)('find $code ($severity) for $more', async (one) => {
    const { bench, berth } = world(one.setting);
    const { tpm = true, uefiSecure = true } = one;
    Object.assign(bench.host.abilities, { tpm, uefiSecure });
    const { findings } = await berth.service.plan(wish(one.more));
    const { code, severity, expected } = one;
    expect(findings).toContainEqual(expect.objectContaining({ code, severity, ...expected }));
    expect(JSON.stringify(findings)).not.toContain('PLNT1');
  });

  it('have nothing to say when all is there', async () => {
    const { berth } = world();
    expect((await berth.service.plan(wish())).findings).toEqual([]);
  });

  it('let a machine without a TPM be made, and Setup be told', async () => {
    const { bench, berth } = world();
    bench.host.abilities.tpm = false;
    const { creationId } = await berth.service.start(wish());
    await berth.until(creationId, 'running');
    expect(await berth.hypervisor.domainXml(bench.domainUuid())).not.toContain('<tpm ');
    expect(berth.media.windows[0]?.without).toEqual({ tpm: true, secureBoot: false });
  });

  it('say that a key is of no use to a Linux', async () => {
    const { berth } = world();
    const plan = await berth.service.plan(request('image', 'one', { productKey: PRODUCT_KEY }));
    expect(plan.findings).toContainEqual(
      expect.objectContaining({ code: 'product_key_unused', severity: 'warning' }),
    );
  });

  it.each([
    ['newest', undefined, 'media-new.iso'],
    ['chosen', 'drivers', 'media-drivers.iso'],
  ])('take the %s medium of drivers', async (_, driversMediaId, volume) => {
    const media = [iso('drivers', DRIVERS), iso('new', DRIVERS, { addedAt: 5 })];
    const { berth } = world({ media });
    const overrides = driversMediaId === undefined ? {} : { driversMediaId };
    expect((await berth.service.plan(wish({ overrides }))).domainXml).toContain(volume);
  });
});
