import { readFileSync } from 'node:fs';
import type { Region } from './answers.ts';

const USUAL = { locale: 'en_US.UTF-8', keyboard: 'us', timezone: 'Etc/UTC' };
const LOCALE = /^[a-z]{2,3}_[A-Z]{2}\.UTF-8$/;
const LAYOUT = /^XKBLAYOUT=["']?([a-z]+)/m;
const ZONE = /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+){1,2}$/;

/** Language, keyboard and time zone of this computer, which its guests get too; the usual where it does not tell. */
export function hostRegion(
  env: NodeJS.ProcessEnv = process.env,
  keyboardPath = '/etc/default/keyboard',
): Region {
  const locale = (env.LC_ALL || env.LANG || '').replace(/\.utf-?8$/i, '.UTF-8');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    locale: LOCALE.test(locale) ? locale : USUAL.locale,
    keyboard: layoutIn(keyboardPath) ?? USUAL.keyboard,
    timezone: ZONE.test(zone) ? zone : USUAL.timezone,
  };
}

function layoutIn(path: string): string | null {
  try {
    return LAYOUT.exec(readFileSync(path, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}
