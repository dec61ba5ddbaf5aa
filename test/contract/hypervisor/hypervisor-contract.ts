import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hypervisor, HypervisorEvent } from '../../../src-main/core/ports/hypervisor.ts';
import { waitUntil } from '../../support/daemon/index.ts';

export interface HypervisorSetup {
  readonly hypervisor: Hypervisor;
  /** A definition of a small domain that can be started here. */
  domainXml(domain: { uuid: string; name: string; seed?: string }): string;
  dispose(): Promise<void>;
}

const POOL = 'berth-contract';
const MIB = 1024 ** 2;
const EVENT_TIMEOUT_MS = 60_000;
const failsWith = (code: string) => expect.objectContaining({ code });

async function* chunks(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield new Uint8Array(size).fill(index);
}

/** What every Hypervisor must do, whatever is behind it. */
export function describeHypervisor(name: string, create: () => Promise<HypervisorSetup>): void {
  describe(name, () => {
    let setup: HypervisorSetup;
    let hypervisor: Hypervisor;
    const events: HypervisorEvent[] = [];
    beforeAll(async () => {
      setup = await create();
      hypervisor = setup.hypervisor;
      hypervisor.subscribe((event) => events.push(event));
      await hypervisor.connect();
    });
    afterAll(async () => {
      await hypervisor?.close();
      await setup?.dispose();
    });

    const seen = (what: string, test: (event: HypervisorEvent) => boolean) =>
      waitUntil(what, EVENT_TIMEOUT_MS, () => events.find(test));
    const stateEvent = (uuid: string, power: string) =>
      seen(`${power} of ${uuid}`, (event) => {
        return event.kind === 'domain-state' && event.uuid === uuid && event.power === power;
      });
    const newDomain = async (options: { seed?: string } = {}) => {
      const domain = { uuid: randomUUID(), name: `contract-${randomUUID().slice(0, 8)}` };
      await hypervisor.defineDomain(setup.domainXml({ ...domain, ...options }));
      return domain;
    };

    describe('the connection', () => {
      it('tells how CPUs and memory hang together', async () => {
        const topology = await hypervisor.topology();
        const cpus = topology?.nodes.flatMap((node) => node.cpus) ?? [];
        expect(cpus.length).toBeGreaterThan(0);
        for (const { id, siblings } of cpus) expect(siblings).toContain(id);
        const memory = topology?.nodes.reduce((sum, node) => sum + node.memoryBytes, 0) ?? 0;
        expect(memory).toBeGreaterThan(64 * MIB);
      });

      it('tells the host and that it is connected', async () => {
        const host = await hypervisor.connect();
        expect(host).toMatchObject({
          scope: expect.stringMatching(/^(system|session)$/),
          hostname: expect.stringMatching(/./),
          libvirtVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          hypervisorVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        });
        expect(host.cpus).toBeGreaterThan(0);
        expect(host.memoryBytes).toBeGreaterThan(64 * MIB);
        expect(events).toContainEqual({ kind: 'connection', state: 'connected' });
      });

      it('knows what the host can do, and why it has no KVM when it has none', async () => {
        const abilities = await hypervisor.abilities();
        expect(abilities.emulator).toMatch(/^\//);
        expect(abilities.maxVcpus).toBeGreaterThan(0);
        expect(abilities.kvm.works && !abilities.kvm.offered).toBe(false);
        expect(abilities.kvm.reason === null).toBe(abilities.kvm.works);
        expect(await hypervisor.abilities()).toEqual(abilities);
      });

      it('stops delivering to who has left', async () => {
        const heard: HypervisorEvent[] = [];
        const leave = hypervisor.subscribe((event) => heard.push(event));
        leave();
        const { uuid } = await newDomain();
        await hypervisor.undefineDomain(uuid);
        await stateEvent(uuid, 'gone');
        expect(heard).toEqual([]);
      });

      it('rejects with the reason of a signal', async () => {
        const reason = new Error('changed my mind');
        const signal = AbortSignal.abort(reason);
        await expect(hypervisor.listDomains({ signal })).rejects.toBe(reason);
        await expect(hypervisor.ensurePool(POOL, { signal })).rejects.toBe(reason);
        await expect(hypervisor.abilities({ signal })).rejects.toBe(reason);
      });
    });

    describe('domains', () => {
      it('defines, finds, lists and removes', async () => {
        const { uuid, name } = await newDomain();
        await seen('the definition', (e) => e.kind === 'domain-defined' && e.uuid === uuid);
        const byName = await hypervisor.findDomain({ name });
        expect(byName).toMatchObject({ uuid, name, power: 'off', persistent: true });
        expect(byName?.vcpus).toBeGreaterThan(0);
        expect(byName?.memoryBytes).toBeGreaterThan(0);
        expect(await hypervisor.findDomain({ uuid })).toEqual(byName);
        expect(await hypervisor.listDomains()).toContainEqual(byName);
        expect(await hypervisor.domainXml(uuid)).toContain(name);
        expect(await hypervisor.domainAutostart(uuid)).toBe(false);
        await hypervisor.undefineDomain(uuid);
        await stateEvent(uuid, 'gone');
        expect(await hypervisor.findDomain({ uuid })).toBeNull();
        expect(await hypervisor.findDomain({ name })).toBeNull();
        await hypervisor.undefineDomain(uuid);
      });

      it('redefines the same UUID and refuses the name to another', async () => {
        const { uuid, name } = await newDomain();
        await hypervisor.defineDomain(setup.domainXml({ uuid, name }));
        const rival = setup.domainXml({ uuid: randomUUID(), name });
        await expect(hypervisor.defineDomain(rival)).rejects.toEqual(failsWith('domain_exists'));
        await hypervisor.undefineDomain(uuid);
      });

      it.each(['', 'no XML', '<domain/>', '<domain type="qemu"><name>x</name><bogus/></domain>'])(
        'refuses “%s”',
        async (xml) => {
          await expect(hypervisor.defineDomain(xml)).rejects.toEqual(failsWith('xml_invalid'));
        },
      );

      it('runs through the power states', async () => {
        const { uuid } = await newDomain();
        const power = async () => (await hypervisor.findDomain({ uuid }))?.power;
        await hypervisor.startDomain(uuid, { paused: true });
        expect(await power()).toBe('paused');
        await stateEvent(uuid, 'paused');
        await hypervisor.resumeDomain(uuid);
        expect(await power()).toBe('running');
        await stateEvent(uuid, 'running');
        await hypervisor.resumeDomain(uuid);
        await hypervisor.sendKeys(uuid, [28]);
        await hypervisor.suspendDomain(uuid);
        expect(await power()).toBe('paused');
        await expect(hypervisor.startDomain(uuid)).rejects.toEqual(failsWith('domain_active'));
        await hypervisor.destroyDomain(uuid);
        expect(await power()).toBe('off');
        await stateEvent(uuid, 'off');
        await hypervisor.destroyDomain(uuid);
        await hypervisor.undefineDomain(uuid);
      });

      it('tells a domain that does not exist from one that does not run', async () => {
        const missing = randomUUID();
        await expect(hypervisor.startDomain(missing)).rejects.toEqual(failsWith('domain_missing'));
        await expect(hypervisor.domainXml(missing)).rejects.toEqual(failsWith('domain_missing'));
        await hypervisor.destroyDomain(missing);
        const { uuid } = await newDomain();
        for (const call of [
          () => hypervisor.shutdownDomain(uuid),
          () => hypervisor.rebootDomain(uuid),
          () => hypervisor.suspendDomain(uuid),
          () => hypervisor.sendKeys(uuid, [28]),
          () => hypervisor.consoleEndpoint(uuid),
          () => hypervisor.openChannel(uuid, 'org.berth.progress.0'),
        ]) {
          await expect(call()).rejects.toEqual(failsWith('domain_inactive'));
        }
        expect(await hypervisor.screenshot(uuid)).toBeNull();
        expect(await hypervisor.pingAgent(uuid, 1)).toBe(false);
        expect(await hypervisor.domainAddresses(uuid)).toEqual([]);
        await hypervisor.undefineDomain(uuid);
      });
    });

    describe('storage', () => {
      it('makes a pool once and removes it', async () => {
        expect(await hypervisor.findPool(POOL)).toBeNull();
        const both = await Promise.all([hypervisor.ensurePool(POOL), hypervisor.ensurePool(POOL)]);
        expect(both.map(({ created }) => created).sort()).toEqual([false, true]);
        const pool = await hypervisor.findPool(POOL);
        expect(pool).toMatchObject({
          name: POOL,
          active: true,
          type: 'dir',
          targetPath: hypervisor.defaultPoolPath(POOL),
        });
        expect(pool?.availableBytes).toBeGreaterThan(0);
        expect((await hypervisor.listPools()).map(({ name: one }) => one)).toContain(POOL);
        await hypervisor.startPool(POOL);
        await hypervisor.removePool(POOL);
        expect(await hypervisor.findPool(POOL)).toBeNull();
        await hypervisor.removePool(POOL);
        await expect(hypervisor.startPool(POOL)).rejects.toEqual(failsWith('pool_missing'));
      });

      it('creates, fills, overlays and deletes volumes', async () => {
        await hypervisor.ensurePool(POOL);
        const base = { name: 'base.qcow2', format: 'qcow2' as const, capacityBytes: 64 * MIB };
        const { volume, dropped } = await hypervisor.createVolume(POOL, base);
        expect(volume).toMatchObject({ pool: POOL, name: base.name, format: 'qcow2' });
        expect(volume.capacityBytes).toBe(64 * MIB);
        expect(volume.allocationBytes).toBeLessThan(4 * MIB);
        expect(dropped).toEqual([]);
        expect(await hypervisor.findVolume(POOL, base.name)).toEqual(volume);
        await expect(hypervisor.createVolume(POOL, base)).rejects.toEqual(
          failsWith('volume_exists'),
        );
        const backing = { path: volume.path, format: 'qcow2' as const };
        const overlay = { ...base, name: 'overlay.qcow2', backing };
        await hypervisor.createVolume(POOL, overlay);
        const plain = { ...base, name: 'copy.qcow2' };
        const from = { pool: POOL, name: overlay.name };
        const copy = await hypervisor.copyVolume(POOL, plain, from);
        expect(copy.volume).toMatchObject({ name: plain.name, format: 'qcow2', backing: null });
        expect(copy.volume.capacityBytes).toBe(64 * MIB);
        await expect(
          hypervisor.copyVolume(POOL, plain, { pool: POOL, name: 'none' }),
        ).rejects.toEqual(failsWith('volume_missing'));
        const names = (await hypervisor.listVolumes(POOL)).map(({ name: one }) => one);
        expect(names.sort()).toEqual([base.name, plain.name, overlay.name]);
        for (const one of [...names, base.name]) await hypervisor.deleteVolume(POOL, one);
        expect(await hypervisor.listVolumes(POOL)).toEqual([]);
        expect(await hypervisor.findVolume(POOL, base.name)).toBeNull();
        await hypervisor.removePool(POOL);
      });

      it('uploads bytes and says how many', async () => {
        await hypervisor.ensurePool(POOL);
        const seed = { name: 'seed.iso', format: 'raw' as const, capacityBytes: 3 * MIB };
        await hypervisor.createVolume(POOL, seed);
        const sent: number[] = [];
        const onBytes = (count: number) => sent.push(count);
        await hypervisor.uploadVolume(POOL, seed.name, chunks(3, MIB), { onBytes });
        expect(sent.at(-1)).toBe(3 * MIB);
        expect(sent).toEqual(sent.toSorted((a, b) => a - b));
        const failing = async function* () {
          yield new Uint8Array(10);
          throw new RangeError('the file went away');
        };
        await expect(hypervisor.uploadVolume(POOL, seed.name, failing())).rejects.toThrow(
          RangeError,
        );
        await expect(hypervisor.uploadVolume(POOL, 'none', chunks(1, 1))).rejects.toEqual(
          failsWith('volume_missing'),
        );
        await hypervisor.deleteVolume(POOL, seed.name);
        await hypervisor.removePool(POOL);
      });

      it('ends an upload when told to, even if its source never answers', async () => {
        await hypervisor.ensurePool(POOL);
        const target = { name: 'never.raw', format: 'raw' as const, capacityBytes: MIB };
        await hypervisor.createVolume(POOL, target);
        const aborter = new AbortController();
        const silent = async function* (): AsyncGenerator<Uint8Array> {
          yield new Uint8Array(1024);
          await new Promise(() => {});
        };
        const reason = new Error('enough');
        const upload = hypervisor.uploadVolume(POOL, target.name, silent(), {
          signal: aborter.signal,
          onBytes: () => aborter.abort(reason),
        });
        await expect(upload).rejects.toBe(reason);
        await hypervisor.deleteVolume(POOL, target.name);
        await hypervisor.removePool(POOL);
      });

      it('says that a pool is missing', async () => {
        const volume = { name: 'x', format: 'raw' as const, capacityBytes: MIB };
        const missing = failsWith('pool_missing');
        await expect(hypervisor.createVolume('berth-none', volume)).rejects.toEqual(missing);
        await expect(hypervisor.listVolumes('berth-none')).rejects.toEqual(missing);
        expect(await hypervisor.findVolume('berth-none', 'x')).toBeNull();
        await hypervisor.deleteVolume('berth-none', 'x');
      });
    });

    it('empties the drive of a machine, running or not, as often as asked', async () => {
      await hypervisor.ensurePool(POOL);
      const seed = { name: 'medium.iso', format: 'raw' as const, capacityBytes: MIB };
      const { volume } = await hypervisor.createVolume(POOL, seed);
      const { uuid } = await newDomain({ seed: volume.path });
      expect(await hypervisor.domainXml(uuid)).toContain(volume.path);
      await hypervisor.startDomain(uuid, { paused: true });
      await hypervisor.ejectMedium(uuid, 'sda');
      await hypervisor.ejectMedium(uuid, 'sda');
      for (const inactive of [false, true]) {
        expect(await hypervisor.domainXml(uuid, { inactive })).not.toContain(volume.path);
      }
      await expect(hypervisor.ejectMedium(uuid, 'vdz')).rejects.toEqual(
        failsWith('device_missing'),
      );
      await hypervisor.destroyDomain(uuid);
      await hypervisor.ejectMedium(uuid, 'sda');
      await hypervisor.undefineDomain(uuid);
      await hypervisor.deleteVolume(POOL, seed.name);
      await hypervisor.removePool(POOL);
    });

    it('lists networks and refuses to start one that is not there', async () => {
      expect(await hypervisor.listNetworks()).toBeInstanceOf(Array);
      await expect(hypervisor.startNetwork('berth-none')).rejects.toEqual(
        failsWith('network_missing'),
      );
    });
  });
}
