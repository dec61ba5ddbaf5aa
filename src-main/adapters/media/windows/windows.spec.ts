import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { xml2js } from 'xml-js';
import { z } from 'zod';
import { windowsEditions } from '../../../../src-contract/model/windows-editions.ts';
import type { FirstBootTask } from '../../../core/domain/first-boot.ts';
import { windowsVersion } from '../../../core/domain/windows.ts';
import { IsoReader } from '../iso-reader.ts';
import { chooseEdition } from './editions.ts';
import { buildWindowsSeed, decodePassword, encodePassword } from './index.ts';
import { encodedFor } from './password.ts';
import { keyboardFor, languageOf, languageOfMedium } from './regions.ts';
import { windowsTimeZone } from './time-zones.ts';
import type { WindowsInput } from './windows-input.ts';

const RUNNER = readFileSync(
  join(import.meta.dirname, '../../../../resources/guest/first-boot.ps1'),
  'utf8',
);

const INPUT: WindowsInput = {
  computerName: 'ada',
  user: 'ada',
  password: encodePassword('correct horse'),
  sshKeys: [],
  region: { locale: 'de_DE.UTF-8', keyboard: 'de', timezone: 'Europe/Berlin' },
  mediumLabel: 'CCCOMA_X64FRE_EN-US_DV9',
  version: 'w11',
  edition: null,
  productKey: null,
  uefi: true,
  drivers: true,
  without: { tpm: false, secureBoot: false },
};

const SERVER: WindowsInput = {
  ...INPUT,
  version: '2k22',
  mediumLabel: 'SSS_X64FREE_DE-DE_DV9',
  productKey: 'ABCDE-12345-FGHIJ-67890-KLMNO',
  uefi: false,
  drivers: false,
  region: { locale: 'C', keyboard: 'zz', timezone: 'Mars/Olympus' },
};

const TASKS: FirstBootTask[] = [
  {
    kind: 'application',
    id: 'git',
    name: 'Git "quoted"',
    commands: { windows: 'winget install --exact --id Git.Git', debian: 'apt-get install git' },
    parameters: { dataDir: "C:\\it's" },
    timeoutSeconds: 900,
  },
  {
    kind: 'script',
    id: 's',
    name: 's',
    commands: { any: '"@\n‘; Write-Host pwned' },
    parameters: {},
    timeoutSeconds: 60,
  },
  { kind: 'application', id: 'x', name: 'x', commands: {}, parameters: {}, timeoutSeconds: 60 },
];

const build = (input: WindowsInput = INPUT, tasks: readonly FirstBootTask[] = TASKS) =>
  buildWindowsSeed(input, { runner: RUNNER, tasks });

const fileOf = (input: WindowsInput, name: string, tasks = TASKS): string =>
  build(input, tasks).files.find(({ path }) => path === name)?.content ?? '';

const answers = (input: WindowsInput = INPUT) => fileOf(input, 'Autounattend.xml');

const nodeSchema = z.object({
  name: z.string().optional(),
  text: z.union([z.string(), z.number()]).optional(),
  get elements() {
    return z.array(nodeSchema).optional();
  },
});
type Node = z.infer<typeof nodeSchema>;

/** Texts of all elements of a name, as a parser of XML reads them. */
function texts(xml: string, name: string): string[] {
  const found: string[] = [];
  const walk = ({ name: own, elements = [] }: Node): void => {
    if (own === name) found.push(elements.map(({ text }) => text ?? '').join(''));
    elements.forEach(walk);
  };
  walk(nodeSchema.parse(xml2js(xml)));
  return found;
}

describe('the answers to Windows Setup', () => {
  it.each([
    ['client', INPUT],
    ['server', SERVER],
    ['without', { ...INPUT, drivers: false, without: { tpm: true, secureBoot: true } }],
  ])('for a %s are as they were looked through', async (name, input) => {
    await expect(answers(input)).toMatchFileSnapshot(`golden/${name}.xml`);
  });

  it('carry a password in the form of answer files, and an administrator’s in its own', () => {
    const decoded = (text: string) => Buffer.from(text, 'base64').toString('utf16le');
    const forms = texts(answers(SERVER), 'Value').filter((text) => !text.startsWith('Windows'));
    expect(forms.map(decoded)).toEqual([
      'correct horseAdministratorPassword',
      'correct horsePassword',
      'correct horsePassword',
    ]);
    expect(answers(SERVER)).not.toContain('correct horse');
    expect(new Set(texts(answers(SERVER), 'PlainText'))).toEqual(new Set(['false']));
    expect(decoded(encodedFor(encodePassword('Password'), 'AdministratorPassword'))).toBe(
      'PasswordAdministratorPassword',
    );
  });

  it('hold any password and edition without a part of it getting out of its place', () => {
    const pieces = ['<', '>', '&', '"', "'", ']]>', '-->', '&amp;', '\\', '😀', 'ü', '`', '%', ' '];
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 30; round++) {
      const length = 1 + random(12);
      const hostile = Array.from({ length }, () => pieces[random(pieces.length)] ?? '').join('');
      const edition = `E${hostile}E`;
      const xml = answers({ ...INPUT, password: encodePassword(hostile), edition });
      const values = texts(xml, 'Value');
      expect(values[0]).toBe(edition);
      expect(
        values.slice(1).map((text) => Buffer.from(text, 'base64').toString('utf16le')),
      ).toEqual([`${hostile}Password`, `${hostile}Password`]);
      expect(texts(xml, 'ComputerName')).toEqual(['ada']);
    }
  });

  it.each<[string, Partial<WindowsInput>]>([
    ['a computer name of 16 characters', { computerName: 'a'.repeat(16) }],
    ['a number as computer name', { computerName: '12345' }],
    ['an account with markup', { user: 'a<b' }],
    ['an account with a line break', { user: 'a\nb' }],
    ['a clear password', { password: 'correct horse' }],
    ['a product key of four groups', { productKey: 'ABCDE-12345-FGHIJ-67890' }],
    ['an edition with a control character', { edition: 'Windows\u0007' }],
    ['a key of two lines', { sshKeys: ['ssh-ed25519 A\nB'] }],
  ])('refuse %s', (_, part) => {
    const secret = part.password ?? part.productKey;
    try {
      build({ ...INPUT, ...part });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'seed_invalid_input' });
      if (secret !== undefined && secret !== null) expect(String(error)).not.toContain(secret);
    }
  });

  it('start commands that are short enough for Setup', () => {
    for (const path of texts(answers(), 'Path')) expect(path.length).toBeLessThan(260);
    for (const line of texts(answers(), 'CommandLine')) expect(line.length).toBeLessThan(1024);
  });

  it('switch off only those demands that the machine does not meet', () => {
    expect(answers()).not.toContain('LabConfig');
    const tpm = answers({ ...INPUT, without: { tpm: true, secureBoot: false } });
    expect(tpm).toContain('BypassTPMCheck');
    expect(tpm).not.toContain('BypassSecureBootCheck');
  });

  it('name drivers only where there is a medium with them', () => {
    const paths = texts(answers(), 'Path');
    expect(paths).toContain('E:\\viostor\\w11\\amd64');
    expect(paths).toContain('F:\\NetKVM\\w11\\amd64');
    expect(texts(answers({ ...INPUT, version: '2k25' }), 'Path')).toContain(
      'E:\\vioserial\\2k25\\amd64',
    );
    expect(answers({ ...INPUT, drivers: false })).not.toContain('PnpCustomizationsWinPE');
  });
});

describe('the form of a password', () => {
  it.each(['Correct horse 1', 'Password', 'xPassword', '', 'ä\u{1F511}<&>'])(
    'gives %j back',
    (text) => {
      expect(decodePassword(encodePassword(text))).toBe(text);
    },
  );
});

describe('the edition', () => {
  const client = { version: 'w11', edition: null, productKey: null, label: 'X' } as const;
  const key = 'ABCDE-12345-FGHIJ-67890-KLMNO';
  it.each([
    [client, { image: 'Windows 11 Pro', key: 'W269N-WFGWX-YVC9B-4J6C9-T83GX' }],
    [
      { ...client, productKey: key },
      { image: null, key },
    ],
    [
      { ...client, edition: 'Windows 11 Home' },
      { image: 'Windows 11 Home', key: null },
    ],
    [
      { ...client, label: 'CENA_X64FREV_EN-US_DV5' },
      { image: null, key: null },
    ],
    [
      { ...client, version: '2k25' as const },
      { image: 'Windows Server 2025 SERVERSTANDARD', key: null },
    ],
  ])('of %o', (wanted, expected) => {
    expect(chooseEdition(wanted)).toEqual(expected);
  });

  it.each(['win10', 'win11', 'win2k16', 'win2k19', 'win2k22', 'win2k25', undefined])(
    'that is first offered for %s is the one that it gets by itself',
    (osinfoId) => {
      const version = windowsVersion(osinfoId === undefined ? {} : { osinfoId });
      const usual = chooseEdition({ ...client, version }).image;
      expect(windowsEditions(osinfoId)[0]).toBe(usual);
    },
  );
});

describe('language, keyboard and time zone', () => {
  it('are called as Windows calls them, else the usual ones', () => {
    expect([languageOf('de_AT.UTF-8'), languageOf('C')]).toEqual(['de-AT', 'en-US']);
    expect([keyboardFor('fr'), keyboardFor('dvorak')]).toEqual(['040c:0000040c', '0409:00000409']);
    expect(languageOfMedium('SSS_X64FREE_DE-DE_DV9')).toBe('de-DE');
    expect(languageOfMedium('ESD_ISO')).toBe('en-US');
    expect(windowsTimeZone('America/New_York')).toBe('Eastern Standard Time');
    expect(windowsTimeZone('Mars/Olympus')).toBeNull();
  });

  it('of this program’s own list are IANA’s names, each once', () => {
    const source = readFileSync(join(import.meta.dirname, 'time-zones.ts'), 'utf8');
    const names = source.match(/\b[A-Z][A-Za-z]+\/[A-Za-z_/+-]+\d*/g) ?? [];
    expect(names.length).toBeGreaterThan(150);
    expect(new Set(names).size).toBe(names.length);
    for (const timeZone of names)
      expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
  });

  it('that are not known are told', () => {
    expect(build().notes).toEqual([]);
    expect(build(SERVER).notes).toEqual([expect.stringContaining('Mars/Olympus')]);
  });
});

describe('the seed medium', () => {
  it('has the three files in its root, by the names that Setup looks for', async () => {
    const { bytes, files } = build();
    const iso = await IsoReader.open(async (at, length) => bytes.subarray(at, at + length));
    expect(files.map(({ path }) => path)).toEqual([
      'Autounattend.xml',
      'first-boot.ps1',
      'tasks.json',
    ]);
    for (const { path, content } of files) {
      const read = await iso?.read(`/${path}`, 1 << 20);
      expect(Buffer.from(read ?? []).toString('utf8')).toBe(content);
    }
  });

  it('carries the tasks as data, whatever is in them', async () => {
    const text = fileOf({ ...INPUT, sshKeys: ['ssh-ed25519 AAAA "a\' b" '] }, 'tasks.json');
    await expect(text).toMatchFileSnapshot('golden/tasks.txt');
    expect(JSON.parse(text)).toMatchObject({
      sshKeys: ['ssh-ed25519 AAAA "a\' b"'],
      tasks: [
        {
          message: 'Git _quoted_',
          command: 'winget install --exact --id Git.Git',
          variables: [{ name: 'BERTH_DATA_DIR', value: "C:\\it's" }],
        },
        { command: '"@\n‘; Write-Host pwned' },
        { command: null },
      ],
    });
  });
});

/** No PowerShell is here to run it: this only finds a slip of the pen. */
describe('the runner', () => {
  it('is ASCII, which Windows PowerShell reads without a mark', () => {
    expect(RUNNER).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('closes what it opens', () => {
    const code = RUNNER.replaceAll(/@'[\s\S]*?\n'@/g, '')
      .replaceAll(/`./g, '')
      .replaceAll(/'(?:[^'\n]|'')*'|"[^"\n]*"/g, '""')
      .replaceAll(/#.*$/gm, '');
    expect(code).not.toContain("'");
    const open: string[] = [];
    const pairs: Record<string, string> = { ')': '(', '}': '{', ']': '[' };
    for (const character of code.match(/[(){}[\]]/g) ?? []) {
      const opener = pairs[character];
      if (opener === undefined) open.push(character);
      else expect(open.pop()).toBe(opener);
    }
    expect(open).toEqual([]);
  });

  it('calls only functions that it has, and has none that it does not call', () => {
    const own = [...RUNNER.matchAll(/^function ([A-Z][a-z]+-[A-Za-z]+)/gm)].map(([, name]) => name);
    expect(own.length).toBeGreaterThan(10);
    for (const name of own) {
      expect(RUNNER.match(new RegExp(`\\b${name}\\b`, 'g'))?.length, name).toBeGreaterThan(1);
    }
  });
});
