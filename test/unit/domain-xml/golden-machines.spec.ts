import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MACHINE_CASES, planOf } from './golden-machines.ts';
import { canValidate, schemaComplaints } from './validate.ts';

const GOLDEN = join(import.meta.dirname, 'golden-machines');

const built = async (entry: (typeof MACHINE_CASES)[number]) => {
  const { findings, domainXml } = await planOf(entry);
  return { errors: findings.filter(({ severity }) => severity === 'error'), domainXml };
};

/** Machines that the host cannot carry, with the finding that says so. */
const REFUSED: Readonly<Record<string, string>> = {
  'windows-11-on-plain': 'tpm_missing',
  'linux-server-on-biosOnly': 'firmware_missing',
};
const carried = MACHINE_CASES.filter(({ name }) => REFUSED[name] === undefined);
const refused = MACHINE_CASES.filter(({ name }) => REFUSED[name] !== undefined);

describe('the definition of each kind of machine on each kind of host', () => {
  it.each(carried)('$name', async (entry) => {
    const { errors, domainXml } = await built(entry);
    expect(errors).toEqual([]);
    await expect(domainXml).toMatchFileSnapshot(join(GOLDEN, `${entry.name}.xml`));
  });

  it.each(refused)('$name is refused', async (entry) => {
    const { errors } = await built(entry);
    expect(errors.map(({ code }) => code)).toEqual([REFUSED[entry.name]]);
  });

  it('has no file that no case writes', () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(carried.map(({ name }) => `${name}.xml`).sort());
  });

  it.skipIf(!canValidate)('is valid by the schema of libvirt', async () => {
    const texts = await Promise.all(
      carried.map(async (entry) => [entry.name, (await built(entry)).domainXml ?? ''] as const),
    );
    expect(schemaComplaints(texts)).toBe('');
  });
});
