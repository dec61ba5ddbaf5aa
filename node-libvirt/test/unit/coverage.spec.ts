import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { coverage, implemented, README, withSection } from '../../scripts/coverage.ts';
import { Program } from '../../src/wire/packet.ts';

const rows = coverage();

describe('coverage', () => {
  it('knows every number once', () => {
    const numbers = (program: string) =>
      rows.filter((row) => row.program === program).map(({ number }) => number);
    const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
    expect(numbers('remote')).toEqual(upTo(453));
    expect(numbers('qemu')).toEqual(upTo(7));
  });

  it('the tables have libvirt’s numbers and names, each once', () => {
    const facts = new Map(rows.map(({ program, number, name }) => [`${program} ${number}`, name]));
    const seen = new Set<string>();
    for (const { program, number, name } of implemented()) {
      const key = `${program === Program.QEMU ? 'qemu' : 'remote'} ${number}`;
      expect(`${key} ${name}`).toBe(`${key} ${facts.get(key)}`);
      expect(seen.has(key)).toBe(false);
      seen.add(key);
    }
  });

  it('everything has a public method or a reason', () => {
    const left = rows.filter(({ methods, reason }) => methods.length === 0 && reason === null);
    expect(left.map(({ name }) => name)).toEqual([]);
  });

  it('every table entry is used by a public method', () => {
    const without = new Set(
      rows.filter(({ methods }) => methods.length === 0).map(({ name }) => name),
    );
    expect(implemented().filter(({ name }) => without.has(name))).toEqual([]);
  });

  it('the README says the same: run `node scripts/coverage.ts --write`', () => {
    const readme = readFileSync(README, 'utf8');
    expect(withSection(readme) === readme).toBe(true);
  });
});

describe('public methods', () => {
  const directory = path.join(path.dirname(README), 'src/client');
  const files = readdirSync(directory).filter((name) => name.endsWith('.ts'));

  it.each(files)('of %s say what they do', (file) => {
    const lines = readFileSync(path.join(directory, file), 'utf8').split('\n');
    const silent = lines.filter((line, at) => {
      const method = /^ {2}(?:async )?\*?(\w+)(?:<.*>)?\(/.exec(line)?.[1];
      return method !== undefined && method !== 'constructor' && !lines[at - 1]?.endsWith('*/');
    });
    expect(silent).toEqual([]);
  });
});
