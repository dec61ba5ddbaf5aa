import { describe, expect, it } from 'vitest';
import { parsePciDevice } from '../../../src-main/adapters/libvirt/node-devices.ts';
import { readPci } from '../../../src-main/adapters/system/pci.ts';
import { parseGpus } from '../../../src-main/cli/gpus.ts';
import { type GpuInput, gpuAddresses, reportGpus } from '../../../src-main/core/domain/gpu.ts';
import { pciAddress } from '../../../src-main/core/domain/pci.ts';
import { checkGpus } from '../../../src-main/core/lifecycle/doctor-gpus.ts';
import * as hosts from '../../fixtures/gpu/index.ts';
import { factsOf } from './facts.ts';

const report = async (host: hosts.GpuHost, change: Partial<GpuInput> = {}) =>
  reportGpus({
    pci: await factsOf(host),
    scope: 'system',
    claims: new Map(),
    running: new Map(),
    ...change,
  });

const codes = (gpu: { obstacles: { code: string }[] } | undefined) =>
  gpu?.obstacles.map(({ code }) => code);

describe('graphics cards of real hosts', () => {
  it('has all functions of a card and leaves its root port with the host', async () => {
    const [integrated, card, ...more] = await report(hosts.nvidiaHost);
    expect(more).toEqual([]);
    expect(card).toMatchObject({
      address: '0000:01:00.0',
      name: 'NVIDIA Corporation TU104 [GeForce RTX 2070 SUPER]',
      iommuGroup: 2,
      bootVga: false,
      groupOthers: [],
      obstacles: [],
      machineId: null,
    });
    expect(card?.functions.map(({ address, driver }) => [address, driver])).toEqual([
      ['0000:01:00.0', 'nouveau'],
      ['0000:01:00.1', 'snd_hda_intel'],
      ['0000:01:00.2', 'xhci_hcd'],
      ['0000:01:00.3', 'nvidia-gpu'],
    ]);
    expect(codes(integrated)).toEqual(['boot_vga', 'driver_in_use']);
    expect(integrated?.obstacles[1]?.message).toContain('i915 shows a picture of the host on DP-1');
  });

  it('names the other devices of a shared group', async () => {
    const card = (await report(hosts.sharedHost)).at(-1);
    expect(codes(card)).toEqual(['group_shared']);
    expect(card?.obstacles[0]?.message).toContain(
      '0000:02:00.0 I210 Gigabit Network Connection (igb)',
    );
    expect(card && gpuAddresses(card).map(({ address }) => address)).toEqual([
      ...['0000:01:00.0', '0000:01:00.1', '0000:01:00.2', '0000:01:00.3'],
      '0000:02:00.0',
    ]);
  });

  it('takes a card that was set aside at boot, though the firmware used it', async () => {
    const [card, ...more] = await report(hosts.amdHost);
    expect(more).toEqual([]);
    expect(card).toMatchObject({ address: '0000:03:00.0', bootVga: true, obstacles: [] });
  });

  it('says how to switch the IOMMU on, by what the host is and was told', async () => {
    const hint = async (change: Partial<hosts.GpuHost>) =>
      (await report({ ...hosts.iommuOffHost, ...change }))[1]?.obstacles.find(
        ({ code }) => code === 'iommu_off',
      )?.hint;
    expect(await hint({})).toContain(
      'VT-d in the firmware setup of this computer, add intel_iommu=on',
    );
    expect(await hint({ cmdline: 'intel_iommu=on,sm_on' })).toMatch(/VT-d.* and restart/);
    expect(await hint({ cmdline: 'intel_iommu=on,sm_on' })).not.toContain('add intel_iommu');
    expect(await hint({ cmdline: 'x amd_iommu=off' })).toContain('remove');
    expect(await hint({ cpu: 'AuthenticAMD' })).toContain('AMD-Vi');
  });

  it('knows whether vfio can be had', async () => {
    expect(codes((await report({ ...hosts.nvidiaHost, vfio: 'missing' }))[1])).toEqual([
      'vfio_missing',
    ]);
    const pci = await factsOf(hosts.amdHost);
    const kernel = pci.kernel && { ...pci.kernel, vfioNode: false };
    expect(codes((await report(hosts.amdHost, { pci: { ...pci, kernel } }))[0])).toEqual([
      'vfio_missing',
    ]);
  });

  it('tells a session, a claim and a running domain', async () => {
    expect(codes((await report(hosts.amdHost, { scope: 'session' }))[0])).toEqual([
      'session_daemon',
    ]);
    const claims = new Map([['0000:03:00.1', 'm1']]);
    const running = new Map([['0000:03:00.0', 'theirs']]);
    const [card] = await report(hosts.amdHost, { claims, running });
    expect(card?.machineId).toBe('m1');
    expect(card?.obstacles).toHaveLength(1);
    expect(card?.obstacles[0]?.message).not.toContain('theirs');
    const [foreign] = await report(hosts.amdHost, { running });
    expect(foreign?.obstacles[0]).toMatchObject({
      code: 'claimed',
      message: expect.stringContaining('“theirs”'),
    });
  });

  it('knows domains of more than four digits', async () => {
    const [card] = await report(hosts.wideDomainHost);
    expect(card).toMatchObject({ address: '10000:01:00.0', iommuGroup: 40, obstacles: [] });
  });

  it('does not mix up hosts: what this kernel says of another device counts nothing', async () => {
    const pci = await factsOf(hosts.nvidiaHost);
    const here = await factsOf({
      ...hosts.nvidiaHost,
      devices: hosts.amdHost.devices
        .slice(1, 2)
        .map((device) => ({ ...device, address: '0000:01:00.0', bootVga: true })),
    });
    const [, card] = await report(hosts.nvidiaHost, { pci: { ...pci, kernel: here.kernel } });
    expect(card).toMatchObject({ bootVga: null, obstacles: [] });
  });

  it('is null without a PCI bus, and no card without one', async () => {
    expect(await readPci('/nowhere')).toBeNull();
    expect(await report({ ...hosts.nvidiaHost, devices: [] })).toEqual([]);
    expect(parsePciDevice('<device><capability type="net"/></device>')).toBeNull();
  });
});

describe('the doctor on graphics cards', () => {
  it('warns only where no card could be had', async () => {
    expect(checkGpus([]).status).toBe('ok');
    expect(checkGpus(await report(hosts.nvidiaHost)).status).toBe('ok');
    expect(checkGpus(await report(hosts.iommuOffHost))).toMatchObject({
      status: 'warning',
      hint: expect.stringContaining('VT-d'),
    });
    const claims = new Map([['0000:03:00.0', 'm1']]);
    expect(checkGpus(await report(hosts.amdHost, { claims })).status).toBe('ok');
  });
});

describe('addresses', () => {
  it('are written in one way', () => {
    expect(pciAddress('01:00.0')).toBe('0000:01:00.0');
    expect(pciAddress('00000000:0A:1F.7')).toBe('0000:0a:1f.7');
    expect(pciAddress('00010000:01:00.0')).toBe('10000:01:00.0');
    expect(['', '01:00', '1:2:3:4.0', '01:00.8', 'g1:00.0'].map(pciAddress)).toEqual(
      Array(5).fill(null),
    );
  });

  it('come from the command line with a firmware file', () => {
    expect(parseGpus(['01:00.0', '0000:03:00.0,rom=/srv/a.rom'])).toEqual({
      gpus: ['0000:01:00.0', '0000:03:00.0'],
      roms: [{ address: '0000:03:00.0', file: '/srv/a.rom' }],
    });
    expect(() => parseGpus(['card'])).toThrow('such as 0000:01:00.0');
    expect(() => parseGpus(['01:00.0,rom=a'])).toThrow('rom=/path');
  });
});
