import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { hashPassword } from './password-hash.ts';

// Drepper's own test vectors for SHA-512 (SHA-crypt.txt); salts longer than 16 characters are cut there.
const VECTORS = [
  {
    salt: 'saltstring',
    rounds: undefined,
    password: 'Hello world!',
    hash: '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  },
  {
    salt: 'saltstringsaltst',
    rounds: 10000,
    password: 'Hello world!',
    hash: '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
  },
  {
    salt: 'toolongsaltstrin',
    rounds: 5000,
    password: 'This is just a test',
    hash: '$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0',
  },
  {
    salt: 'anotherlongsalts',
    rounds: 1400,
    password:
      'a very much longer text to encrypt.  This one even stretches over morethan one line.',
    hash: '$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1',
  },
  {
    salt: 'short',
    rounds: 77777,
    password: 'we have a short salt string but not a short password',
    hash: '$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0',
  },
  {
    salt: 'asaltof16chars..',
    rounds: 123456,
    password: 'a short string',
    hash: '$6$rounds=123456$asaltof16chars..$BtCwjqMJGx5hrJhZywWvt0RLE8uZ4oPwcelCjmw2kSYu.Ec6ycULevoBK25fs2xXgMNrCzIMVcgEJAstJeonj1',
  },
] as const;

const openssl = (password: string, salt: string): string =>
  execFileSync('openssl', ['passwd', '-6', '-salt', salt, '-stdin'], { input: `${password}\n` })
    .toString()
    .trim();

describe('hashPassword', () => {
  it.each(VECTORS)(
    'gives the published hash for salt $salt',
    ({ salt, rounds, password, hash }) => {
      const options = rounds === undefined ? { salt } : { salt, rounds };
      expect(hashPassword(password, options)).toBe(hash);
    },
  );

  it('raises too few rounds to 1000, as the specification has it', () => {
    expect(
      hashPassword('the minimum number is still observed', { salt: 'roundstoolow', rounds: 10 }),
    ).toBe(
      '$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.',
    );
  });

  it('agrees with openssl, which cuts at 256 bytes, on lengths around the digest size', () => {
    for (const length of [1, 16, 63, 64, 65, 128, 180]) {
      const password = 'pä55wörd €'.repeat(30).slice(0, length);
      expect(hashPassword(password, { salt: 'abc./XYZ' })).toBe(openssl(password, 'abc./XYZ'));
    }
  });

  it('makes a new salt each time', () => {
    const [first, second] = [hashPassword('same'), hashPassword('same')];
    expect(first).toMatch(/^\$6\$[./A-Za-z0-9]{16}\$[./A-Za-z0-9]{86}$/);
    expect(first).not.toBe(second);
  });

  it.each([
    ['an empty password', '', 'salt'],
    ['a NUL', 'a\0b', 'salt'],
    ['a salt with a dollar', 'secret', 'a$b'],
    ['a salt of 17', 'secret', 'x'.repeat(17)],
  ])('refuses %s', (_, password, salt) => {
    expect(() => hashPassword(password, { salt })).toThrow(
      expect.objectContaining({ code: 'password_invalid' }),
    );
  });
});
