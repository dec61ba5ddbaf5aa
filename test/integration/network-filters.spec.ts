import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FilterPolicy } from '../../src-contract/model/filter.ts';
import { type Berth, compose } from '../../src-main/compose.ts';
import { startRootDaemon, type TestDaemon, waitUntil } from '../support/daemon/index.ts';

const BLOCK: FilterPolicy = { preset: 'block-all', rules: [] };
const WEB: FilterPolicy = {
  preset: 'allow-outbound',
  rules: [
    {
      id: 'web',
      direction: 'in',
      action: 'accept',
      protocol: 'tcp',
      remote: '192.168.122.0/24',
      ports: { start: 8443, end: 8443 },
      priority: 0,
      states: [],
      comment: 'the web server',
    },
  ],
};

describe('network filters of machines on a real daemon', () => {
  const home = mkdtempSync(join(tmpdir(), 'berth-filters-'));
  let daemon: TestDaemon;
  let berth: Berth;
  beforeAll(async () => {
    daemon = await startRootDaemon();
    berth = await compose({ home, uri: daemon.uri });
    await berth.connect();
  });
  afterAll(async () => {
    await berth?.close();
    await daemon?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const firewall = async (program: string) => (await daemon.exec(program)).stdout;

  it('are in force before the first packet, change live, and go with the machine', async () => {
    const { creations, filters } = berth;
    const { creationId, machineId } = await creations.start({
      templateId: 'blank',
      name: `Filtered ${randomUUID().slice(0, 4)}`,
      departmentId: 'personal',
      sshKeys: [],
      overrides: {
        memoryBytes: 64 * 1024 ** 2,
        diskBytes: 1024 ** 3,
        filter: BLOCK,
        network: { kind: 'network', name: 'default' },
      },
      applications: [],
      gpus: [],
      priority: 0,
    });
    const made = await creations.settled(creationId, 'running');
    expect(made.error).toBeNull();
    const owner = { kind: 'machine', id: machineId } as const;
    const filter = await filters.get(owner);
    expect(filter).toMatchObject({ state: 'verified', inherits: 'clean-traffic', policy: BLOCK });
    expect(filter.bindings).toEqual([{ device: expect.any(String), machineId }]);
    const device = filter.bindings[0]?.device ?? '';
    expect(await firewall('ebtables-save')).toContain(`-A PREROUTING -i ${device} `);

    await berth.power.run(machineId, 'kill');
    // A known address: libvirt puts all rules in force at once instead of waiting for a lease.
    const { domainUuid } = berth.library.get(machineId);
    const xml = await daemon.virsh('dumpxml', '--inactive', domainUuid);
    const fixed = xml.replace(
      /<parameter name='CTRL_IP_LEARNING' value='dhcp'\/>/,
      "<parameter name='IP' value='192.168.122.77'/>",
    );
    expect(fixed).not.toBe(xml);
    await berth.ports.hypervisor.defineDomain(fixed);
    await daemon.virsh('nwfilter-undefine', filter.name);
    expect((await filters.get(owner)).state).toBe('missing');
    await waitUntil(
      'the machine to be off',
      10_000,
      () => berth.library.get(machineId).power === 'off',
    );
    await berth.power.run(machineId, 'start');
    expect((await filters.get(owner)).state).toBe('verified');
    const blocked = await firewall('iptables-save');
    expect(blocked).toMatch(/-A FO-vnet\d+ -j DROP/);
    expect(blocked).toMatch(/-A FI-vnet\d+ -p udp .*--sport 68 --dport 67 -j RETURN/);
    expect(await firewall('ip6tables-save')).toMatch(/-A FI-vnet\d+ -j DROP/);

    await filters.setMachine(machineId, WEB);
    const open = await firewall('iptables-save');
    expect(open).toMatch(/-A FO-vnet\d+ -s 192\.168\.122\.0\/24 -p tcp .*--dport 8443 .*-j ACCEPT/);
    expect(open).toMatch(/-A FI-vnet\d+ .*NEW,ESTABLISHED .*ORIGINAL -j RETURN/);
    expect((await filters.get(owner)).state).toBe('verified');

    await berth.networking.update('personal', { filter: { preset: 'allow-outbound', rules: [] } });
    const shared = await filters.get({ kind: 'department', id: 'personal' });
    expect(shared.state).toBe('verified');
    expect(await filters.get(owner)).toMatchObject({ state: 'verified', inherits: shared.name });
    expect(await firewall('iptables-save')).toMatch(/-A FO-vnet\d+ .*--ctstate NEW -j DROP/);

    await berth.deleteMachine(machineId);
    await berth.networking.update('personal', { filter: { preset: 'allow-all', rules: [] } });
    const { filters: left, domains } = await daemon.listOutside();
    expect({ left, domains }).toEqual({ left: [], domains: [] });
    expect(await firewall('iptables-save')).not.toContain('vnet');
    expect(berth.ports.store.filters.list()).toEqual([]);
  });

  it('make and remove the network of a department', async () => {
    const { networking } = berth;
    const network = { kind: 'own', mode: 'nat', network: null, subnet: null } as const;
    const lab = await networking.create({ name: 'Lab', network });
    expect(lab.network).toMatchObject({ subnet: '10.177.0.0/24' });
    const { networks } = await berth.hostNetworks();
    expect(networks).toContainEqual(
      expect.objectContaining({ name: ownName(lab.network), active: true, forward: 'nat' }),
    );
    expect((await daemon.exec('ip', '-4', '-o', 'addr')).stdout).toContain('10.177.0.1/24');
    await networking.remove(lab.id);
    expect((await daemon.listOutside()).networks).toEqual([]);
  });
});

function ownName(network: { kind: string; network?: string | null }): string | null {
  return network.network ?? null;
}
