import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCHEMA = '/usr/share/libvirt/schemas/domain.rng';
const VALIDATOR = 'virt-xml-validate';
const LINTER = 'xmllint';
const isInstalled = (tool: string) => spawnSync(tool, ['--version']).error === undefined;

// virt-xml-validate is a script around xmllint, which comes in another package.
export const canValidate = isInstalled(VALIDATOR) && isInstalled(LINTER);

/** What libvirt's schema has against definitions, each with its name; nothing when all are valid. */
export function schemaComplaints(texts: readonly (readonly [string, string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-xml-'));
  try {
    const files = texts.map(([name, text]) => {
      const file = join(folder, `${name}.xml`);
      writeFileSync(file, text);
      return file;
    });
    const run = spawnSync(LINTER, ['--noout', '--relaxng', SCHEMA, ...files], {
      encoding: 'utf8',
    });
    return run.status === 0 ? '' : run.stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
