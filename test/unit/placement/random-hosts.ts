import { parseTopology } from '../../../src-main/adapters/libvirt/topology.ts';
import type { PinningInput } from '../../../src-main/core/domain/pinning.ts';
import { type HostTopology, onlineCpus } from '../../../src-main/core/domain/topology.ts';
import { fakeTopology } from '../../fakes/fake-topology.ts';
import { CAPABILITIES, readCapabilities } from '../../fixtures/capabilities/index.ts';

const GIB = 1024 ** 3;

/** Numbers that look random and are the same in every run (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** The fixtures of real hosts. */
export const REAL_HOSTS: HostTopology[] = CAPABILITIES.map((name) => {
  const topology = parseTopology(readCapabilities(name), {
    freeBytes: new Map(),
    pageSizes: new Set(),
    freePages: () => 0,
    allowed: null,
    memlockBytes: null,
  });
  if (topology === null) throw new Error(`${name} has no topology`);
  return topology;
});

function randomHost(next: (below: number) => number): HostTopology {
  const real = REAL_HOSTS[next(REAL_HOSTS.length * 2)];
  if (real !== undefined) return real;
  const nodes = 1 + next(4);
  const cores = 1 + next(8);
  const threads = 1 + next(2);
  const all = nodes * cores * threads;
  const offline = Array.from({ length: next(4) }, () => 1 + next(all));
  return fakeTopology({ nodes, cores, threads, offline, memoryBytes: (1 + next(16)) * GIB });
}

/** A host with other machines on it, and a machine that wants some of it. */
export function randomInput(seed: number): PinningInput & { topology: HostTopology } {
  const next = randomNumbers(seed);
  const topology = randomHost(next);
  const online = onlineCpus(topology);
  const busy = next(2) === 0 ? 0 : next(online.length);
  return {
    policy: next(2) === 0 ? 'numa' : 'dedicated',
    vcpus: 1 + next(12),
    memoryBytes: (1 + next(24)) * GIB,
    topology,
    taken: new Set(Array.from({ length: busy }, () => online[next(online.length)] ?? 0)),
    own: [],
  };
}
