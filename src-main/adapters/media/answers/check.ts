import { MediaError } from '../media-error.ts';
import type { AnswersInput, Region } from './answers.ts';

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
const CRYPT_HASH = /^\$[0-9a-z]+\$[./A-Za-z0-9$=,+-]+$/;
const LOCALE = /^[A-Za-z]{1,8}(_[A-Za-z]{2,8})?(\.[A-Za-z0-9-]{1,16})?(@[a-z]{1,16})?$/;
const KEYBOARD = /^[a-z][a-z0-9_-]{0,31}$/;
const TIMEZONE = /^[A-Za-z0-9_+-]{1,32}(\/[A-Za-z0-9_+-]{1,32}){0,2}$/;
const LABEL = /^[^\p{Cc}"'\\]{0,128}$/u;
/** Whatever goes on a line of its own. */
const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u;

function check(valid: boolean, message: string): void {
  if (!valid) throw new MediaError('seed_invalid_input', message);
}

/** Everything that ends up unquoted in one of the formats. Throws {@link MediaError} `seed_invalid_input`. */
export function checkAnswers(input: AnswersInput): void {
  const { hostname, user, passwordHash, sshKeys, mediumLabel } = input;
  check(HOST_NAME.test(hostname), `"${hostname}" is not a host name.`);
  check(USER_NAME.test(user) && user !== 'root', `"${user}" cannot be the administrator's name.`);
  check(
    passwordHash === null || CRYPT_HASH.test(passwordHash),
    'The password hash is not one of crypt(3).',
  );
  for (const key of sshKeys) check(ONE_LINE.test(key), 'An SSH key must be one line of text.');
  check(LABEL.test(mediumLabel), 'The label of the installation medium is not usable.');
  checkRegion(input.region);
}

function checkRegion({ locale, keyboard, timezone }: Region): void {
  check(LOCALE.test(locale), `"${locale}" is not a locale.`);
  check(KEYBOARD.test(keyboard), `"${keyboard}" is not a keyboard layout.`);
  check(TIMEZONE.test(timezone), `"${timezone}" is not a time zone.`);
}
