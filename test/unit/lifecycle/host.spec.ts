import { describe, expect, it } from 'vitest';
import { parseXml } from '../../../src-main/compose/parse-xml.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import { consoleAccess, displayPassword } from '../../../src-main/core/lifecycle/console.ts';
import { readDetails } from '../../../src-main/core/lifecycle/details.ts';
import { dismissCreation } from '../../../src-main/core/lifecycle/dismiss.ts';
import { examine } from '../../../src-main/core/lifecycle/doctor.ts';
import { applyFix } from '../../../src-main/core/lifecycle/fixes.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { LifecycleBench } from './lifecycle-bench.ts';

const bench = (prepare: (bench: LifecycleBench) => void = () => undefined) => {
  const made = new LifecycleBench();
  prepare(made);
  return made;
};

const examineOn = (made: LifecycleBench, viewer: string | null = '/usr/bin/remote-viewer') =>
  examine({
    link: made.link,
    hypervisor: made.hypervisor,
    store: made.store,
    builder: made.builder,
    system: made.system,
    pool: 'berth',
    gpus: { list: async () => [] },
    pathAccess: { blockedAt: async () => made.blocked, confinement: async () => null },
    findViewer: async () => viewer,
  });

describe('the doctor', () => {
  it('names the folder that QEMU cannot pass, and how to open it', async () => {
    const made = bench((one) => {
      one.host.addPool('berth', { path: '/home/ada/berth' });
      one.blocked = { folder: "/home/o'ada", user: 'libvirt-qemu' };
    });
    await made.link.connect();
    const check = (await examineOn(made)).find(({ code }) => code === 'pool_access');
    expect(check).toMatchObject({ status: 'error' });
    expect(check?.detail).toContain('libvirt-qemu');
    expect(check?.fix).toMatchObject({ command: "sudo chmod o+x '/home/o'\\''ada'" });
    made.close();
  });

  it('finds a good host good', async () => {
    const made = bench((b) => b.host.addPool('berth'));
    await made.link.connect();
    const checks = await examineOn(made);
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
    expect(checks.map((check) => check.code)).toEqual([
      ...[
        'libvirt',
        'kvm',
        'qemu',
        'firmware',
        'tpm',
        'spice',
        'pool',
        'disk_space',
        'pool_access',
      ],
      ...['network', 'gpu', 'tryout', 'viewer', 'database'],
    ]);
  });

  it('counts the space that is free now', async () => {
    const made = bench((b) => b.host.addPool('berth', { unseenBytes: 249 * GIB }));
    await made.link.connect();
    const space = (await examineOn(made)).find(({ code }) => code === 'disk_space');
    expect(space).toMatchObject({ status: 'warning', detail: expect.stringContaining('1.0 GiB') });
    made.close();
  });

  it('offers a fix for what is missing', async () => {
    const made = bench((b) => {
      b.host.addPool('berth', { active: false });
      b.host.networks.splice(0, 1, { name: 'default', active: false, bridge: null, forward: null });
      b.host.abilities = {
        ...b.host.abilities,
        kvm: { offered: false, works: false, reason: 'no /dev/kvm' },
        uefi: false,
        tpm: false,
        graphics: ['vnc'],
      };
      b.builder.tryoutError = new BerthError('tryout_no_kernel', 'no kernel', { hint: 'get one' });
    });
    await made.link.connect();
    const bad = (await examineOn(made, null)).filter((check) => check.status !== 'ok');
    const told = bad.map(({ code, status, fix }) => [code, status, fix?.action]);
    expect(told).toEqual([
      ['kvm', 'warning', undefined],
      ['firmware', 'warning', 'run-command'],
      ['tpm', 'warning', 'run-command'],
      ['spice', 'warning', undefined],
      ['pool', 'error', 'start-pool'],
      ['network', 'warning', 'start-network'],
      ['tryout', 'warning', undefined],
      ['viewer', 'warning', 'run-command'],
    ]);
    for (const { fix } of bad) {
      if (fix?.action === 'start-pool' || fix?.action === 'start-network') {
        await applyFix(made.hypervisor, fix);
      }
    }
    const after = (await examineOn(made)).map(({ code, status }) => `${code} ${status}`);
    expect(after).toContain('pool ok');
    expect(after).toContain('network ok');
  });

  it('says what keeps it from libvirt, and checks the rest', async () => {
    const made = bench((b) => {
      b.host.down = true;
    });
    await made.link.connect().catch(() => undefined);
    const checks = await examineOn(made);
    expect(checks[0]).toMatchObject({ code: 'libvirt', status: 'error' });
    expect(checks.map((check) => check.code)).toEqual(['libvirt', 'tryout', 'viewer', 'database']);
  });

  it('makes a failed check of one that throws', async () => {
    const made = bench();
    await made.link.connect();
    made.hypervisor.fault = ({ method }) => {
      if (method === 'listNetworks') throw new BerthError('libvirt_denied', 'not for you');
    };
    const network = (await examineOn(made)).find((check) => check.code === 'network');
    expect(network).toMatchObject({ status: 'error', detail: 'not for you' });
  });

  it('carries out only fixes that are for Berth', async () => {
    const fix = { action: 'run-command', label: 'Install', command: 'x' } as const;
    await expect(applyFix(bench().hypervisor, fix)).rejects.toMatchObject({
      code: 'fix_not_applicable',
    });
  });
});

describe("a machine's details", () => {
  it('come from its definition, sizes from the pools', async () => {
    const made = bench((b) => {
      b.host.addVolume('berth', 'a.qcow2', 5000);
      b.addMachine('a', {
        xml: `<domain type='kvm'><os firmware='efi'><loader secure='yes'/></os><devices>
          <disk type='file' device='disk'><source file='/pools/berth/a.qcow2'/>
            <target dev='vda' bus='virtio'/></disk>
          <disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>
          <interface type='network'><mac address='52:54:00:00:00:01'/>
            <source network='default'/><model type='virtio'/></interface>
          <interface type='user'><mac address='52:54:00:00:00:02'/></interface>
        </devices></domain>`,
      });
    });
    await made.link.connect();
    const details = await readDetails(
      { hypervisor: made.hypervisor, store: made.store, parseXml },
      made.library.get('id-a'),
    );
    expect(details).toMatchObject({
      firmware: 'uefi-secure',
      accelerator: 'kvm',
      disks: [
        { target: 'vda', bus: 'virtio', source: '/pools/berth/a.qcow2', capacityBytes: 5000 },
        { target: 'sda', device: 'cdrom', source: null, capacityBytes: null },
      ],
      interfaces: [
        { mac: '52:54:00:00:00:01', model: 'virtio', source: 'network default' },
        { mac: '52:54:00:00:00:02', model: null, source: 'user' },
      ],
    });
  });
});

describe('a display', () => {
  it('comes with its password, found by its protocol', () => {
    const xml = `<graphics type='vnc' passwd='no'/><graphics type='spice' passwd='a&amp;b&apos;c'>`;
    expect(displayPassword(xml, 'spice')).toBe("a&b'c");
    expect(displayPassword("<graphics type='vnc' port='1'/>", 'vnc')).toBe('');
  });

  it('is refused for a machine that is off', async () => {
    const made = bench((b) => b.addMachine('a'));
    await made.link.connect();
    await expect(consoleAccess(made, 'id-a')).rejects.toMatchObject({
      code: 'machine_not_running',
    });
  });
});

describe('dismissing a creation', () => {
  it('keeps the record of a living machine', () => {
    const made = bench((b) => {
      b.addMachine('a');
      b.addCreation('a', 'completed');
      b.addCreation('b', 'failed');
    });
    const dismissed: string[] = [];
    const creations = { dismiss: (id: string) => void dismissed.push(id) };
    const deps = { store: made.store, creations };
    expect(() => dismissCreation(deps, 'creation-a')).toThrow('made by this creation');
    dismissCreation(deps, 'creation-b');
    expect(dismissed).toEqual(['creation-b']);
  });
});
