import { describe, expect, it } from 'vitest';
import { generatePassword, passwordStrength } from './password.ts';

describe('passwordStrength', () => {
  it.each([
    ['', 0],
    ['abc', 1],
    ['aaaaaaaaaaaaaaaaaaaa', 1],
    ['abcdefgh12', 2],
    ['correct horse battery', 3],
  ])('%j is %i', (password, level) => {
    expect(passwordStrength(password)).toBe(level);
  });
});

describe('generatePassword', () => {
  it('is typeable, strong and different each time', () => {
    const made = Array.from({ length: 50 }, generatePassword);
    for (const password of made) {
      expect(password).toMatch(/^([a-km-zA-HJ-NP-Z2-9]{4}-){3}[a-km-zA-HJ-NP-Z2-9]{4}$/);
      expect(passwordStrength(password)).toBe(3);
    }
    expect(new Set(made).size).toBe(50);
  });
});
