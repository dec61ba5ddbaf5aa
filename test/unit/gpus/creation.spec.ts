import { describe, expect, it } from 'vitest';
import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import { countGpus } from '../../../src-main/core/lifecycle/gpus.ts';
import type { GpuHost } from '../../fixtures/gpu/index.ts';
import * as hosts from '../../fixtures/gpu/index.ts';
import { request, TestBench, type TestProcess } from '../creation/test-bench.ts';
import { canValidate, schemaComplaints } from '../domain-xml/validate.ts';
import { factsOf } from './facts.ts';

const CARD = '0000:01:00.0';

async function bench(host: GpuHost = hosts.nvidiaHost): Promise<TestBench> {
  const made = new TestBench();
  made.host.pci = await factsOf(host);
  return made;
}

const wish = (name: string, gpus = [CARD], overrides: CreateRequest['overrides'] = {}) =>
  request('blank', name, { gpus, overrides });

const codes = (findings: { code: string; severity: string }[]) =>
  findings.map(({ code, severity }) => `${severity} ${code}`);

const planCodes = async (berth: TestProcess, gpus: string[]) =>
  codes((await berth.service.plan(wish('one', gpus))).findings);

async function make(berth: TestProcess, name: string, gpus = [CARD]) {
  const { creationId } = await berth.service.start(wish(name, gpus));
  return berth.until(creationId, 'running');
}

const claimsOf = (berth: TestProcess) => berth.store.gpuClaims.list();

describe('a machine with a graphics card', () => {
  it('claims the card and gets every function of it, managed by libvirt', async () => {
    const world = await bench();
    const berth = world.process();
    const creation = await make(berth, 'one', ['00000000:01:00.0']);
    expect(creation.error).toBeNull();
    expect(claimsOf(berth).map(({ address }) => address)).toEqual(
      ['0', '1', '2', '3'].map((last) => `0000:01:00.${last}`),
    );
    const xml = [...world.host.domains.values()][0]?.xml ?? '';
    expect(xml.match(/<hostdev mode="subsystem" type="pci" managed="yes">/g)).toHaveLength(4);
    const notes = codes(berth.store.machines.get(creation.machineId)?.notes ?? []);
    expect(notes).toContain('info gpu_memory');
    expect(notes).toContain('info gpu_rebind');
    expect(berth.store.departments.usage('personal').gpus).toBe(1);
    expect(countGpus(claimsOf(berth), [creation.machineId])).toBe(1);
    expect(countGpus(claimsOf(berth), ['another'])).toBe(0);
    berth.store.machines.remove(creation.machineId);
    expect(claimsOf(berth)).toEqual([]);
  });

  it('gets its firmware and a hidden hypervisor, in a definition that libvirt’s schema takes', async () => {
    const berth = (await bench()).process();
    const gpu = { roms: [{ address: CARD, file: '/srv/card.rom' }], hideHypervisor: true };
    const plan = await berth.service.plan(wish('one', [CARD], { gpu }));
    const xml = plan.domainXml ?? '';
    expect(xml.match(/<rom file="\/srv\/card.rom"\/>/g)).toHaveLength(1);
    expect(xml).toContain('<hidden state="on"/>');
    expect(xml.match(/<hostdev /g)).toHaveLength(4);
    if (canValidate) expect(schemaComplaints([['gpu', xml]])).toBe('');
    const plain = await berth.service.plan(wish('one'));
    expect(plain.domainXml).not.toContain('<hidden');
  });

  it('is one machine’s: several cannot be asked for with it', async () => {
    const berth = (await bench()).process();
    const { findings } = await berth.service.plan(wish('one'), undefined, 2);
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'gpu_in_use',
        severity: 'error',
        fix: { action: 'set-field', label: 'Make one machine', field: 'count', value: 1 },
      }),
    );
  });

  it('is refused when there is no such card, or it is a part of one', async () => {
    const berth = (await bench()).process();
    const plan = await berth.service.plan(wish('one', ['0000:09:00.0', '0000:01:00.1']));
    const missing = plan.findings.filter(({ code }) => code === 'gpu_missing');
    expect(missing.map(({ hint }) => hint)).toEqual([
      expect.stringContaining('TU104'),
      expect.stringContaining(`Ask for ${CARD}`),
    ]);
    await expect(berth.service.start(wish('one', ['0000:09:00.0']))).rejects.toMatchObject({
      code: 'gpu_missing',
      stage: 'validate',
    });
  });

  it('is refused when something stands against it', async () => {
    expect(await planCodes((await bench(hosts.iommuOffHost)).process(), [CARD])).toContain(
      'error gpu_obstacle',
    );
    const shared = (await bench(hosts.sharedHost)).process();
    expect(await planCodes(shared, [CARD])).toContain('error gpu_obstacle');
  });

  it('is refused while a domain of another tool runs with it; one that is off is a warning', async () => {
    const world = await bench();
    const foreign = world.host.addDomain('theirs', { hostDevices: ['0000:01:00.1'] });
    const berth = world.process();
    expect(await planCodes(berth, [CARD])).toContain('warning gpu_assigned');
    foreign.power = 'running';
    expect(await planCodes(berth, [CARD])).toContain('error gpu_in_use');
  });

  it('gives it back when it fails', async () => {
    const berth = (await bench()).process();
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method === 'startDomain' && phase === 'before') throw new BerthError('x', 'no');
    };
    const { creationId } = await berth.service.start(wish('one'));
    expect((await berth.until(creationId, 'ready')).state).toBe('failed');
    expect(claimsOf(berth)).toEqual([]);
  });

  it('counts against the quota, a card named twice once', async () => {
    const berth = (await bench()).process();
    const limits = (gpus: number) => {
      const personal = berth.store.departments.get('personal');
      if (personal === null) throw new Error('no department');
      berth.store.departments.update('personal', { quota: { ...personal.quota, gpus } });
    };
    limits(0);
    expect(await planCodes(berth, [CARD])).toContain('error quota_exceeded');
    limits(1);
    expect(await planCodes(berth, [CARD, '00000000:01:00.0'])).not.toContain(
      'error quota_exceeded',
    );
  });

  it('may have two cards', async () => {
    const world = await bench(hosts.twoCardsHost);
    const berth = world.process();
    const { machineId } = await make(berth, 'one', [CARD, '0000:03:00.0']);
    expect(countGpus(claimsOf(berth), [machineId])).toBe(2);
    expect([...world.host.domains.values()][0]?.xml.match(/<hostdev /g)).toHaveLength(6);
  });

  it('asks nothing of the host’s devices when no card is wanted', async () => {
    const berth = (await bench()).process();
    await make(berth, 'one', []);
    expect(berth.hypervisor.calls).not.toContain('listPciDevices ');
  });
});

describe('two processes that want one card', () => {
  it('never both get it, in twenty rounds', async () => {
    const world = await bench();
    const processes = [world.process(), world.process()];
    for (let round = 0; round < 20; round++) {
      const results = await Promise.allSettled(
        processes.map((berth, index) => berth.service.start(wish(`r${round}-${index}`))),
      );
      const won = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const lost = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(won).toHaveLength(1);
      expect(lost).toEqual([expect.objectContaining({ code: 'gpu_in_use' })]);
      const [winner] = won;
      const owner = processes[results.findIndex(({ status }) => status === 'fulfilled')];
      if (winner === undefined || owner === undefined) throw new Error('nobody has won');
      await owner.until(winner.creationId, 'running');
      expect(new Set(claimsOf(owner).map(({ machineId }) => machineId))).toEqual(
        new Set([winner.machineId]),
      );
      for (const domain of [...world.host.domains.values()]) world.host.domains.delete(domain.uuid);
      owner.store.machines.remove(winner.machineId);
    }
  });
});
