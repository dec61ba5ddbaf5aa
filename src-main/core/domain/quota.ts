import type { Quota, Usage } from '../../../src-contract/model/department.ts';
import type { Finding } from '../../../src-contract/model/error.ts';
import { uniqueAddresses } from './pci.ts';
import type { Wish } from './request.ts';
import { formatBytes } from './resources.ts';

export const QUOTA_RESOURCES = ['machines', 'vcpus', 'memoryBytes', 'diskBytes', 'gpus'] as const;
export type QuotaResource = (typeof QUOTA_RESOURCES)[number];

export const NO_QUOTA: Quota = {
  machines: null,
  vcpus: null,
  memoryBytes: null,
  diskBytes: null,
  gpus: null,
};

export const NO_USAGE: Usage = { machines: 0, vcpus: 0, memoryBytes: 0, diskBytes: 0, gpus: 0 };

export interface QuotaExcess {
  resource: QuotaResource;
  limit: number;
  used: number;
  asked: number;
}

/**
 * The limits that `asked` on top of `used` would break. What asks for nothing, or gives something back, breaks none,
 * even where more is used than a limit that was lowered later allows.
 */
export function quotaExcess(quota: Quota, used: Usage, asked: Usage): QuotaExcess[] {
  return QUOTA_RESOURCES.flatMap((resource) => {
    const limit = quota[resource];
    const more = asked[resource];
    if (limit === null || more <= 0 || used[resource] + more <= limit) return [];
    return [{ resource, limit, used: used[resource], asked: more }];
  });
}

/** What may still be claimed: null = no limit; never below 0. */
export function quotaLeft(quota: Quota, used: Usage): Quota {
  const left = (resource: QuotaResource): number | null => {
    const limit = quota[resource];
    return limit === null ? null : Math.max(limit - used[resource], 0);
  };
  return {
    machines: left('machines'),
    vcpus: left('vcpus'),
    memoryBytes: left('memoryBytes'),
    diskBytes: left('diskBytes'),
    gpus: left('gpus'),
  };
}

/** How many times `one` still fits; infinitely many where nothing that it asks for is limited. */
export function quotaFits(quota: Quota, used: Usage, one: Usage): number {
  const times = QUOTA_RESOURCES.flatMap((resource) => {
    const limit = quota[resource];
    if (limit === null || one[resource] <= 0) return [];
    return [Math.floor(Math.max(limit - used[resource], 0) / one[resource])];
  });
  return Math.min(...times, Number.POSITIVE_INFINITY);
}

export const timesUsage = (one: Usage, count: number): Usage => ({
  machines: one.machines * count,
  vcpus: one.vcpus * count,
  memoryBytes: one.memoryBytes * count,
  diskBytes: one.diskBytes * count,
  gpus: one.gpus * count,
});

export type QuotaChange = { [R in QuotaResource]?: number | null | undefined };

/** Limits that are left out stay; null lifts one. */
export function changedQuota(quota: Quota, change: QuotaChange): Quota {
  const limit = (resource: QuotaResource): number | null => {
    const value = change[resource];
    return value === undefined ? quota[resource] : value;
  };
  return {
    machines: limit('machines'),
    vcpus: limit('vcpus'),
    memoryBytes: limit('memoryBytes'),
    diskBytes: limit('diskBytes'),
    gpus: limit('gpus'),
  };
}

/** What a machine that is wished for takes of its department's quota. */
export function quotaDemand(wish: Wish): Usage {
  const extra = wish.input.overrides.extraDisks ?? wish.template.extraDisks;
  return {
    machines: 1,
    vcpus: wish.vcpus,
    memoryBytes: wish.memoryBytes,
    diskBytes: wish.diskBytes + extra.reduce((sum, disk) => sum + disk.capacityBytes, 0),
    gpus: uniqueAddresses(wish.input.gpus).length,
  };
}

const FIELD: Record<QuotaResource, string> = {
  machines: 'departmentId',
  vcpus: 'overrides.vcpus',
  memoryBytes: 'overrides.memoryBytes',
  diskBytes: 'overrides.diskBytes',
  gpus: 'gpus',
};

/** One finding for each limit that would be broken. */
export function quotaFindings(
  department: { name: string; quota: Quota },
  used: Usage,
  asked: Usage,
): Finding[] {
  return quotaExcess(department.quota, used, asked).map((excess) => ({
    code: 'quota_exceeded',
    severity: 'error',
    message: `The department “${department.name}” may have ${amount(excess.resource, excess.limit)}, uses ${figure(excess.resource, excess.used)} and would need ${figure(excess.resource, excess.asked)} more.`,
    hint: 'Ask for less, delete machines that nobody needs, or have the quota raised.',
    field: FIELD[excess.resource],
  }));
}

const isSize = (resource: QuotaResource) => resource.endsWith('Bytes');

function figure(resource: QuotaResource, value: number): string {
  return isSize(resource) ? formatBytes(value) : String(value);
}

const NOUN: Record<QuotaResource, [one: string, many: string]> = {
  machines: ['machine', 'machines'],
  vcpus: ['CPU', 'CPUs'],
  memoryBytes: ['of memory', 'of memory'],
  diskBytes: ['of disk', 'of disk'],
  gpus: ['graphics card', 'graphics cards'],
};

function amount(resource: QuotaResource, value: number): string {
  return `${figure(resource, value)} ${NOUN[resource][value === 1 ? 0 : 1]}`;
}
