import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackupFolder } from '../../../src-main/adapters/system/backup-folder.ts';
import { loadCatalogue } from '../../../src-main/adapters/templates/catalogue.ts';
import { loadBuiltInTemplates } from '../../../src-main/adapters/templates/index.ts';
import { parseChosen } from '../../../src-main/cli/applications.ts';
import { parseTemplateSettings } from '../../../src-main/cli/template-settings.ts';
import { BUILT_IN_CATEGORIES } from '../../../src-main/core/domain/template-library.ts';
import { parseApplication } from '../../../src-main/core/lifecycle/template-parsing.ts';
import { thrownBy } from './template-bench.ts';

const RESOURCES = join(import.meta.dirname, '../../../resources');
const catalogue = loadCatalogue(join(RESOURCES, 'catalogue.json'));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'berth-catalogue-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the catalogue that comes with Berth', () => {
  it.each(catalogue.map((one) => [one.id, one] as const))(
    '%s: its commands are shell, its defaults match their patterns, parameters are used',
    (_id, application) => {
      expect(parseApplication(application)).toEqual(application);
      for (const [family, command] of Object.entries(application.commands)) {
        if (family !== 'windows') execFileSync('sh', ['-n', '-c', command]);
      }
      for (const { name, default: value, pattern } of application.parameters) {
        expect(value).toMatch(new RegExp(`^(?:${pattern ?? '.*'})$`));
        expect(JSON.stringify(application.commands)).toContain(`BERTH_${name.toUpperCase()}`);
      }
    },
  );

  it('has no id twice, and holds what built-in templates choose, whose categories exist', () => {
    const ids = catalogue.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const categories = BUILT_IN_CATEGORIES.map(({ id }) => id);
    for (const template of loadBuiltInTemplates(join(RESOURCES, 'templates'))) {
      expect(categories).toContain(template.categoryId);
      expect(ids).toEqual(expect.arrayContaining(template.applications.map(({ id }) => id)));
    }
  });

  it('is refused when it is not valid, and the field is named', () => {
    const path = join(dir, 'catalogue.json');
    writeFileSync(path, JSON.stringify([{ ...catalogue[0], comands: {} }]));
    expect(thrownBy(() => loadCatalogue(path))).toMatchObject({
      code: 'catalogue_invalid',
      message: expect.stringContaining('comands'),
    });
    expect(thrownBy(() => loadCatalogue(join(dir, 'none')))).toMatchObject({
      code: 'catalogue_invalid',
    });
  });
});

describe('the folder of backups', () => {
  it('keeps files for its owner alone, whole', async () => {
    const folder = createBackupFolder(join(dir, 'deep/backups'));
    expect(await folder.list()).toEqual([]);
    await folder.write('a.json', 'one');
    await folder.write('a.json', 'two');
    expect(await folder.list()).toEqual(['a.json']);
    expect(await folder.read('a.json')).toBe('two');
    expect(statSync(join(dir, 'deep/backups/a.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'deep/backups')).mode & 0o777).toBe(0o700);
    await folder.remove('a.json');
    await expect(folder.read('a.json')).rejects.toMatchObject({ code: 'file_unreadable' });
    writeFileSync(join(dir, 'file'), '');
    const blocked = createBackupFolder(join(dir, 'file'));
    await expect(blocked.write('a', '')).rejects.toMatchObject({ code: 'backup_unwritable' });
    expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('');
  });
});

describe('words of the command line', () => {
  it('choose applications', () => {
    expect(parseChosen('git')).toEqual({ id: 'git', parameters: {} });
    expect(parseChosen('nginx:port=81,root=/a=b')).toEqual({
      id: 'nginx',
      parameters: { port: '81', root: '/a=b' },
    });
    for (const word of ['', ':a=b', 'git:', 'git:port']) {
      expect(() => parseChosen(word)).toThrow('--app');
    }
  });

  it('set fields of a template', () => {
    const words = [
      'cpus=2',
      'memory=4GiB',
      'name=My lab',
      'tpm=true',
      'os.label=Debian',
      'os.family=linux',
      'patienceMinutes=45',
    ];
    expect(parseTemplateSettings(words, { os: { family: 'other', osinfoId: 'debian12' } })).toEqual(
      {
        vcpus: 2,
        memoryBytes: 4 * 1024 ** 3,
        name: 'My lab',
        tpm: true,
        patienceMinutes: 45,
        os: { family: 'linux', osinfoId: 'debian12', label: 'Debian' },
      },
    );
    for (const word of ['cpus', '=2', '__proto__.x=1', 'a..b=1']) {
      expect(() => parseTemplateSettings([word])).toThrow('KEY=VALUE');
    }
  });
});
