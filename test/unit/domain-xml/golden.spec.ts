import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDomainXml } from '../../../src-main/core/domain/domain-xml.ts';
import type { MachineSpec } from '../../../src-main/core/domain/machine-spec.ts';
import { allCases, type Case, caseInput } from './specs.ts';

const SCHEMA = '/usr/share/libvirt/schemas/domain.rng';
const VALIDATOR = 'virt-xml-validate';
const LINTER = 'xmllint';
const isInstalled = (tool: string) => spawnSync(tool, ['--version']).error === undefined;
// virt-xml-validate is a script around xmllint, which comes in another package.
const canValidate = isInstalled(VALIDATOR) && isInstalled(LINTER);
const GOLDEN = join(import.meta.dirname, 'golden');
const PASSWORD = { displayPassword: 's3cr3t-passw0rd' };

interface Golden extends Case {
  name: string;
  more?: Partial<MachineSpec>;
}

const golden = (
  name: string,
  firmware: Case['firmware'],
  accelerator: Case['accelerator'],
  graphics: Case['graphics'],
  source: Case['source'],
  network: Case['network'],
  more?: Partial<MachineSpec>,
): Golden => ({ name, firmware, accelerator, graphics, source, network, ...(more && { more }) });

/** Every value meets every value of each other dimension at least once. */
const GOLDENS: Golden[] = [
  golden('bios-kvm-spice-image-nat', 'bios', 'kvm', 'spice', 'image', 'nat'),
  golden('bios-tcg-vnc-tryout-user', 'bios', 'tcg', 'vnc', 'tryout', 'user'),
  golden('bios-kvm-vnc-blank-none', 'bios', 'kvm', 'vnc', 'blank', 'none'),
  golden('uefi-tcg-spice-image-user', 'uefi', 'tcg', 'spice', 'image', 'user'),
  golden('uefi-kvm-vnc-tryout-nat', 'uefi', 'kvm', 'vnc', 'tryout', 'nat'),
  golden('uefi-kvm-spice-blank-none', 'uefi', 'kvm', 'spice', 'blank', 'none'),
  golden('secure-kvm-vnc-image-none', 'secure', 'kvm', 'vnc', 'image', 'none'),
  golden('secure-tcg-spice-tryout-nat', 'secure', 'tcg', 'spice', 'tryout', 'nat'),
  golden('secure-kvm-spice-blank-user', 'secure', 'kvm', 'spice', 'blank', 'user'),
  golden('tpm-tcg-spice-image-nat', 'tpm', 'tcg', 'spice', 'image', 'nat'),
  golden('tpm-kvm-spice-tryout-none', 'tpm', 'kvm', 'spice', 'tryout', 'none'),
  golden('tpm-tcg-vnc-blank-user', 'tpm', 'tcg', 'vnc', 'blank', 'user'),
  golden('bios-tcg-spice-blank-nat', 'bios', 'tcg', 'spice', 'blank', 'nat'),
  golden('uefi-tcg-vnc-image-none', 'uefi', 'tcg', 'vnc', 'image', 'none'),
  golden('windows-kvm', 'tpm', 'kvm', 'spice', 'image', 'nat', {
    osFamily: 'windows',
    osinfoId: 'win11',
    video: 'qxl',
    audio: true,
  }),
  golden('windows-tcg', 'tpm', 'tcg', 'vnc', 'image', 'nat', { osFamily: 'windows', video: 'vga' }),
  golden('loopback-audio', 'uefi', 'tcg', 'vnc', 'image', 'user', {
    graphicsListen: 'loopback',
    audio: true,
  }),
  golden('headless', 'bios', 'tcg', 'spice', 'image', 'nat', { graphics: 'none' }),
];

const build = ({ more, ...rest }: Case & { more?: Partial<MachineSpec> }) => {
  const { spec, paths } = caseInput(rest, more);
  return buildDomainXml(spec, paths, PASSWORD);
};

describe('golden domain XML', () => {
  it.each(GOLDENS)('$name', async (entry) => {
    await expect(build(entry)).toMatchFileSnapshot(join(GOLDEN, `${entry.name}.xml`));
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
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-xml-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!canValidate).each(GOLDENS)('virt-xml-validate takes $name', (entry) => {
    const file = join(folder, `${entry.name}.xml`);
    writeFileSync(file, build(entry));
    const run = spawnSync(VALIDATOR, [file, 'domain'], { encoding: 'utf8' });
    expect({ status: run.status, message: run.stderr.trim() }).toEqual({
      status: 0,
      message: `${file} validates`,
    });
  });

  it.skipIf(!canValidate)('every combination is valid', () => {
    const files = allCases().map((entry, index) => {
      const file = join(folder, `all-${index}.xml`);
      writeFileSync(file, build(entry));
      return file;
    });
    expect(files).toHaveLength(144);
    execFileSync(LINTER, ['--noout', '--relaxng', SCHEMA, ...files], { stdio: 'pipe' });
  });
});
