import { describe, expect, it } from 'vitest';
import { canLock, chooseHugepages, hasHugepages } from '../../../src-main/core/domain/hugepages.ts';
import {
  formatCpuList,
  type HostTopology,
  parseCpuList,
} from '../../../src-main/core/domain/topology.ts';
import { fakeTopology } from '../../fakes/fake-topology.ts';
import { randomNumbers } from './random-hosts.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const host = (hugepages?: number): HostTopology =>
  fakeTopology({ nodes: 2, cores: 4, threads: 1, ...(hugepages && { hugepages }) });
const ask = (topology: HostTopology | null, more = {}) =>
  chooseHugepages({
    policy: 'preferred',
    memoryBytes: 2 * GIB,
    topology,
    nodes: null,
    ...more,
  });

describe('chooseHugepages', () => {
  it('takes pages that are free, of any node unless the machine is bound to one', () => {
    expect(ask(host(512)).hugepages).toEqual({ pageBytes: 2 * MIB });
    const bound = ask(host(512), { nodes: [1] });
    expect(bound.hugepages).toBeNull();
    expect(bound.reason).toContain('free are 512 of 2 MiB in the NUMA nodes of its CPUs');
    expect(ask(host(1024), { nodes: [1] }).hugepages).toEqual({ pageBytes: 2 * MIB });
  });

  it.each([
    ['the host has none', host(), {}, /no huge pages aside/],
    ['the host tells nothing', null, {}, /no huge pages aside/],
    ['there are too few', host(100), {}, /needs 2 GiB in huge pages; free are 200 of 2 MiB/],
    ['nobody asks', host(4096), { policy: 'none' }, /ordinary memory/],
    ['the memory is no multiple', host(4096), { memoryBytes: 3 * MIB }, /needs 3 MiB/],
  ])('gives none when %s', (_what, topology, more, reason) => {
    const choice = ask(topology, more);
    expect(choice.hugepages).toBeNull();
    expect(choice.reason).toMatch(reason);
  });

  it('prefers the largest pages that the memory fills', () => {
    const topology = host(4096);
    const nodes = topology.nodes.map((node) => ({
      ...node,
      hugepages: [...node.hugepages, { pageBytes: GIB, total: 2, free: 2 }],
    }));
    const choice = (memoryBytes: number) =>
      ask({ ...topology, nodes }, { memoryBytes }).hugepages?.pageBytes;
    expect(choice(2 * GIB)).toBe(GIB);
    expect(choice(2 * GIB + 2 * MIB)).toBe(2 * MIB);
    expect(choice(5 * GIB)).toBe(2 * MIB);
  });

  it('knows the nodes that can hold a machine', () => {
    const [node] = host(1024).nodes;
    expect(node && hasHugepages(node, 2 * GIB)).toBe(true);
    expect(node && hasHugepages(node, 4 * GIB)).toBe(false);
  });
});

describe('canLock', () => {
  const limited = (memlockBytes: number | null) => ({ ...host(), memlockBytes });

  it('needs a limit above the memory and what QEMU takes besides', () => {
    expect(canLock(limited(null), 64 * GIB)).toBe(true);
    expect(canLock(limited(8 * MIB), 64 * MIB)).toBe(false);
    expect(canLock(limited(2 * GIB), 2 * GIB)).toBe(false);
    expect(canLock(limited(3 * GIB), 2 * GIB)).toBe(true);
    expect(canLock(null, MIB)).toBe(false);
  });
});

describe('CPU lists', () => {
  it.each([
    ['0-3,8,10-11', [0, 1, 2, 3, 8, 10, 11]],
    ['0-3,^1', [0, 2, 3]],
    [' 4 , 2\n', [2, 4]],
    ['', []],
  ])('reads “%s”', (text, cpus) => {
    expect(parseCpuList(text)).toEqual(cpus);
  });

  it.each(['a', '1-', '-1', '0x1', '1;2'])('refuses “%s”', (text) => {
    expect(parseCpuList(text)).toBeNull();
  });

  it('reads back what it writes', () => {
    const next = randomNumbers(1);
    for (let run = 0; run < 200; run++) {
      const cpus = [...new Set(Array.from({ length: next(20) }, () => next(64)))];
      expect(parseCpuList(formatCpuList(cpus))).toEqual(cpus.sort((a, b) => a - b));
    }
  });
});
