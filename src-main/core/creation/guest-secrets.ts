import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { answersWindows } from '../../../src-contract/model/unattended.ts';
import type { MediaBuilder } from '../ports/media-builder.ts';
import type { Secrets } from '../ports/system.ts';

/** A password in clear text, or in the form that an earlier try gave it. */
type Credential = { password: string } | { hash: string } | null;

/** What came with a wish and is in no record of it. */
export interface GivenSecrets {
  credential: Credential;
  productKey: string | null;
}

/** The same as the guest gets it: `passwordHash` of crypt(3), for Windows in the form of its answer files. */
export interface GuestSecrets {
  passwordHash: string | null;
  productKey: string | null;
}

export const NO_SECRETS: GuestSecrets = { passwordHash: null, productKey: null };

/** What a request has, and where it has none what an earlier try kept. */
export function givenSecrets(
  { password, productKey }: CreateRequest,
  kept: GuestSecrets = NO_SECRETS,
): GivenSecrets {
  const hash = kept.passwordHash;
  const own = password ? { password } : null;
  return {
    credential: own ?? (hash === null ? null : { hash }),
    productKey: productKey || kept.productKey,
  };
}

/** Each in clear text, as far as this process was told. */
export function textsOf({ credential, productKey }: GivenSecrets): string[] {
  const texts = credential === null ? [] : Object.values(credential);
  return productKey === null ? texts : [...texts, productKey];
}

/** What the guest could say of its secrets: of a form that hides nothing the password too. A hash has none. */
export function guestTexts({ passwordHash, productKey }: GuestSecrets, media: MediaBuilder) {
  const texts = [passwordHash, productKey].filter((secret) => secret !== null);
  if (passwordHash === null || isCrypt(passwordHash)) return texts;
  return [...texts, media.decodePassword(passwordHash)];
}

/** What the checks of the form need to know. A form made for another kind of system is of no use. */
export function formSecrets({ credential, productKey }: GivenSecrets, template: Template | null) {
  const password = credential !== null && 'password' in credential ? credential.password : null;
  const kept = credential !== null && 'hash' in credential ? credential.hash : null;
  const fits = template !== null && kept !== null && answersWindows(template) !== isCrypt(kept);
  return { hasPassword: password !== null || fits, password, productKey };
}

const isCrypt = (hash: string): boolean => hash.startsWith('$');

export async function toGuestSecrets(
  { credential, productKey }: GivenSecrets,
  template: Template,
  media: MediaBuilder,
): Promise<GuestSecrets> {
  const windows = answersWindows(template);
  return {
    passwordHash: await passwordFor(credential, windows, media),
    productKey: windows ? productKey : null,
  };
}

async function passwordFor(credential: Credential, windows: boolean, media: MediaBuilder) {
  if (credential === null) return null;
  if ('password' in credential) {
    const { password } = credential;
    return windows ? media.encodePassword(password) : media.hashPassword(password);
  }
  return windows === isCrypt(credential.hash) ? null : credential.hash;
}

/** In neither of the two. */
const SEPARATOR = '\n';

/** Null = there is nothing to seal. */
export function seal(
  secrets: Secrets,
  { passwordHash, productKey }: GuestSecrets,
): Uint8Array | null {
  if (productKey !== null) return secrets.seal(`${passwordHash ?? ''}${SEPARATOR}${productKey}`);
  return passwordHash === null ? null : secrets.seal(passwordHash);
}

/** Rejects with `secret_unreadable`. */
export function unseal(secrets: Secrets, sealed: Uint8Array | null): GuestSecrets {
  if (sealed === null) return NO_SECRETS;
  const [passwordHash, productKey] = secrets.open(sealed).split(SEPARATOR, 2);
  return { passwordHash: passwordHash || null, productKey: productKey || null };
}
