import { describe, expect, it } from 'vitest';
import { choosePinning, type PinningInput } from '../../../src-main/core/domain/pinning.ts';
import { coresOf, type HostTopology, onlineCpus } from '../../../src-main/core/domain/topology.ts';
import { fakeTopology } from '../../fakes/fake-topology.ts';
import { randomInput } from './random-hosts.ts';

const GIB = 1024 ** 3;
const RUNS = 2000;
const inputs = Array.from({ length: RUNS }, (_, seed) => randomInput(seed));
const results = inputs.map((input) => ({ input, ...choosePinning(input) }));
const pinned = results.flatMap(({ input, pinning }) => (pinning ? [{ input, pinning }] : []));
const dedicated = pinned.filter(({ input }) => input.policy === 'dedicated');

const siblingsIn = (topology: HostTopology) =>
  new Map(topology.nodes.flatMap(({ cpus }) => cpus.map(({ id, siblings }) => [id, siblings])));
const nodeOf = (topology: HostTopology, cpu: number) =>
  topology.nodes.find(({ cpus }) => cpus.some(({ id }) => id === cpu))?.id;

describe('for any host, any machine and any others on it', () => {
  it('tries what it should', () => {
    const numa = pinned.length - dedicated.length;
    expect(numa).toBeGreaterThan(RUNS / 20);
    expect(dedicated.length).toBeGreaterThan(RUNS / 10);
    expect(dedicated.filter(({ pinning }) => pinning.nodes.length > 1).length).toBeGreaterThan(10);
    expect(pinned.filter(({ input }) => input.taken.size > 0).length).toBeGreaterThan(RUNS / 20);
    expect(results.filter(({ pinning }) => pinning === null).length).toBeGreaterThan(RUNS / 10);
  });

  it('uses only CPUs that are online and nobody else’s', () => {
    for (const { input, pinning } of pinned) {
      const online = new Set(onlineCpus(input.topology));
      for (const cpu of [...pinning.vcpus.flat(), ...pinning.emulator, ...pinning.iothread]) {
        expect(online.has(cpu) && !input.taken.has(cpu)).toBe(true);
      }
    }
  });

  it('places every vCPU somewhere', () => {
    for (const { input, pinning } of pinned) {
      expect(pinning.vcpus).toHaveLength(input.vcpus);
      for (const cpus of pinning.vcpus) expect(cpus.length).toBeGreaterThan(0);
      expect(input.vcpus % pinning.threads).toBe(0);
    }
  });

  it('gives dedicated vCPUs a CPU each, in whole cores that nothing else of the machine uses', () => {
    for (const { input, pinning } of dedicated) {
      const own = pinning.vcpus.flat();
      expect(new Set(own).size).toBe(input.vcpus);
      const claimed = new Set(pinning.claimed);
      expect(own.every((cpu) => claimed.has(cpu))).toBe(true);
      const siblings = siblingsIn(input.topology);
      for (const cpu of claimed) {
        expect(siblings.get(cpu)?.every((one) => claimed.has(one))).toBe(true);
        expect(input.taken.has(cpu)).toBe(false);
      }
      expect(pinning.emulator.some((cpu) => claimed.has(cpu))).toBe(false);
    }
  });

  it('leaves a core to the host', () => {
    for (const { input, pinning } of dedicated) {
      const first = input.topology.nodes.flatMap(coresOf)[0] ?? [];
      expect(first.some((cpu) => pinning.claimed.includes(cpu))).toBe(false);
    }
  });

  it('takes all from one node when one has enough', () => {
    for (const { input, pinning } of dedicated) {
      const cores = Math.ceil(input.vcpus / pinning.threads);
      const host = input.topology.nodes.flatMap(coresOf)[0]?.join();
      const fits = input.topology.nodes.some((node) => {
        const free = coresOf(node).filter(
          (cpus) =>
            cpus.length >= pinning.threads &&
            cpus.join() !== host &&
            !cpus.some((cpu) => input.taken.has(cpu)),
        );
        return free.length >= cores && node.memoryBytes >= input.memoryBytes;
      });
      const nodes = new Set(pinning.vcpus.flat().map((cpu) => nodeOf(input.topology, cpu)));
      expect([...nodes].sort()).toEqual([...pinning.nodes].sort());
      if (fits) expect(pinning.nodes).toHaveLength(1);
    }
  });

  it('never spreads a machine of the policy “numa”', () => {
    for (const { input, pinning } of pinned.filter(({ input }) => input.policy === 'numa')) {
      const nodes = new Set(pinning.vcpus.flat().map((cpu) => nodeOf(input.topology, cpu)));
      expect([...nodes]).toEqual(pinning.nodes);
      expect(pinning.claimed).toEqual([]);
    }
  });

  it('answers the same again, and with what it has claimed itself', () => {
    for (const { input, pinning } of pinned) {
      expect(choosePinning(structuredClone(input)).pinning).toEqual(pinning);
      const again = choosePinning({ ...input, own: pinning.claimed }).pinning;
      expect(again?.claimed).toEqual(pinning.claimed);
      expect(again?.vcpus.map((cpus) => cpus.length)).toEqual(
        pinning.vcpus.map((cpus) => cpus.length),
      );
    }
  });

  it('says why, either way', () => {
    for (const { reason } of results) expect(reason).toMatch(/^[A-Z].{10,}\.$/);
  });

  it('fills a host with machines that never share a CPU', () => {
    const topology = fakeTopology({ nodes: 2, cores: 8, threads: 2 });
    const taken = new Set<number>();
    let machines = 0;
    for (;;) {
      const want = { policy: 'dedicated', vcpus: 4, memoryBytes: GIB, topology } as const;
      const { pinning } = choosePinning({ ...want, taken, own: [] });
      if (pinning === null) break;
      machines++;
      for (const cpu of pinning.claimed) {
        expect(taken.has(cpu)).toBe(false);
        taken.add(cpu);
      }
    }
    // 16 cores, one of them the host's, two for each machine.
    expect(machines).toBe(7);
  });
});

describe('choosePinning', () => {
  const base: PinningInput = {
    policy: 'dedicated',
    vcpus: 4,
    memoryBytes: GIB,
    topology: fakeTopology({ nodes: 2, cores: 4, threads: 2 }),
    taken: new Set(),
    own: [],
  };

  it.each<[string, Partial<PinningInput>, RegExp]>([
    ['asks for nothing', { policy: 'none' }, /scheduler/],
    ['is on a host that tells nothing', { topology: null }, /does not tell/],
    [
      'is on a small host',
      { topology: fakeTopology({ cores: 2, threads: 1 }) },
      /has 2 CPUs: with so few/,
    ],
    [
      'has no node to choose',
      { policy: 'numa', topology: fakeTopology({ cores: 8, threads: 2 }) },
      /one NUMA node/,
    ],
    ['is larger than any node', { policy: 'numa', vcpus: 9 }, /No NUMA node/],
    ['has more memory than any node', { policy: 'numa', memoryBytes: 64 * GIB }, /No NUMA node/],
    ['is larger than the host', { vcpus: 16 }, /needs 8 whole cores; 7 cores \(14 CPUs\) are free/],
    [
      'finds all cores touched by others',
      { taken: new Set([1, 2, 3, 4, 5, 6, 7]) },
      /needs 4 whole cores; 0 cores/,
    ],
  ])('binds nothing when the machine %s', (_what, change, reason) => {
    const choice = choosePinning({ ...base, ...change });
    expect(choice.pinning).toBeNull();
    expect(choice.reason).toMatch(reason);
  });

  it('gives a guest the threads of the cores that it has', () => {
    const { pinning } = choosePinning(base);
    expect(pinning).toMatchObject({ threads: 2, claimed: [1, 2, 9, 10], nodes: [0] });
    expect(pinning?.vcpus).toEqual([[1], [9], [2], [10]]);
    const odd = choosePinning({ ...base, vcpus: 3 }).pinning;
    expect(odd).toMatchObject({ threads: 1, claimed: [1, 2, 3, 9, 10, 11] });
    expect(odd?.vcpus).toEqual([[1], [2], [3]]);
  });

  it('runs QEMU’s own threads near, but on no CPU of a machine', () => {
    const { pinning } = choosePinning({ ...base, taken: new Set([3]) });
    expect(pinning?.emulator).toEqual([0, 8, 11]);
  });

  it('prefers the node that has the huge pages', () => {
    const prefers: PinningInput['prefers'] = ({ id }) => id === 1;
    expect(choosePinning({ ...base, prefers }).pinning?.nodes).toEqual([1]);
    expect(choosePinning({ ...base, policy: 'numa', prefers }).pinning?.nodes).toEqual([1]);
  });

  it('spreads over as few nodes as can be, and says so', () => {
    const { pinning, reason } = choosePinning({ ...base, vcpus: 12 });
    expect(pinning?.nodes).toEqual([0, 1]);
    expect(reason).toContain('no one NUMA node had enough');
  });

  it('is strict about memory only where it is free', () => {
    const nodes = base.topology?.nodes ?? [];
    const full = { ...base.topology, nodes: nodes.map((node) => ({ ...node, freeBytes: 0 })) };
    const topology = { offlineCpus: [], memlockBytes: null, ...full };
    expect(choosePinning(base).pinning?.memoryMode).toBe('strict');
    expect(choosePinning({ ...base, topology }).pinning?.memoryMode).toBe('preferred');
    expect(choosePinning({ ...base, topology, vcpus: 12 }).pinning?.memoryMode).toBe('interleave');
  });
});
