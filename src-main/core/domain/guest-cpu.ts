import type { CpuSpec, MachineSpec } from './machine-spec.ts';

/** Windows sees at most two sockets on a desktop, so all CPUs go into one as long as they can. */
const SOCKET_LIMIT = 128;

/** Sockets, cores and threads whose product is exactly the vCPUs. One socket unless needed. */
export function cpuTopology(vcpus: number, threads: number): Omit<CpuSpec, 'mode'> {
  const perCore = threads > 1 && vcpus % threads === 0 ? threads : 1;
  const cores = vcpus / perCore;
  let sockets = Math.ceil(vcpus / SOCKET_LIMIT);
  while (sockets < 8 && cores % sockets !== 0) sockets++;
  if (cores % sockets !== 0) sockets = 1;
  return { sockets, cores: cores / sockets, threads: perCore };
}

/** Best first; a host that offers none of them gets what all have. */
export function cpuMode(
  accelerator: MachineSpec['accelerator'],
  offered: readonly CpuSpec['mode'][],
): CpuSpec['mode'] {
  if (accelerator === 'tcg') return 'maximum';
  return (
    (['host-passthrough', 'host-model'] as const).find((mode) => offered.includes(mode)) ??
    'host-model'
  );
}

/**
 * What makes Windows faster, by the names of https://libvirt.org/formatdomain.html#hypervisor-features. All of it is
 * in Linux 4.13 and QEMU 3.1, so a daemon that is too old to list what it has is trusted with it.
 */
const WANTED_HYPERV = [
  'relaxed',
  'vapic',
  'spinlocks',
  'vpindex',
  'runtime',
  'synic',
  'stimer',
  'reset',
  'frequencies',
  'tlbflush',
  'ipi',
];
/** QEMU refuses one without the others. */
const HYPERV_NEEDS: Readonly<Record<string, readonly string[]>> = {
  synic: ['vpindex'],
  stimer: ['vpindex', 'synic'],
  tlbflush: ['vpindex'],
  ipi: ['vpindex'],
};

/** Enlightenments for a Windows on KVM; null = the host does not list them. */
export function hypervFeatures(
  spec: Pick<MachineSpec, 'osFamily' | 'accelerator'>,
  offered: readonly string[] | null,
): string[] {
  // Only KVM implements them; libvirt refuses to start an emulated guest that wants them.
  if (spec.osFamily !== 'windows' || spec.accelerator !== 'kvm') return [];
  if (offered === null) return WANTED_HYPERV;
  const listed = WANTED_HYPERV.filter((name) => offered.includes(name));
  return listed.filter((name) =>
    (HYPERV_NEEDS[name] ?? []).every((needed) => listed.includes(needed)),
  );
}

const MOST_QUEUES = 8;

/** A queue for each vCPU, which pays off only where the kernel moves the packets to a tap device. */
export function nicQueues(vcpus: number, vhost: boolean): number {
  return vhost ? Math.min(vcpus, MOST_QUEUES) : 1;
}
