import type { WindowsVersion } from '../../../core/domain/windows.ts';
import type { Region } from '../answers/answers.ts';
import { MediaError } from '../media-error.ts';

/** What an unattended installation of Windows is to lead to. */
export type WindowsInput = {
  /** At most 15 characters. */
  readonly computerName: string;
  /** Account among the administrators. */
  readonly user: string;
  /** As `encodePassword` makes it. */
  readonly password: string;
  readonly sshKeys: readonly string[];
  readonly region: Region;
  /** Label of the installation medium, which tells its language. */
  readonly mediumLabel: string;
  readonly version: WindowsVersion;
  /** Name of an image of the medium; null = the usual one. */
  readonly edition: string | null;
  readonly productKey: string | null;
  readonly uefi: boolean;
  /** Whether a medium with virtio drivers is in a drive. */
  readonly drivers: boolean;
  /** Demands that this Windows makes of a computer and the machine does not meet. */
  readonly without: { readonly tpm: boolean; readonly secureBoot: boolean };
};

const COMPUTER_NAME = /^(?!\d+$)[A-Za-z0-9]([A-Za-z0-9-]{0,13}[A-Za-z0-9])?$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._ -]{0,19}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PRODUCT_KEY = /^[A-Z0-9]{5}(-[A-Z0-9]{5}){4}$/;
const ONE_LINE = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u;

function check(valid: boolean, message: string): void {
  if (!valid) throw new MediaError('seed_invalid_input', message);
}

/** Throws {@link MediaError} `seed_invalid_input`. Secrets are not quoted. */
export function checkWindowsInput(input: WindowsInput): void {
  const { computerName, user, password, productKey, edition, sshKeys } = input;
  check(COMPUTER_NAME.test(computerName), `"${computerName}" is not a computer name of Windows.`);
  check(USER.test(user), `"${user}" cannot be an account of Windows.`);
  check(BASE64.test(password), 'The password is not in the form of an answer file.');
  check(productKey === null || PRODUCT_KEY.test(productKey), 'The product key has a wrong form.');
  check(edition === null || ONE_LINE.test(edition), 'The name of the edition is not usable.');
  for (const key of sshKeys) {
    check(!/[\p{Cc}\p{Zl}\p{Zp}]/u.test(key), 'An SSH key must be one line of text.');
  }
}
