import fc from 'fast-check';
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

const figures = (max: number) => fc.record(each(() => fc.nat({ max })));
const limits = fc.record(each(() => fc.option(fc.nat({ max: 11 }))));

function everyCase(check: (quota: Quota, used: Usage, asked: Usage) => void): void {
  fc.assert(fc.property(limits, figures(11), figures(5), check), { numRuns: 300 });
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
    const claims = fc.array(figures(3), { maxLength: 30 });
    fc.assert(
      fc.property(limits, claims, (quota, asks) => {
        let used = NO_USAGE;
        for (const asked of asks) {
          if (quotaExcess(quota, used, asked).length === 0) used = plus(used, asked);
        }
        for (const resource of QUOTA_RESOURCES) {
          expect(used[resource]).toBeLessThanOrEqual(quota[resource] ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
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
