import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostAbilities } from '../../../src-main/core/ports/hypervisor.ts';
import { build, GOLDENS } from '../../unit/domain-xml/golden-cases.ts';
import { HOSTS, MACHINE_CASES, planOn } from '../../unit/domain-xml/golden-machines.ts';
import { SPEC } from '../../unit/domain-xml/specs.ts';
import { type AdapterWorld, createAdapterWorld } from './adapter-world.ts';

let world: AdapterWorld;
let abilities: HostAbilities;

beforeAll(async () => {
  world = await createAdapterWorld();
  abilities = await world.hypervisor.abilities();
});
afterAll(() => world?.dispose());

/** libvirtd itself checks, completes and stores it; its own text then names what we asked for. */
async function defineAndForget(xml: string): Promise<string> {
  const { uuid } = await world.hypervisor.defineDomain(xml);
  try {
    return await world.hypervisor.domainXml(uuid, { inactive: true });
  } finally {
    await world.hypervisor.undefineDomain(uuid);
  }
}

const accelerator = () => (abilities.kvm.works ? 'kvm' : 'tcg');

describe('a real daemon takes the definition of', () => {
  it.each(MACHINE_CASES)('$machine, as this host can carry it ($name)', async (entry) => {
    // The shape of the host is the case's, what its QEMU can do is this computer's.
    const { domainXml } = await planOn(entry, (host) => {
      HOSTS[entry.host](host);
      host.abilities = abilities;
    });
    const xml = domainXml ?? '';
    const stored = await defineAndForget(xml);
    expect(stored.match(/<vcpupin /g)).toEqual(xml.match(/<vcpupin /g));
    expect(stored.includes('<hugepages>')).toBe(xml.includes('<hugepages>'));
    expect(stored.includes('<tpm ')).toBe(xml.includes('<tpm '));
  });

  it.each(GOLDENS)('$name', async (entry) => {
    const { firmware, tpm } = build.spec(entry);
    const lacking = [
      firmware === 'uefi-secure' && !abilities.uefiSecure && 'Secure Boot',
      firmware === 'uefi' && !abilities.uefi && 'UEFI',
      tpm && !abilities.tpm && 'TPM',
    ].filter(Boolean);
    const xml = build.text(entry, { accelerator: accelerator(), emulator: abilities.emulator });
    if (lacking.length > 0) {
      await expect(defineAndForget(xml), `without ${lacking.join()}`).rejects.toThrow();
      return;
    }
    const stored = await defineAndForget(xml);
    expect(stored).toContain(SPEC.domainUuid);
    expect(stored.match(/<hostdev /g)).toEqual(xml.match(/<hostdev /g));
  });
});

describe('a machine bound to CPUs of this host', () => {
  it('starts there, and its CPUs are known to be taken', async () => {
    const topology = await world.hypervisor.topology();
    const node = topology?.nodes.find(({ cpus }) => cpus.length > 0);
    const cpu = node?.cpus.at(-1)?.id ?? 0;
    const spec = await world.define({
      pinning: {
        vcpus: [[cpu]],
        emulator: [cpu],
        iothread: [cpu],
        nodes: [node?.id ?? 0],
        memoryMode: 'preferred',
        claimed: [cpu],
        threads: 1,
      },
    });
    try {
      const uuid = spec.domainUuid;
      await world.hypervisor.startDomain(uuid);
      expect(await world.hypervisor.findDomain({ uuid })).toMatchObject({
        power: 'running',
        pinnedCpus: [cpu],
      });
      await world.hypervisor.destroyDomain(uuid);
    } finally {
      await world.hypervisor.undefineDomain(spec.domainUuid);
    }
  });
});
