import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBuiltInTemplates } from '../../../src-main/adapters/templates/index.ts';

const BUILT_IN = join(import.meta.dirname, '../../../resources/templates');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'berth-templates-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const put = (name: string, content: string) => writeFileSync(join(dir, name), content);
const good = readFileSync(join(BUILT_IN, 'blank.json'), 'utf8');

describe('the built-in templates', () => {
  it('are what they say', () => {
    const templates = loadBuiltInTemplates(BUILT_IN);
    expect(templates.map(({ id }) => id)).toEqual([
      'tryout',
      'cloud-image',
      'lab-student',
      'linux-server',
      'linux-desktop',
      'windows-server',
      'windows-server-2025',
      'windows-11',
      'blank',
    ]);
    const byId = new Map(templates.map((one) => [one.id, one]));
    expect(byId.get('windows-11')).toMatchObject({
      firmware: 'uefi-secure',
      tpm: true,
      source: { kind: 'installer', mediaId: null, unattended: true },
    });
    expect(templates[0]).toMatchObject({
      name: 'Try-out machine',
      source: { kind: 'tryout' },
      vcpus: 1,
      memoryBytes: 256 * 1024 ** 2,
      diskBytes: 0,
      firmware: 'bios',
      login: 'none',
      readiness: 'progress',
    });
    expect(templates[1]).toMatchObject({
      source: { kind: 'image', mediaId: null },
      memoryBytes: 2 * 1024 ** 3,
      diskBytes: 20 * 1024 ** 3,
      firmware: 'uefi',
      video: 'virtio',
      login: 'cloud-init',
    });
    expect(byId.get('blank')).toMatchObject({ source: { kind: 'blank' }, readiness: 'none' });
    for (const { builtIn, active, description } of templates) {
      expect({ builtIn, active }).toEqual({ builtIn: true, active: true });
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });

  it.each([
    ['broken JSON', '{', 'JSON'],
    ['a wrong field', good.replace('"uefi"', '"coreboot"'), 'firmware'],
    ['a misspelt field', good.replace('"vcpus"', '"cpus"'), 'vcpus'],
    ['an unknown field', good.replace('"vcpus"', '"cpus": 1, "vcpus"'), 'cpus'],
    ['another id', good.replace('"blank"', '"empty"'), 'empty'],
    [
      'a template that is not built in',
      good.replace('"builtIn": true', '"builtIn": false'),
      'builtIn',
    ],
  ])('are refused with %s, and the file is named', (_what, content, detail) => {
    put('blank.json', content);
    const error = expect.objectContaining({
      code: 'template_invalid',
      message: expect.stringMatching(new RegExp(`blank\\.json.*${detail}`, 's')),
    });
    expect(() => loadBuiltInTemplates(dir)).toThrow(error);
  });

  it('are missed', () => {
    const missing = expect.objectContaining({ code: 'template_missing' });
    expect(() => loadBuiltInTemplates(dir)).toThrow(missing);
    expect(() => loadBuiltInTemplates(join(dir, 'nowhere'))).toThrow(missing);
  });
});
