import type { Template } from '../../../src-contract/model/template.ts';

/** Systems by the names of their folders on the medium of virtio drivers. */
export type WindowsVersion = 'w10' | 'w11' | '2k16' | '2k19' | '2k22' | '2k25';

const VERSIONS: Readonly<Record<string, WindowsVersion>> = {
  win10: 'w10',
  win11: 'w11',
  win2k16: '2k16',
  win2k19: '2k19',
  win2k22: '2k22',
  win2k25: '2k25',
};

/** By libosinfo's short id; a Windows that is not known is taken for the newest. */
export const windowsVersion = ({ osinfoId }: Pick<Template['os'], 'osinfoId'>): WindowsVersion =>
  VERSIONS[osinfoId ?? ''] ?? 'w11';

export const isServer = (version: WindowsVersion): boolean => version.startsWith('2k');

/** Whether its installer refuses a machine without Secure Boot and a TPM. */
export const demandsSecureBoot = (os: Pick<Template['os'], 'family' | 'osinfoId'>): boolean =>
  os.family === 'windows' && os.osinfoId === 'win11';

/** Five groups of five letters and digits. */
export const isProductKey = (text: string): boolean => /^[A-Z0-9]{5}(-[A-Z0-9]{5}){4}$/.test(text);

const COMPUTER_NAME_MAX = 15;
const HEAD = 10;

/**
 * A NetBIOS name of at most 15 letters, digits and hyphens, from a host name. Of a longer one the head is kept, with
 * four characters that stand for all of it. Windows takes neither a number nor the name of an account.
 */
export function computerNameFor(hostname: string, user: string | null): string {
  const fits = hostname.length <= COMPUTER_NAME_MAX ? hostname : shortened(hostname);
  const digits = /^\d+$/.test(fits);
  if (!digits && fits.toLowerCase() !== user?.toLowerCase()) return fits;
  const prefixed = `pc-${fits}`;
  return prefixed.length <= COMPUTER_NAME_MAX ? prefixed : shortened(prefixed);
}

const shortened = (name: string): string =>
  `${name.slice(0, HEAD).replace(/-+$/, '')}-${checksum(name)}`;

/** FNV-1a, the last four digits in base 36. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(36).padStart(4, '0').slice(-4);
}

const USER = /^[A-Za-z0-9_][A-Za-z0-9._ -]{0,18}[A-Za-z0-9_-]$|^[A-Za-z0-9_]$/;
/** Accounts and groups that are there already, and names that no account may have. */
const RESERVED = new Set(
  (
    'administrator administrators guest guests defaultaccount wdagutilityaccount system users none ' +
    'everyone network service local con prn aux nul'
  ).split(' '),
);

/** Whether a local account may have the name: 20 characters at most, none of `"/\[]:;|=,+*?<>@`. */
export const isWindowsUser = (user: string): boolean =>
  USER.test(user) && !RESERVED.has(user.toLowerCase());

const PASSWORD_MAX = 127;
const KINDS = [/\p{Lu}/u, /\p{Ll}/u, /\d/, /[^\p{L}\d]/u];

/** What is wrong with a password, as a sentence; null = nothing. Servers have the rule of complexity switched on. */
export function passwordProblem(
  password: string,
  { user, server }: { user: string | null; server: boolean },
): string | null {
  if (password.length > PASSWORD_MAX) {
    return `A password of Windows has at most ${PASSWORD_MAX} characters.`;
  }
  if (!server) return null;
  const kinds = KINDS.filter((kind) => kind.test(password)).length;
  const named = user !== null && user.length > 2;
  if (kinds >= 3 && !(named && password.toLowerCase().includes(user.toLowerCase()))) return null;
  return 'Windows Server wants three of capital letters, small letters, digits and other characters, and not the name of the account.';
}
