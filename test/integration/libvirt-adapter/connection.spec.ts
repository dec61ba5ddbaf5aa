import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLibvirtHypervisor } from '../../../src-main/adapters/libvirt/index.ts';
import type { HypervisorEvent } from '../../../src-main/core/ports/hypervisor.ts';
import { silentLog } from '../../contract/hypervisor/small-machine.ts';
import { unlessBusy } from '../../support/patience.ts';
import { type AdapterWorld, createAdapterWorld, isState } from './adapter-world.ts';

const LOST_WITHIN_MS = 1_000;
const BACK_WITHIN_MS = 3_000;
const FAILS_WITHIN_MS = 500;

let world: AdapterWorld;
beforeAll(async () => {
  world = await createAdapterWorld();
});
afterAll(() => world?.dispose());

const isConnection = (state: string) => (event: HypervisorEvent) =>
  event.kind === 'connection' && event.state === state;

describe('a daemon that is killed', () => {
  it('is noticed at once, and found again by itself', async () => {
    const { daemon, hypervisor, events, seen } = world;
    const spec = await world.define();
    await hypervisor.startDomain(spec.domainUuid);
    const from = events.length;
    const killed = performance.now();
    await daemon.kill();
    const lost = await seen('the loss', isConnection('lost'), from);
    expect(lost.at - killed).toBeLessThan(unlessBusy(LOST_WITHIN_MS));
    expect(lost).toMatchObject({ error: { code: 'libvirt_unreachable' } });
    await expect(hypervisor.listDomains()).rejects.toMatchObject({
      code: 'libvirt_unreachable',
      retryable: true,
    });

    await daemon.restart();
    // The socket listens before the daemon answers, which takes it seconds on a busy host.
    await daemon.virsh('list');
    const answering = performance.now();
    const back = await seen('the way back', isConnection('connected'), from);
    expect(back.at - answering).toBeLessThan(unlessBusy(BACK_WITHIN_MS));
    expect(await hypervisor.findDomain({ uuid: spec.domainUuid })).toMatchObject({
      power: 'running',
    });
    const after = events.length;
    // Pausing goes through the guest's monitor, so it waits until the new daemon has taken the guest over.
    await hypervisor.suspendDomain(spec.domainUuid);
    await seen('an event from the new daemon', isState(spec.domainUuid, 'paused'), after);
    const told = events.slice(after).filter(isState(spec.domainUuid, 'paused'));
    expect(told).toHaveLength(1);
    await hypervisor.destroyDomain(spec.domainUuid);
    await hypervisor.undefineDomain(spec.domainUuid);
  });

  it('ends the calls and channels under way', async () => {
    const { daemon, hypervisor, events, seen } = world;
    const spec = await world.define();
    await hypervisor.startDomain(spec.domainUuid, { paused: true });
    const channel = await hypervisor.openChannel(spec.domainUuid, 'org.berth.progress.0');
    const reading = (async () => {
      for await (const chunk of channel) expect(chunk.length).toBeGreaterThan(0);
    })();
    const ended = reading.then(
      () => 'ended',
      (error: { code?: string }) => error.code,
    );
    const from = events.length;
    await daemon.kill();
    expect(['ended', 'libvirt_unreachable']).toContain(await ended);
    await daemon.restart();
    await seen('the way back', isConnection('connected'), from);
    await hypervisor.destroyDomain(spec.domainUuid);
    await hypervisor.undefineDomain(spec.domainUuid);
  });

  it('is waited for by calls made just after it was lost, and not later', async () => {
    const { daemon, hypervisor, events, seen } = world;
    const from = events.length;
    await daemon.kill();
    await seen('the loss', isConnection('lost'), from);
    await expect(hypervisor.listDomains()).rejects.toMatchObject({ code: 'libvirt_unreachable' });
    const start = performance.now();
    await expect(hypervisor.listDomains()).rejects.toMatchObject({ code: 'libvirt_unreachable' });
    expect(performance.now() - start).toBeLessThan(unlessBusy(FAILS_WITHIN_MS));
    const reason = new Error('no patience');
    await daemon.restart();
    await seen('the way back', isConnection('connected'), from);
    expect(await hypervisor.listDomains()).toEqual([]);
    await daemon.kill();
    const aborter = new AbortController();
    const waiting = hypervisor.listDomains({ signal: aborter.signal });
    aborter.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    const again = events.length;
    await daemon.restart();
    await seen('the way back', isConnection('connected'), again);
  });
});

describe('a channel', () => {
  it('ends when the machine stops, and with the reason of its signal', async () => {
    const { hypervisor } = world;
    const spec = await world.define();
    await hypervisor.startDomain(spec.domainUuid, { paused: true });
    const name = 'org.berth.progress.0';
    const aborter = new AbortController();
    const first = await hypervisor.openChannel(spec.domainUuid, name, { signal: aborter.signal });
    const reason = new Error('seen enough');
    const firstEnd = drain(first).catch((error: unknown) => error);
    aborter.abort(reason);
    expect(await firstEnd).toBe(reason);
    const second = await hypervisor.openChannel(spec.domainUuid, name);
    const secondEnd = drain(second);
    await hypervisor.destroyDomain(spec.domainUuid);
    expect(await secondEnd).toBe(0);
    await hypervisor.undefineDomain(spec.domainUuid);
  });
});

async function drain(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  return bytes;
}

describe('connecting', () => {
  it('fails with a code and an event where no daemon listens', async () => {
    const events: HypervisorEvent[] = [];
    const uri = `qemu:///system?socket=/tmp/berth-${randomUUID()}/none`;
    const nowhere = createLibvirtHypervisor({ uri, log: silentLog });
    nowhere.subscribe((event) => events.push(event));
    await expect(nowhere.connect()).rejects.toMatchObject({ code: 'libvirt_unreachable' });
    expect(events).toMatchObject([{ kind: 'connection', state: 'failed' }]);
    await expect(nowhere.listDomains()).rejects.toMatchObject({ code: 'libvirt_unreachable' });
    await nowhere.close();
  });

  it.each(['http://example.org', 'qemu+ssh://host/system', ''])(
    'refuses the URI “%s”',
    async (uri) => {
      const hypervisor = createLibvirtHypervisor({ uri: uri || 'nonsense', log: silentLog });
      await expect(hypervisor.connect()).rejects.toMatchObject({ code: 'libvirt_uri_invalid' });
      await hypervisor.close();
    },
  );

  it('is over after close', async () => {
    const hypervisor = createLibvirtHypervisor({ uri: world.daemon.uri, log: silentLog });
    const events: HypervisorEvent[] = [];
    await hypervisor.connect();
    hypervisor.subscribe((event) => events.push(event));
    await hypervisor.close();
    await hypervisor.close();
    await expect(hypervisor.listDomains()).rejects.toMatchObject({ code: 'libvirt_unreachable' });
    await expect(hypervisor.connect()).rejects.toMatchObject({ code: 'libvirt_unreachable' });
    expect(events).toEqual([]);
  });
});
