import type { PoolFacts } from '../../src-main/core/ports/hypervisor.ts';
import type { FakePool } from './fake-host.ts';

/** A pool as libvirt would tell of it. */
export function poolFacts(name: string, pool: FakePool): PoolFacts {
  const { active, path, capacityBytes, availableBytes } = pool;
  // As libvirt does it: an inactive pool tells no sizes.
  const sizes = active
    ? { capacityBytes, availableBytes, allocationBytes: capacityBytes - availableBytes }
    : { capacityBytes: 0, availableBytes: 0, allocationBytes: 0 };
  return { name, uuid: `pool-${name}`, active, type: 'dir', targetPath: path, ...sizes };
}

/** Counts what others have taken. */
export function readAgain(pool: FakePool): void {
  pool.availableBytes -= pool.unseenBytes;
  pool.unseenBytes = 0;
}
