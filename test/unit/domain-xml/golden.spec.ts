import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build, GOLDENS } from './golden-cases.ts';
import { allCases, type Case } from './specs.ts';
import { canValidate, schemaComplaints } from './validate.ts';

const GOLDEN = join(import.meta.dirname, 'golden');

describe('golden domain XML', () => {
  it.each(GOLDENS)('$name', async (entry) => {
    await expect(build.text(entry)).toMatchFileSnapshot(join(GOLDEN, `${entry.name}.xml`));
  });

  it('has no file that no case writes', () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(GOLDENS.map(({ name }) => `${name}.xml`).sort());
  });

  it('meets every pair of values', () => {
    const pairs = (entry: Case) => {
      const { firmware, accelerator, graphics, source, network } = entry;
      const values = [firmware, accelerator, graphics, source, network];
      return values.flatMap((a, i) =>
        values.slice(i + 1).map((b, j) => `${i}${i + j + 1}:${a}/${b}`),
      );
    };
    const met = new Set(GOLDENS.filter(({ more }) => more === undefined).flatMap(pairs));
    const missing = new Set(
      allCases()
        .flatMap(pairs)
        .filter((pair) => !met.has(pair)),
    );
    expect([...missing]).toEqual([]);
  });
});

describe('against the schema of libvirt', () => {
  it.skipIf(!canValidate).each(GOLDENS)('takes $name', (entry) => {
    expect(schemaComplaints([[entry.name, build.text(entry)]])).toBe('');
  });

  it.skipIf(!canValidate)('every combination is valid', () => {
    const all = allCases();
    expect(all).toHaveLength(144);
    expect(schemaComplaints(all.map((entry, index) => [`all-${index}`, build.text(entry)]))).toBe(
      '',
    );
  });

  it.skipIf(!canValidate)('is asked in earnest', () => {
    expect(
      schemaComplaints([['wrong', '<domain type="kvm"><name>x</name><bogus/></domain>']]),
    ).toContain('fails to validate');
  });
});
