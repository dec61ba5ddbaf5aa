import { beforeEach, describe, expect, it } from 'vitest';
import type { FilterPolicy } from '../../../src-contract/model/filter.ts';
import { filtering } from '../../../src-main/core/creation/index.ts';
import { buildDomainXml } from '../../../src-main/core/domain/domain-xml.ts';
import { NO_PATHS } from '../../../src-main/core/domain/machine-spec.ts';
import { DepartmentNetworks } from '../../../src-main/core/lifecycle/department-networks.ts';
import { FilterService } from '../../../src-main/core/lifecycle/filters.ts';
import { smallMachine } from '../../contract/hypervisor/small-machine.ts';
import { machine, reservation } from '../../contract/store/helpers/samples.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeHost } from '../../fakes/fake-host.ts';
import { FakeHypervisor } from '../../fakes/fake-hypervisor.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { FakeIds, FakeLog, FakeSystem } from '../../fakes/fake-system.ts';

const BLOCK: FilterPolicy = { preset: 'block-all', rules: [] };
const OPEN: FilterPolicy = { preset: 'allow-all', rules: [] };
const OUT: FilterPolicy = { preset: 'allow-outbound', rules: [] };
const failsWith = (code: string) => expect.objectContaining({ code });
const personal = { kind: 'department', id: 'personal' } as const;

class Bench {
  readonly host = new FakeHost();
  readonly hypervisor = new FakeHypervisor(this.host);
  readonly store = new FakeStore(new FakeDatabase());
  readonly clock = new FakeClock();
  readonly ids = new FakeIds();
  readonly log = new FakeLog();
  readonly system = new FakeSystem(this.host, 1, new Set());
  readonly access = { canSee: () => true };
  readonly filters = new FilterService(this);
  readonly networks = new DepartmentNetworks(this);

  /** A machine that libvirt has as well. */
  add(number: number, power: 'off' | 'running' = 'running', network = 'network' as const) {
    const record = machine(number, { departmentId: 'personal' });
    this.store.reservations.reserve(record, reservation(number), () => undefined);
    const { domainUuid: uuid, domainName: name } = record;
    const spec = smallMachine({
      domainUuid: uuid,
      domainName: name,
      network: { kind: network, name: 'default' },
    });
    const xml = buildDomainXml(spec, NO_PATHS, { displayPassword: null });
    this.host.addDomain(name, { uuid, power, xml });
    return { record, owner: { kind: 'machine', id: record.id } as const };
  }

  filterOf(uuid: string): string | null {
    return /<filterref filter="([^"]+)"/.exec(this.host.domains.get(uuid)?.xml ?? '')?.[1] ?? null;
  }

  own(): string[] {
    return [...this.host.networking.filters.keys()].filter((name) => name !== 'clean-traffic');
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe('the filter of a machine', () => {
  it('is put in force on a running machine, verified, and taken off again', async () => {
    const { record, owner } = bench.add(1);
    expect(await bench.filters.get(owner)).toMatchObject({ state: 'verified', xml: '' });
    await bench.filters.setMachine(record.id, BLOCK);
    const filter = await bench.filters.get(owner);
    expect(filter).toMatchObject({ state: 'verified', inherits: 'clean-traffic' });
    expect(filter.bindings).toEqual([{ device: expect.any(String), machineId: record.id }]);
    expect(bench.filterOf(record.domainUuid)).toBe(filter.name);
    await bench.filters.setMachine(record.id, OPEN);
    expect(bench.own()).toEqual([]);
    expect(bench.filterOf(record.domainUuid)).toBeNull();
    expect(bench.store.filters.list()).toEqual([]);
  });

  it('says when libvirt has none, another one, or a machine without it', async () => {
    const { record, owner } = bench.add(1);
    await bench.filters.setMachine(record.id, BLOCK);
    const state = async () => (await bench.filters.get(owner)).state;
    const [name = ''] = bench.own();
    const known = bench.host.networking.filters.get(name) ?? { uuid: '', xml: '' };
    bench.host.networking.filters.set(name, { ...known, xml: known.xml.replace('drop', 'accept') });
    expect(await state()).toBe('differs');
    bench.host.networking.filters.delete(name);
    expect(await state()).toBe('missing');
    bench.host.networking.filters.set(name, known);
    expect(await state()).toBe('verified');
    await bench.hypervisor.setDomainFilter(record.domainUuid, null);
    expect(await state()).toBe('differs');
    bench.host.facts.scope = 'session';
    expect(await state()).toBe('unsupported');
    bench.host.lose();
    expect(await state()).toBe('unknown');
  });

  it('is refused where nothing would enforce it, and nothing is stored', async () => {
    const { record, owner } = bench.add(1);
    const xml = bench.host.domains.get(record.domainUuid);
    if (xml) xml.xml = xml.xml.replace('<interface type="network">', '<interface type="user">');
    await expect(bench.filters.setMachine(record.id, BLOCK)).rejects.toEqual(
      failsWith('filter_unenforceable'),
    );
    bench.host.facts.scope = 'session';
    await expect(bench.filters.setMachine(record.id, BLOCK)).rejects.toEqual(
      failsWith('filter_unenforceable'),
    );
    const wrong = { preset: 'allow-all' as const, rules: [] };
    await expect(bench.filters.setMachine('none', wrong)).rejects.toEqual(
      failsWith('filter_owner_missing'),
    );
    expect(bench.store.filters.get(owner)).toBeNull();
    expect(bench.own()).toEqual([]);
  });

  it('stays wanted when libvirt fails, and is said not to be in force', async () => {
    const { record, owner } = bench.add(1);
    await bench.filters.setMachine(record.id, OUT);
    bench.hypervisor.fault = ({ method, phase }) => {
      if (method === 'defineNwFilter' && phase === 'before') throw new Error('out of order');
    };
    await expect(bench.filters.setMachine(record.id, BLOCK)).rejects.toThrow();
    bench.hypervisor.fault = null;
    expect(await bench.filters.get(owner)).toMatchObject({ state: 'differs', policy: BLOCK });
    await filtering.secureMachine(bench, record);
    expect(await bench.filters.get(owner)).toMatchObject({ state: 'verified', policy: BLOCK });
  });
});

describe('the filter of a department', () => {
  it('reaches all its machines, under their own filters where they have one', async () => {
    const [plain, ruled] = [bench.add(1), bench.add(2)];
    await bench.filters.setMachine(ruled.record.id, OUT);
    bench.store.departments.update('personal', { filter: BLOCK });
    await bench.filters.applyDepartment('personal');
    const shared = await bench.filters.get(personal);
    expect(shared).toMatchObject({ state: 'verified', inherits: 'clean-traffic' });
    expect(bench.filterOf(plain.record.domainUuid)).toBe(shared.name);
    expect(await bench.filters.get(ruled.owner)).toMatchObject({
      state: 'verified',
      inherits: shared.name,
    });
    expect(await bench.filters.list()).toHaveLength(2);
    bench.store.departments.update('personal', { filter: OPEN });
    await bench.filters.applyDepartment('personal');
    expect(bench.own()).toHaveLength(1);
    expect(bench.filterOf(plain.record.domainUuid)).toBeNull();
    expect(await bench.filters.get(ruled.owner)).toMatchObject({
      state: 'verified',
      inherits: 'clean-traffic',
    });
  });

  it('comes back before a machine starts, or the machine does not', async () => {
    const { record } = bench.add(1, 'off');
    bench.store.departments.update('personal', { filter: BLOCK });
    await filtering.secureMachine(bench, record);
    const [name = ''] = bench.own();
    expect(bench.filterOf(record.domainUuid)).toBe(name);
    bench.host.networking.filters.delete(name);
    await filtering.secureMachine(bench, record);
    expect(bench.own()).toEqual([name]);
    bench.host.networking.filters.set(name, { uuid: 'somebody else’s', xml: '<filter/>' });
    await expect(filtering.secureMachine(bench, record)).rejects.toEqual(
      failsWith('filter_missing'),
    );
  });
});

describe('the network of a department', () => {
  const OWN = { kind: 'own', mode: 'nat', network: null, subnet: null } as const;

  it('gets the next free subnet, and goes without a trace', async () => {
    bench.host.networking.used = ['10.177.0.7/24'];
    bench.host.networking.subnets.push('10.177.1.1/24');
    const made = await bench.networks.ensure('lab', OWN);
    expect(made).toMatchObject({ kind: 'own', subnet: '10.177.2.0/24' });
    expect(await bench.networks.ensure('lab', made)).toEqual(made);
    const other = await bench.networks.ensure('other', { ...OWN, mode: 'isolated' });
    expect(other).toMatchObject({ subnet: '10.177.3.0/24' });
    await bench.networks.remove('lab', made);
    await bench.networks.remove('other', other);
    expect(bench.host.networking.existing()).toEqual([]);
  });

  it('leaves nothing behind when it cannot be made', async () => {
    bench.hypervisor.fault = ({ method, phase }) => {
      if (method === 'createNetwork' && phase === 'after') throw new Error('cut off');
    };
    await expect(bench.networks.ensure('lab', OWN)).rejects.toEqual(failsWith('network_failed'));
    expect(bench.host.networking.existing()).toEqual([]);
  });

  it('goes with the department when Berth ended before it was recorded', async () => {
    await bench.networks.ensure('lab', OWN);
    await bench.networks.remove('lab', { kind: 'none' });
    expect(bench.host.networking.existing()).toEqual([]);
    await bench.networks.remove('lab', { kind: 'none' });
  });

  it('stays while a machine is on it, and another’s is not touched', async () => {
    const made = await bench.networks.ensure('lab', OWN);
    const { record } = bench.add(1, 'off');
    const domain = bench.host.domains.get(record.domainUuid);
    const name = made.kind === 'own' ? (made.network ?? '') : '';
    if (domain) domain.xml = domain.xml.replace('network="default"', `network="${name}"`);
    await expect(bench.networks.remove('lab', made)).rejects.toEqual(failsWith('network_in_use'));
    bench.host.domains.clear();
    bench.store.settings.set('networks.made.lab', 'another');
    await expect(bench.networks.remove('lab', made)).rejects.toEqual(failsWith('network_foreign'));
    expect(bench.host.networking.existing()).toEqual([`network ${name}`]);
  });

  it('is refused where it is not, stands still, or finds no room', async () => {
    const ensure = (name: string) => bench.networks.ensure('lab', { kind: 'existing', name });
    await expect(ensure('none')).rejects.toEqual(failsWith('network_missing'));
    bench.host.networks.push({ name: 'idle', active: false, bridge: null, forward: null });
    await expect(ensure('idle')).rejects.toEqual(failsWith('network_inactive'));
    expect(await ensure('default')).toEqual({ kind: 'existing', name: 'default' });
    bench.host.networking.used = ['10.0.0.0/8'];
    await expect(bench.networks.ensure('lab', OWN)).rejects.toEqual(failsWith('subnet_none'));
  });
});
