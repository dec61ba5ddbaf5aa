import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCpuList } from '../../core/domain/topology.ts';
import type { HostScope } from './host-facts.ts';

const KIB = 1024;
const UNITS: Readonly<Record<string, number>> = { K: KIB, M: KIB ** 2, G: KIB ** 3 };

const readOr = (path: string, fallback: string): Promise<string> =>
  readFile(path, 'utf8').catch(() => fallback);

/** Where the kernel tells of itself; other folders in tests. */
export interface KernelFolders {
  proc: string;
  sys: string;
}

const KERNEL: KernelFolders = { proc: '/proc', sys: '/sys' };

/**
 * Sizes in bytes of the huge pages that have a hugetlbfs mounted, without which QEMU cannot use them. A daemon of the
 * user's own must be able to write there.
 */
export async function usablePageSizes(
  scope: HostScope,
  { proc } = KERNEL,
): Promise<ReadonlySet<number>> {
  const [mounts, meminfo] = await Promise.all([
    readOr(join(proc, 'mounts'), ''),
    readOr(join(proc, 'meminfo'), ''),
  ]);
  const usual = Number(/^Hugepagesize:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? 0) * KIB;
  const sizes = new Set<number>();
  for (const line of mounts.split('\n')) {
    const [, folder = '', type, options = ''] = line.split(' ');
    if (type !== 'hugetlbfs') continue;
    if (scope === 'session' && !(await isWritable(folder))) continue;
    const [, amount, unit = ''] = /(?:^|,)pagesize=(\d+)([KMG])/.exec(options) ?? [];
    sizes.add(amount === undefined ? usual : Number(amount) * (UNITS[unit] ?? 1));
  }
  sizes.delete(0);
  return sizes;
}

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Free pages by `node/bytes`, from sysfs; see the kernel's admin-guide/mm/hugetlbpage. */
export async function freeHugepages(
  nodes: readonly number[],
  { sys } = KERNEL,
): Promise<ReadonlyMap<string, number>> {
  const free = new Map<string, number>();
  for (const node of nodes) {
    const own = join(sys, `devices/system/node/node${node}/hugepages`);
    // A kernel without NUMA has only the sum.
    const folder = nodes.length === 1 ? [own, join(sys, 'kernel/mm/hugepages')] : [own];
    for (const [bytes, pages] of await firstPools(folder)) free.set(`${node}/${bytes}`, pages);
  }
  return free;
}

async function firstPools(folders: readonly string[]): Promise<[number, number][]> {
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => null);
    if (names !== null) return Promise.all(names.map((name) => readPool(folder, name)));
  }
  return [];
}

async function readPool(folder: string, name: string): Promise<[number, number]> {
  const bytes = Number(/^hugepages-(\d+)kB$/.exec(name)?.[1] ?? 0) * KIB;
  return [bytes, Number((await readOr(join(folder, name, 'free_hugepages'), '0')).trim())];
}

/** CPUs that processes of this cgroup may run on; null = nobody tells. */
export async function allowedCpus({ proc } = KERNEL): Promise<ReadonlySet<number> | null> {
  const status = await readOr(join(proc, 'self/status'), '');
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  const cpus = list === undefined ? null : parseCpuList(list);
  return cpus && new Set(cpus);
}

/** How many bytes a child of this user's processes can lock; null = as many as it likes. */
export async function memlockLimit({ proc } = KERNEL): Promise<number | null> {
  const limits = await readOr(join(proc, 'self/limits'), '');
  const hard = /^Max locked memory\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? '0';
  return hard === 'unlimited' ? null : Number(hard);
}
