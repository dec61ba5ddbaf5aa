import { describe, expect, it } from 'vitest';
import { hostnameFor } from '../../../src-main/core/domain/naming.ts';
import {
  computerNameFor,
  isProductKey,
  isWindowsUser,
  passwordProblem,
  windowsVersion,
} from '../../../src-main/core/domain/windows.ts';

const NETBIOS = /^(?!\d+$)[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/;

describe('the computer name', () => {
  it.each([
    ['Ada', null, 'ada'],
    ['12345', null, 'pc-12345'],
    ['Alice', 'Alice', 'pc-alice'],
    ['日本', null, 'machine'],
    ['exactly-fifteen', null, 'exactly-fifteen'],
  ])('of %s for %s is %s', (name, user, expected) => {
    expect(computerNameFor(hostnameFor(name), user)).toBe(expected);
  });

  it('is a NetBIOS name for any machine, and differs for long names that begin alike', () => {
    const names = Array.from({ length: 200 }, (_, i) => `Workstation of finance-${i + 1}`);
    const made = names.map((name) => computerNameFor(hostnameFor(name), 'alice'));
    made.push(computerNameFor('123456789012345', null));
    for (const name of made) expect(name).toMatch(NETBIOS);
    expect(new Set(made).size).toBe(made.length);
  });
});

it('a product key has five groups of five', () => {
  expect(isProductKey('ABCDE-12345-FGHIJ-67890-KLMNO')).toBe(true);
  for (const wrong of ['', 'ABCDE-12345-FGHIJ-67890', 'abcde-12345-fghij-67890-klmno', ' ABCDE']) {
    expect(isProductKey(wrong), wrong).toBe(false);
  }
});

it('an account has a name that Windows takes and does not have itself', () => {
  for (const right of ['alice', 'Ada Lovelace', 'a', 'x'.repeat(20), 'a.b-c_d']) {
    expect(isWindowsUser(right), right).toBe(true);
  }
  for (const wrong of ['', 'GUEST', 'a.', ' a', 'a@b', 'x'.repeat(21), 'con']) {
    expect(isWindowsUser(wrong), wrong).toBe(false);
  }
});

it('a password of a server is of three kinds of characters, without the name of the account', () => {
  const problem = (password: string, server: boolean) =>
    passwordProblem(password, { user: 'alice', server });
  expect(problem('x', false)).toBeNull();
  expect(problem('correct horse', true)).toContain('three of');
  expect(problem('Correct horse', true)).toBeNull();
  expect(problem('Correct alice 1', true)).toContain('name of the account');
  expect(problem('x'.repeat(128), false)).toContain('127');
});

it('the version follows from the system’s short id; unknown ones count as the newest', () => {
  expect(windowsVersion({ osinfoId: 'win2k25' })).toBe('2k25');
  expect(windowsVersion({})).toBe('w11');
});
