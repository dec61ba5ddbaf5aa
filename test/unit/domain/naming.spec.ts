import { describe, expect, it } from 'vitest';
import {
  domainNameFor,
  hostnameFor,
  nameKey,
  nameProblem,
  nextFreeName,
} from '../../../src-main/core/domain/naming.ts';

const free = () => false;

describe('a display name', () => {
  it.each([
    'a',
    'my vm',
    'caffè-日',
    '"quoted" & <b>',
    "it's",
    '🙂👩‍💻',
    'a.b',
    'x'.repeat(64),
    '日'.repeat(64),
  ])('may be %s', (name) => {
    expect(nameProblem(name)).toBeNull();
  });

  it.each([
    ['', 'needs'],
    ['x'.repeat(65), '64'],
    ['a\nb', 'control'],
    ['a\u0000', 'control'],
    ['a\u007fb', 'control'],
    ['a\u2028b', 'control'],
    ['safe\u202egpj.exe', 'control'],
    ['lone \ud800 half', 'control'],
    ['\uffff', 'control'],
    ['a/b', 'slash'],
    ['../../etc/passwd', 'slash'],
    [' a', 'space or a dot'],
    ['a ', 'space or a dot'],
    ['a\u3000', 'space or a dot'],
    ['.hidden', 'space or a dot'],
    ['a.', 'space or a dot'],
    [' ', 'space or a dot'],
  ])('may not be %j', (name, why) => {
    expect(nameProblem(name)).toContain(why);
  });

  it('is the same name in other case or another normal form', () => {
    expect(nameKey('Caf\u00e9')).toBe(nameKey('cafe\u0301'));
    expect(nameKey('caffe')).not.toBe(nameKey('caffè'));
  });
});

describe('the next free name', () => {
  const taken = (names: string[]) => (name: string) => names.includes(name);

  it('is the name itself when that is free', () => {
    expect(nextFreeName('a', free)).toBe('a');
  });

  it('counts on from the number that is there', () => {
    expect(nextFreeName('web', taken(['web', 'web-2']))).toBe('web-3');
    expect(nextFreeName('web-7', taken(['web-7']))).toBe('web-8');
    expect(nextFreeName('-3', taken(['-3']))).toBe('-3-4');
  });

  it('never gets too long', () => {
    const name = 'x'.repeat(64);
    expect(nextFreeName(name, taken([name]))).toBe(`${'x'.repeat(62)}-2`);
  });
});

describe('the name of a domain', () => {
  it.each([
    ['web', 'web'],
    ['My VM', 'My-VM'],
    ['caffè-日', 'caffe'],
    ['日本', 'machine'],
    ['x"y', 'x-y'],
    ['a & b <c>', 'a-b-c'],
    ['--rm -rf', 'rm-rf'],
    ['x'.repeat(64), 'x'.repeat(48)],
    ['$(reboot)', 'reboot'],
  ])('%j becomes %s', (name, domain) => {
    expect(domainNameFor(name, free)).toBe(domain);
  });

  it('avoids what is taken', () => {
    expect(domainNameFor('Café', (name) => name === 'Cafe')).toBe('Cafe-2');
  });
});

describe('a host name', () => {
  it.each([
    ['My VM', 'my-vm'],
    ['a_b.c', 'a-b-c'],
    ['日本', 'machine'],
    ['-x-', 'x'],
    [`${'x'.repeat(62)} y`, 'x'.repeat(62)],
  ])('%j becomes %s', (name, host) => {
    expect(hostnameFor(name)).toBe(host);
    expect(host).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  });
});
