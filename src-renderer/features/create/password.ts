/** 0 = none, 1 = weak, 2 = fair, 3 = good: by length and variety; a hint, never a refusal. */
export function passwordStrength(password: string): 0 | 1 | 2 | 3 {
  if (password === '') return 0;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password));
  const distinct = new Set(password).size;
  const score = Math.min(password.length, distinct * 2) + kinds.length * 2;
  if (score >= 18) return 3;
  return score >= 12 ? 2 : 1;
}

// Without the letters and digits that are mistaken for one another when typed from a screen.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Sixteen characters in groups of four, about 92 bits. */
export function generatePassword(): string {
  const limit = 256 - (256 % ALPHABET.length);
  let text = '';
  while (text.length < 16) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < limit && text.length < 16) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text.match(/.{4}/g)?.join('-') ?? text;
}
