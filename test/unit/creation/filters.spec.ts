import { describe, expect, it } from 'vitest';
import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import type { FilterPolicy } from '../../../src-contract/model/filter.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import { request, TestBench } from './test-bench.ts';

const BLOCK: FilterPolicy = { preset: 'block-all', rules: [] };
const OUT: FilterPolicy = { preset: 'allow-outbound', rules: [] };
const filtered = (overrides: CreateRequest['overrides'] = {}) =>
  request('blank', 'one', { overrides: { filter: BLOCK, ...overrides } });

function world(department?: FilterPolicy) {
  const bench = new TestBench();
  const berth = bench.process();
  if (department) berth.store.departments.update('personal', { filter: department });
  return { bench, berth };
}

describe('a machine with a network filter', () => {
  it('is under its own, which rests on its department’s, before it starts', async () => {
    const { bench, berth } = world(OUT);
    const { creationId } = await berth.service.start(filtered());
    const made = await berth.until(creationId, 'running');
    expect(made.error).toBeNull();
    const { calls } = berth.hypervisor;
    const at = (call: string) => calls.findIndex((one) => one.startsWith(call));
    expect(at('defineNwFilter berth-personal-')).toBeLessThan(at('defineNwFilter berth-one-'));
    expect(at('defineNwFilter berth-one-')).toBeLessThan(at('startDomain'));
    const [shared = '', own = ''] = bench.host.networking.existing().map((one) => one.slice(9));
    expect(bench.host.domains.get(bench.domainUuid())?.xml).toContain(
      `<filterref filter="${own}">`,
    );
    expect(bench.host.networking.filters.get(own)?.xml).toContain(
      `<filterref filter="${shared}"/>`,
    );
  });

  it('has none where no policy asks for one', async () => {
    const { bench, berth } = world();
    const { creationId } = await berth.service.start(request('blank'));
    await berth.until(creationId, 'running');
    expect(bench.host.networking.existing()).toEqual([]);
    expect(berth.hypervisor.calls.join('\n')).not.toMatch(/defineNwFilter|setDomainFilter/);
  });

  it('is in the receipt, with its undo', async () => {
    const { bench, berth } = world(OUT);
    const plan = await berth.service.plan(filtered());
    const names = plan.resources.filter(({ kind }) => kind === 'nwfilter').map(({ name }) => name);
    expect(names).toEqual([
      expect.stringMatching(/^berth-personal-/),
      expect.stringMatching(/^berth-one-/),
    ]);
    expect(plan.undo.filter((text) => text.includes('network filter'))).toHaveLength(2);
    expect(plan.domainXml).toContain(`<filterref filter="${names[1]}">`);
    expect(bench.host.networking.existing()).toEqual([]);
    expect(berth.store.filters.list()).toEqual([]);
  });

  it.each(['before', 'after'] as const)(
    'is not made, and leaves nothing, when its filter fails %s it is defined',
    async (phase) => {
      const { bench, berth } = world();
      berth.hypervisor.fault = (call) => {
        if (call.method !== 'defineNwFilter' || call.phase !== phase) return;
        throw new BerthError('libvirt_error', 'iptables is missing');
      };
      const { creationId } = await berth.service.start(filtered());
      const { state, error } = await berth.until(creationId, 'ready');
      expect(state).toBe('failed');
      expect(error).toMatchObject({ code: 'filter_failed', stage: 'network' });
      expect(berth.hypervisor.calls.join('\n')).not.toContain('startDomain');
      expect(bench.leftovers()).toEqual([]);
      expect(berth.store.filters.list()).toEqual([]);
    },
  );

  it('is not made when libvirt stores something else', async () => {
    const { bench, berth } = world();
    berth.hypervisor.fault = ({ method, phase, subject }) => {
      const stored = bench.host.networking.filters.get(subject);
      if (method !== 'defineNwFilter' || phase !== 'after' || !stored) return;
      bench.host.networking.filters.set(subject, {
        ...stored,
        xml: stored.xml.replaceAll('"drop"', '"accept"'),
      });
    };
    const { creationId } = await berth.service.start(filtered());
    const { error } = await berth.until(creationId, 'ready');
    expect(error).toMatchObject({ code: 'filter_failed', stage: 'network' });
    expect(bench.leftovers()).toEqual([]);
  });

  it('takes its filters with it when it fails later', async () => {
    const { bench, berth } = world(OUT);
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method === 'startDomain' && phase === 'before') throw new Error('no');
    };
    const { creationId } = await berth.service.start(filtered());
    const { state, undone } = await berth.until(creationId, 'ready');
    expect(state).toBe('failed');
    expect(undone.filter(({ kind, verified }) => kind === 'nwfilter' && verified)).toHaveLength(2);
    expect(bench.leftovers()).toEqual([]);
  });

  it('does not start when the policy became strict in the meantime and cannot be enforced', async () => {
    const { bench, berth } = world();
    berth.hypervisor.fault = ({ method, phase }) => {
      if (method === 'defineDomain' && phase === 'after') {
        berth.store.departments.update('personal', { filter: BLOCK });
      }
      if (method === 'defineNwFilter' && phase === 'before') {
        throw new BerthError('libvirt_error', 'no');
      }
    };
    const { creationId } = await berth.service.start(request('blank'));
    const { error } = await berth.until(creationId, 'ready');
    expect(error).toMatchObject({ code: 'filter_missing', stage: 'start' });
    expect(bench.leftovers()).toEqual([]);
  });
});

type Arrange = (made: ReturnType<typeof world>) => void;
const CASES: [string, string, CreateRequest, Arrange, Record<string, unknown>][] = [
  [
    'user-mode networking',
    'filter_unenforceable',
    filtered({ network: { kind: 'user' } }),
    () => undefined,
    { fix: expect.objectContaining({ action: 'set-field', value: 'default' }) },
  ],
  [
    'a session’s daemon',
    'filter_unenforceable',
    filtered(),
    ({ bench }) => {
      bench.host.facts.scope = 'session';
    },
    { fix: expect.objectContaining({ action: 'run-command' }) },
  ],
  [
    'a host without libvirt’s own filters',
    'filter_unenforceable',
    filtered(),
    ({ bench }) => bench.host.networking.filters.clear(),
    { fix: expect.objectContaining({ action: 'run-command' }) },
  ],
  [
    'a kernel that hides bridged packets',
    'filter_unenforceable',
    filtered(),
    ({ bench }) => {
      bench.host.networking.bridgeFirewall = false;
    },
    { fix: expect.objectContaining({ action: 'run-command' }) },
  ],
  [
    'a bridge that is not there',
    'bridge_missing',
    filtered({ network: { kind: 'bridge', name: 'br9' } }),
    () => undefined,
    { hint: 'This host has: br0.' },
  ],
  [
    'a bridge that is down',
    'bridge_down',
    filtered({ network: { kind: 'bridge', name: 'br0' } }),
    ({ bench }) => {
      bench.host.networking.bridges = [{ name: 'br0', up: false, mtu: 1500 }];
    },
    { fix: expect.objectContaining({ command: 'sudo ip link set br0 up' }) },
  ],
  [
    'another network than the department’s',
    'network_of_department',
    filtered({ network: { kind: 'network', name: 'default' } }),
    ({ bench, berth }) => {
      bench.host.networks.push({ name: 'lab', active: true, bridge: 'b', forward: null });
      berth.store.departments.update('personal', { network: { kind: 'existing', name: 'lab' } });
    },
    { fix: expect.objectContaining({ value: 'lab' }) },
  ],
];

describe('the preflight of networks and filters', () => {
  it.each(CASES)('refuses %s', async (_what, code, wish, arrange, part) => {
    const made = world();
    arrange(made);
    const { findings } = await made.berth.service.plan(wish);
    expect(findings).toContainEqual(expect.objectContaining({ code, severity: 'error', ...part }));
    await expect(made.berth.service.start(wish)).rejects.toMatchObject({ code });
    expect(made.bench.leftovers()).toEqual([]);
  });

  it('puts machines on their department’s network', async () => {
    const { bench, berth } = world();
    bench.host.networks.push({ name: 'lab', active: true, bridge: 'b', forward: null });
    berth.store.departments.update('personal', { network: { kind: 'existing', name: 'lab' } });
    expect((await berth.service.plan(request('blank'))).network).toBe('Network “lab”');
    const alone = request('blank', 'one', { overrides: { network: { kind: 'none' } } });
    expect((await berth.service.plan(alone)).network).toBe('No network');
  });
});
