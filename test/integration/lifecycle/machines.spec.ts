import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Berth, compose } from '../../../src-main/compose.ts';
import { startRootDaemon, type TestDaemon, waitUntil } from '../../support/daemon/index.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

describe('machines on a real daemon', () => {
  const home = mkdtempSync(join(tmpdir(), 'berth-lifecycle-'));
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

  async function make(name: string, firmware: 'bios' | 'uefi'): Promise<string> {
    const { creationId, machineId } = await berth.creations.start({
      templateId: 'blank',
      name,
      departmentId: 'personal',
      sshKeys: [],
      overrides: {
        memoryBytes: 128 * MIB,
        diskBytes: GIB,
        vcpus: 1,
        network: { kind: 'none' },
        firmware,
      },
      applications: [],
      gpus: [],
      priority: 0,
    });
    const made = await berth.creations.settled(creationId, 'running');
    expect(made.error).toBeNull();
    return machineId;
  }

  const until = (what: string, test: () => boolean) => waitUntil(what, 30_000, test);
  const power = (id: string) => berth.library.peek(id)?.power;
  const config = (id: string) => berth.lifecycle.config(id);

  it('are renamed, resized, changed by others, and deleted with everything that is on them', async () => {
    const { lifecycle } = berth;
    const id = await make('First', 'bios');
    await until('its configuration', () => config(id)?.displayEndpoint !== undefined);
    expect(config(id)).toMatchObject({ displayProtocol: 'spice', hasPassword: true, changes: [] });

    await lifecycle.rename(id, 'Second');
    const live = await lifecycle.resize(id, {
      vcpus: 2,
      memoryBytes: 256 * MIB,
      diskBytes: 2 * GIB,
    });
    expect(live.map(({ resource, effect }) => [resource, effect])).toEqual([
      ['diskBytes', 'now'],
      ['vcpus', 'next-start'],
      ['memoryBytes', 'next-start'],
    ]);
    expect(config(id)?.changes).toEqual([]);

    // The guest has no system, so it cannot react: it is forced.
    await lifecycle.stop(id, 1);
    expect(power(id)).toBe('off');
    await lifecycle.rename(id, 'Third');
    const { domainName, domainUuid } = berth.library.get(id);
    expect(domainName).toBe('Third');
    expect(await daemon.virsh('dominfo', 'Third')).toMatch(/CPU\(s\): +2\n/);
    expect(await daemon.virsh('desc', '--title', 'Third')).toContain('Third');

    const xml = await daemon.virsh('dumpxml', '--inactive', '--security-info', domainUuid);
    const file = join(daemon.poolDir, 'edited.xml');
    writeFileSync(file, xml.replace("model type='virtio'", "model type='vga'"));
    await daemon.virsh('define', file);
    await until('the change to be noticed', () => (config(id)?.changes.length ?? 0) > 0);
    lifecycle.acceptChanges(id);
    expect(config(id)?.changes).toEqual([]);

    await berth.power.run(id, 'start');
    await daemon.virsh('snapshot-create-as', 'Third', 'snap', '--disk-only');
    expect(
      (await daemon.listOutside()).files.filter((name) => name.includes('.snap')),
    ).toHaveLength(1);
    await berth.deleteMachine(id);
    const { files, domains, volumes } = await daemon.listOutside();
    expect({ domains, volumes }).toEqual({ domains: [], volumes: [] });
    expect(files.filter((name) => !/(storage|autostart)\/|edited\.xml$/.test(name))).toEqual([]);
    expect((await lifecycle.reconciler.scan()).orphans).toEqual([]);
  });

  it('are adopted from another tool, given back, and missed when it removes them', async () => {
    const { lifecycle, library } = berth;
    const id = await make('Ours', 'uefi');
    await berth.power.run(id, 'kill');
    const { domainUuid } = library.get(id);
    const pool = (await lifecycle.reconciler.scan()).orphans;
    expect(pool).toEqual([]);
    await lifecycle.forget(id);
    expect(await daemon.virsh('dumpxml', '--inactive', domainUuid)).not.toContain('berth:machine');
    expect(library.get(domainUuid).origin).toBe('external');

    const { volumes } = await lifecycle.planAdoption(domainUuid);
    expect(volumes).toMatchObject([{ pool: 'berth', ownable: true, capacityBytes: GIB }]);
    const owned = volumes.map(({ pool: from, name }) => ({ pool: from ?? '', name }));
    const { machineId } = await lifecycle.adopt({ machineId: domainUuid, volumes: owned });
    expect(await daemon.virsh('dumpxml', '--inactive', domainUuid)).toContain(machineId);

    await daemon.virsh('undefine', '--nvram', domainUuid);
    await until('the loss to be noticed', () =>
      library.get(machineId).notes.some(({ code }) => code === 'domain_missing'),
    );
    const { orphans } = await lifecycle.reconciler.scan();
    expect(orphans).toMatchObject([{ id: `record/${machineId}`, kind: 'record' }]);
    expect(await lifecycle.reconciler.remove([`record/${machineId}`])).toMatchObject([
      { removed: true },
    ]);
    expect((await daemon.listOutside()).volumes).toEqual([]);
  });
});
