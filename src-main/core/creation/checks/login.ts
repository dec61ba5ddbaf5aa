import type { CreateInput } from '../../../../src-contract/model/create-request.ts';
import type { Finding } from '../../../../src-contract/model/error.ts';
import type { Template } from '../../../../src-contract/model/template.ts';
import { answersWindows } from '../../../../src-contract/model/unattended.ts';
import { defaultGuestUser, isUsableUser, isUserName } from '../../domain/guest-user.ts';
import { hasSeed } from '../../domain/request.ts';
import { isServer, isWindowsUser, passwordProblem, windowsVersion } from '../../domain/windows.ts';

const KEY_TYPES = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
]);

/** Who gets the account; null for a guest that takes none. */
export function guestUser(input: CreateInput, template: Template, self: string): string | null {
  if (!hasSeed(template)) return null;
  if (answersWindows(template)) return input.user ?? (isWindowsUser(self) ? self : 'user');
  return input.user ?? defaultGuestUser(self);
}

export function checkUser(template: Template, user: string | null): Finding[] {
  if (user === null) return [];
  if (answersWindows(template)) return checkWindowsUser(user);
  if (isUsableUser(user)) return [];
  const reserved = isUserName(user);
  return [
    {
      code: 'user_invalid',
      severity: 'error',
      message: reserved
        ? `“${user}” is a system user of the guest.`
        : `“${user}” cannot be a user name.`,
      hint: reserved
        ? 'Choose another name; the account gets administrator rights through sudo.'
        : 'Use 1 to 32 lower-case letters, digits, hyphens and underscores, and begin with a letter.',
      field: 'user',
    },
  ];
}

function checkWindowsUser(user: string): Finding[] {
  if (isWindowsUser(user)) return [];
  return [
    {
      code: 'user_invalid',
      severity: 'error',
      message: `“${user}” cannot be an account of Windows.`,
      hint: 'Use 1 to 20 letters, digits, dots, hyphens and underscores, and no name that Windows has itself.',
      field: 'user',
    },
  ];
}

/** RFC 4253 section 6.6: the base64 part begins with the key type as a length-prefixed string. */
function isPublicKey(line: string): boolean {
  const [type = '', data = ''] = line.trim().split(/[ \t]+/);
  if (/[\r\n]/.test(line.trim()) || !KEY_TYPES.has(type)) return false;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data) || data.length % 4 !== 0) return false;
  const blob = atob(data);
  return blob.startsWith(`\0\0\0${String.fromCharCode(type.length)}${type}`);
}

export function checkKeys(keys: readonly string[]): Finding[] {
  return keys.flatMap((key, index): Finding[] => {
    if (isPublicKey(key)) return [];
    const isPrivate = key.includes('PRIVATE KEY');
    return [
      {
        code: 'ssh_key_invalid',
        severity: 'error',
        message: isPrivate
          ? 'This is a private SSH key.'
          : `SSH key ${index + 1} is not a public key of OpenSSH.`,
        hint: 'Take the one line of a .pub file, such as ~/.ssh/id_ed25519.pub.',
        field: `sshKeys.${index}`,
      },
    ];
  });
}

interface Login {
  keys: readonly string[];
  user: string | null;
  hasPassword: boolean;
  password: string | null;
}

/** Windows asks for a password at its screen; a key alone opens nothing there. */
export function checkPassword(template: Template, login: Login): Finding[] {
  if (!hasSeed(template)) return [];
  const windows = answersWindows(template);
  const { hasPassword, keys } = login;
  if (!hasPassword) {
    if (keys.length > 0 && !windows) return [];
    return [
      {
        code: 'password_missing',
        severity: 'error',
        message: windows
          ? 'The account of Windows needs a password.'
          : 'Nobody could log in: there is neither a password nor an SSH key.',
        hint: windows ? 'Set a password.' : 'Set a password, or add a public SSH key.',
        field: 'password',
      },
    ];
  }
  return windows ? checkWindowsPassword(template, login) : [];
}

function checkWindowsPassword({ os }: Template, { user, password }: Login): Finding[] {
  if (password === null) return [];
  const server = isServer(windowsVersion(os));
  const problem = passwordProblem(password, { user, server });
  if (problem === null) return [];
  return [
    {
      code: 'password_weak',
      severity: 'error',
      message: problem,
      hint: 'Choose another password.',
      field: 'password',
    },
  ];
}
