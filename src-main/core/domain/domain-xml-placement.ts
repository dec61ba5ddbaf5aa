import { el, type XmlElement } from './domain-xml-element.ts';
import type { MachineSpec } from './machine-spec.ts';
import { formatCpuList } from './topology.ts';

const KIB = 1024;

/** Huge and locked pages. */
export function memoryBackingElement(spec: MachineSpec): XmlElement | null {
  const { hugepages, lockedMemory } = spec;
  if (hugepages === null && !lockedMemory) return null;
  const page = hugepages && el('page', { size: hugepages.pageBytes / KIB, unit: 'KiB' });
  return el(
    'memoryBacking',
    {},
    page && el('hugepages', {}, page),
    lockedMemory ? el('locked') : null,
  );
}

/** Which host CPUs the machine's threads may run on. */
export function cpuTuneElement(spec: MachineSpec, hasIoThread: boolean): XmlElement | null {
  const { pinning } = spec;
  if (pinning === null) return null;
  const { vcpus, emulator, iothread } = pinning;
  const pinned = (cpus: readonly number[], name: string, more = {}) =>
    cpus.length === 0 ? null : el(name, { ...more, cpuset: formatCpuList(cpus) });
  return el(
    'cputune',
    {},
    ...vcpus.map((cpus, vcpu) => pinned(cpus, 'vcpupin', { vcpu })),
    pinned(emulator, 'emulatorpin'),
    hasIoThread ? pinned(iothread, 'iothreadpin', { iothread: 1 }) : null,
  );
}

/** Which NUMA nodes the memory comes from. */
export function numaTuneElement({ pinning }: MachineSpec): XmlElement | null {
  if (pinning === null || pinning.nodes.length === 0) return null;
  const nodeset = formatCpuList(pinning.nodes);
  return el('numatune', {}, el('memory', { mode: pinning.memoryMode, nodeset }));
}
