/** What Setup appends before it encodes; see "PlainText" in Microsoft's reference of unattended Setup. */
export type PasswordPurpose = 'Password' | 'AdministratorPassword';

/** An answer file's form of a password: base64 of UTF-16LE. It hides nothing; it only spares escapes. */
export const encodePassword = (password: string, purpose: PasswordPurpose = 'Password'): string =>
  Buffer.from(`${password}${purpose}`, 'utf16le').toString('base64');

/** The password itself, of the form for the purpose `Password`. */
export const decodePassword = (encoded: string): string =>
  Buffer.from(encoded, 'base64')
    .toString('utf16le')
    .replace(/Password$/, '');

/** The same password for another purpose. */
export const encodedFor = (encoded: string, purpose: PasswordPurpose): string =>
  encodePassword(decodePassword(encoded), purpose);
