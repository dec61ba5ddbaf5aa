import { describe, expect, it } from 'vitest';
import type { Quota, Usage } from '../../../src-contract/model/department.ts';
import {
  changedQuota,
  NO_QUOTA,
  NO_USAGE,
  QUOTA_RESOURCES,
  quotaExcess,
  quotaFindings,
  quotaLeft,
} from '../../../src-main/core/domain/quota.ts';

const ROUNDS = 2000;

/** Mulberry32: the same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const each = <T>(value: () => T) => ({
  machines: value(),
  vcpus: value(),
  memoryBytes: value(),
  diskBytes: value(),
  gpus: value(),
});

const plus = (a: Usage, b: Usage): Usage => ({
  machines: a.machines + b.machines,
  vcpus: a.vcpus + b.vcpus,
  memoryBytes: a.memoryBytes + b.memoryBytes,
  diskBytes: a.diskBytes + b.diskBytes,
  gpus: a.gpus + b.gpus,
});

function everyCase(check: (quota: Quota, used: Usage, asked: Usage) => void): void {
  const random = numbers(4);
  for (let round = 0; round < ROUNDS; round++) {
    const quota = each(() => (random(4) === 0 ? null : random(12)));
    check(
      quota,
      each(() => random(12)),
      each(() => random(6)),
    );
  }
}

describe('quota arithmetic', () => {
  it('refuses exactly what would put a limited resource over its limit', () => {
    everyCase((quota, used, asked) => {
      const refused = quotaExcess(quota, used, asked).map(({ resource }) => resource);
      for (const resource of QUOTA_RESOURCES) {
        const limit = quota[resource];
        const over =
          limit !== null && asked[resource] > 0 && used[resource] + asked[resource] > limit;
        expect(refused.includes(resource)).toBe(over);
      }
    });
  });

  it('admits what is left, and not one more of anything that is limited', () => {
    everyCase((quota, used) => {
      const left = quotaLeft(quota, used);
      const asked = each(() => 0);
      for (const resource of QUOTA_RESOURCES) asked[resource] = left[resource] ?? 1000;
      expect(quotaExcess(quota, used, asked)).toEqual([]);
      for (const resource of QUOTA_RESOURCES) {
        if (quota[resource] === null) continue;
        const more = { ...asked, [resource]: asked[resource] + 1 };
        expect(quotaExcess(quota, used, more).map((excess) => excess.resource)).toEqual([resource]);
      }
    });
  });

  it('never lets claims, one after the other, hold more than a limit that was never lowered', () => {
    const random = numbers(7);
    for (let round = 0; round < 200; round++) {
      const quota = each(() => (random(4) === 0 ? null : random(20)));
      let used = NO_USAGE;
      for (let claim = 0; claim < 30; claim++) {
        const asked = each(() => random(4));
        if (quotaExcess(quota, used, asked).length === 0) used = plus(used, asked);
      }
      for (const resource of QUOTA_RESOURCES) {
        expect(used[resource]).toBeLessThanOrEqual(quota[resource] ?? Number.POSITIVE_INFINITY);
      }
    }
  });

  it('refuses no one who asks for nothing or gives back, even over a lowered limit', () => {
    everyCase((quota, used) => {
      expect(quotaExcess(quota, used, NO_USAGE)).toEqual([]);
      expect(
        quotaExcess(
          quota,
          used,
          each(() => -1),
        ),
      ).toEqual([]);
      for (const value of Object.values(quotaLeft(quota, used))) {
        expect(value ?? 0).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it('knows no limit where there is none', () => {
    everyCase((_quota, used, asked) => {
      expect(quotaExcess(NO_QUOTA, used, asked)).toEqual([]);
      expect(quotaLeft(NO_QUOTA, used)).toEqual(NO_QUOTA);
    });
  });

  it('changes only the limits that are named', () => {
    everyCase((quota, used) => {
      for (const resource of QUOTA_RESOURCES) {
        expect(changedQuota(quota, { [resource]: used[resource] })).toEqual({
          ...quota,
          [resource]: used[resource],
        });
      }
      expect(changedQuota(quota, {})).toEqual(quota);
    });
  });
});

describe('a refusal', () => {
  it('says which limit, how much it is, how much is used and how much was asked for', () => {
    const quota = { ...NO_QUOTA, vcpus: 4, memoryBytes: 2 * 1024 ** 3, machines: 1 };
    const used = { ...NO_USAGE, vcpus: 3, memoryBytes: 1024 ** 3 };
    const asked = { ...NO_USAGE, machines: 1, vcpus: 2, memoryBytes: 4 * 1024 ** 3 };
    const findings = quotaFindings({ name: 'Lab', quota }, used, asked);
    expect(findings.map(({ code, field, message }) => [code, field, message])).toEqual([
      [
        'quota_exceeded',
        'overrides.vcpus',
        'The department “Lab” may have 4 CPUs, uses 3 and would need 2 more.',
      ],
      [
        'quota_exceeded',
        'overrides.memoryBytes',
        'The department “Lab” may have 2 GiB of memory, uses 1 GiB and would need 4 GiB more.',
      ],
    ]);
  });
});
