import { describe, expect, it } from 'vitest';
import type { InstallerMedium, Media } from '../../../src-contract/model/media.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { installerPatienceMs } from '../../../src-main/core/domain/patience.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { IMAGE, PASSWORD, request, TEMPLATES, TestBench } from './test-bench.ts';

const MINUTE = 60_000;
const MIB = 1024 ** 2;

const DEBIAN: InstallerMedium = {
  family: 'debian',
  label: 'Debian 12',
  osLabel: 'Debian 12',
  boot: { kernel: '/install.amd/vmlinuz', initrd: '/install.amd/initrd.gz' },
};
const UNKNOWN: InstallerMedium = { ...DEBIAN, family: 'unknown', osLabel: 'Haiku', boot: null };
const WINDOWS: InstallerMedium = { ...UNKNOWN, family: 'windows', osLabel: 'Windows 11' };

function bench(
  installer: InstallerMedium,
  os: Partial<Template['os']> = {},
  more: Partial<Template> = {},
) {
  const all = new TestBench();
  const iso: Media = {
    ...IMAGE,
    id: 'iso',
    name: 'Medium',
    kind: 'iso',
    installer,
    format: 'raw',
    volume: 'media-iso.iso',
  };
  all.database.media.set('iso', iso);
  all.host.addVolume(iso.pool, iso.volume, GIB, 'raw');
  const berth = all.process();
  const [, base] = TEMPLATES;
  if (base === undefined) throw new Error('there is no template');
  berth.templates = [
    ...TEMPLATES,
    {
      ...base,
      id: 'server',
      os: { ...base.os, ...os },
      source: { kind: 'installer', mediaId: 'iso', unattended: true },
      login: 'none',
      ...more,
    },
  ];
  return { all, berth };
}

const login = { password: PASSWORD, user: 'alice' };

describe('an unattended installation', () => {
  it('starts the installer’s kernel with its answers, then the disk, and leaves no answers', async () => {
    const { all, berth } = bench(DEBIAN);
    const { creationId, machineId } = await berth.service.start(request('server', 'one', login));
    await berth.until(creationId, 'running');
    await all.clock.settle();
    const uuid = all.domainUuid();
    const state = () => all.database.machines.get(machineId)?.provisioning;
    expect(state()).toBe('installing');
    const xml = await berth.hypervisor.domainXml(uuid);
    expect(xml).toMatch(/<kernel>\S*one-kernel<\/kernel>/);
    expect(xml).toContain('<on_reboot>destroy</on_reboot>');
    expect(xml).toContain('media-iso.iso');
    const initrd = all.host.pools.get('berth')?.volumes.get('one-initrd')?.content ?? [];
    expect(Buffer.concat(initrd).toString()).toMatch(
      /^\/install\.amd\/initrd\.gzuser: alice\npasswd: \$6\$/,
    );

    all.host.guest(uuid).line({ phase: 'installed', pct: 99, message: 'done' });
    await all.clock.settle();
    await berth.hypervisor.destroyDomain(uuid);
    await all.clock.settle();
    expect(state()).toBe('first-boot');
    const installed = await berth.hypervisor.domainXml(uuid);
    expect(installed).not.toContain('<kernel>');
    expect(installed).toContain('<on_reboot>restart</on_reboot>');
    expect(all.leftovers().join()).not.toMatch(/one-kernel|one-initrd/);
    all.host.guest(uuid).ready();
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
    expect(state()).toBe('ready');
    expect(berth.said()).not.toContain(PASSWORD);
  });

  it('is told as stalled when the machine is switched off before the installer has finished', async () => {
    const { all, berth } = bench(DEBIAN);
    const { creationId, machineId } = await berth.service.start(request('server', 'one', login));
    await berth.until(creationId, 'running');
    await all.clock.settle();
    await berth.hypervisor.destroyDomain(all.domainUuid());
    await all.clock.settle();
    expect(all.database.machines.get(machineId)?.provisioning).toBe('stalled');
    expect(berth.service.get(creationId).state).toBe('provisioning');
  });

  it('shows what is written, is stalled when nothing moves, and goes on when something does', async () => {
    const { all, berth } = bench(DEBIAN);
    const { creationId, machineId } = await berth.service.start(request('server', 'one', login));
    await berth.until(creationId, 'running');
    await all.clock.settle();
    const uuid = all.domainUuid();
    const patience = installerPatienceMs({ family: 'debian', accelerator: 'kvm', minutes: null });
    const state = () => all.database.machines.get(machineId)?.provisioning;
    const shown = () =>
      berth.service.get(creationId).stages.find(({ stage }) => stage === 'install');
    const quiet = (ms: number) => all.clock.advance(ms);
    all.host.guest(uuid).line({ phase: 'install', pct: 20, message: 'Preparing the disk' });
    for (let written = 1; written <= 3; written++) {
      await quiet(patience - MINUTE);
      all.host.written = written * MIB;
    }
    await quiet(MINUTE);
    expect(state()).toBe('installing');
    expect(shown()).toMatchObject({
      progress: 0.2,
      message: 'Preparing the disk; 3 MiB written',
    });

    await quiet(patience);
    expect(state()).toBe('stalled');
    expect(shown()?.message).toMatch(/neither said nor written anything for 10 minutes/);
    const things = all.leftovers();
    all.host.written += MIB;
    await quiet(MINUTE);
    expect(state()).toBe('installing');
    expect(shown()?.message).toBe('Preparing the disk; 4 MiB written');

    await quiet(patience - 2 * MINUTE);
    all.host.emit({ kind: 'domain-reboot', uuid });
    await quiet(patience - MINUTE);
    expect(state()).toBe('installing');
    await quiet(2 * MINUTE);
    expect(state()).toBe('stalled');
    expect(all.leftovers()).toEqual(things);
    expect(berth.service.get(creationId).state).toBe('provisioning');
  });

  it.each(['this process', 'the next one'])('has the patience of its template: %s', async (who) => {
    const { all, berth } = bench(DEBIAN, {}, { patienceMinutes: 45 });
    const { creationId, machineId } = await berth.service.start(request('server', 'one', login));
    await berth.until(creationId, 'running');
    await all.clock.settle();
    if (who === 'the next one') {
      berth.kill();
      const next = all.process();
      next.templates = berth.templates;
      await all.clock.run(next.service.recover());
      await all.clock.settle();
    }
    const state = () => all.database.machines.get(machineId)?.provisioning;
    await all.clock.advance(44 * MINUTE);
    expect(state()).toBe('installing');
    await all.clock.advance(2 * MINUTE);
    expect(state()).toBe('stalled');
  });

  it('stays stalled when it was switched off, whatever it had written', async () => {
    const { all, berth } = bench(DEBIAN);
    const { creationId, machineId } = await berth.service.start(request('server', 'one', login));
    await berth.until(creationId, 'running');
    await all.clock.settle();
    all.host.written = MIB;
    await berth.hypervisor.destroyDomain(all.domainUuid());
    await all.clock.advance(2 * MINUTE);
    expect(all.database.machines.get(machineId)?.provisioning).toBe('stalled');
  });

  it('is gone on with by the next process, which missed the installer’s last words', async () => {
    const { all, berth } = bench(DEBIAN);
    const { creationId, machineId } = await berth.service.start(request('server', 'one', login));
    await berth.until(creationId, 'running');
    await all.clock.settle();
    berth.kill();
    const uuid = all.domainUuid();
    const domain = all.host.domains.get(uuid);
    if (domain === undefined) throw new Error('there is no domain');
    all.host.setPower(domain, 'off');
    const next = all.process();
    next.templates = berth.templates;
    await all.clock.run(next.service.recover());
    await all.clock.settle();
    expect(all.database.machines.get(machineId)?.provisioning).toBe('first-boot');
    expect(await next.hypervisor.domainXml(uuid)).not.toContain('<kernel>');
    all.host.guest(uuid).ready();
    expect((await next.until(creationId, 'ready')).state).toBe('completed');
  });

  it('leaves nothing when it is cancelled', async () => {
    const { all, berth } = bench(DEBIAN);
    const { creationId } = await berth.service.start(request('server', 'one', login));
    await berth.until(creationId, 'running');
    await all.clock.settle();
    await berth.service.cancel(creationId);
    expect((await berth.until(creationId, 'ready')).state).toBe('cancelled');
    expect(all.leftovers()).toEqual(['volume images/media-iso.iso']);
  });

  it('is shown with its answers before, without the password’s hash', async () => {
    const { berth } = bench(DEBIAN);
    const plan = await berth.service.plan(request('server', 'one', login));
    expect(plan.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(plan.domainXml).toContain('<cmdline>auto=true priority=critical');
    expect(plan.seed).toEqual([{ path: 'answers', content: expect.stringContaining('********') }]);
    expect(JSON.stringify(plan)).not.toContain('$6$');
  });
});

describe('the patience with an installer', () => {
  it.each([
    ['debian', 'kvm', null, 10],
    ['windows', 'kvm', null, 20],
    ['debian', 'tcg', null, 40],
    ['debian', 'kvm', 3, 3],
    ['debian', 'tcg', 3, 12],
  ] as const)('%s on %s, template %s: %d minutes', (family, accelerator, minutes, expected) => {
    expect(installerPatienceMs({ family, accelerator, minutes })).toBe(expected * MINUTE);
  });
});

describe('the medium of an installation', () => {
  it('that nobody here can answer is started for a person', async () => {
    const { all, berth } = bench(UNKNOWN);
    const plan = await berth.service.plan(request('server', 'one', login));
    expect(plan.findings).toContainEqual(
      expect.objectContaining({ code: 'installer_manual', severity: 'warning' }),
    );
    const { creationId } = await berth.service.start(request('server', 'one', login));
    expect((await berth.until(creationId, 'ready')).state).toBe('completed');
    const xml = await berth.hypervisor.domainXml(all.domainUuid());
    expect(xml).toContain('<boot order="2"/>');
    expect(xml).not.toContain('<kernel>');
    expect(all.leftovers().join()).not.toContain('seed');
  });

  it.each<[string, InstallerMedium, Partial<Template['os']>]>([
    ['Windows for Linux', WINDOWS, {}],
    ['Linux for Windows', DEBIAN, { family: 'windows' }],
    ['drivers', { ...UNKNOWN, family: 'drivers' }, {}],
  ])('must fit the template: not %s', async (_, medium, os) => {
    const { berth } = bench(medium, os);
    const plan = await berth.service.plan(request('server', 'one', login));
    expect(plan.findings).toContainEqual(
      expect.objectContaining({ code: 'media_wrong_os', severity: 'error' }),
    );
  });

  it('is not a disk image, and the other way round', async () => {
    const { berth } = bench(DEBIAN);
    for (const [template, mediaId] of [
      ['server', 'debian'],
      ['image', 'iso'],
    ] as const) {
      const input = request(template, 'one', { ...login, overrides: { mediaId } });
      const { findings } = await berth.service.plan(input);
      expect(findings).toContainEqual(expect.objectContaining({ code: 'media_wrong_kind' }));
    }
  });
});
