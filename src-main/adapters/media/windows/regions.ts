/** Layouts of X by the names of Windows: language, then layout, in hexadecimal. */
const KEYBOARDS: Readonly<Record<string, string>> = {
  us: '0409:00000409',
  gb: '0809:00000809',
  ie: '1809:00001809',
  latam: '080a:0000080a',
  ca: '1009:00001009',
  de: '0407:00000407',
  at: '0c07:00000407',
  ch: '0807:00000807',
  fr: '040c:0000040c',
  be: '080c:0000080c',
  es: '040a:0000040a',
  it: '0410:00000410',
  pt: '0816:00000816',
  br: '0416:00000416',
  nl: '0413:00020409',
  se: '041d:0000041d',
  no: '0414:00000414',
  dk: '0406:00000406',
  fi: '040b:0000040b',
  is: '040f:0000040f',
  pl: '0415:00000415',
  cz: '0405:00000405',
  sk: '041b:0000041b',
  hu: '040e:0000040e',
  ro: '0418:00010418',
  si: '0424:00000424',
  hr: '041a:0000041a',
  bg: '0402:00030402',
  gr: '0408:00000408',
  tr: '041f:0000041f',
  ee: '0425:00000425',
  lv: '0426:00020426',
  lt: '0427:00010427',
  ru: '0419:00000419',
  ua: '0422:00020422',
  il: '040d:0002040d',
  jp: '0411:00000411',
  kr: '0412:00000412',
  cn: '0804:00000804',
};

const USUAL_KEYBOARD = '0409:00000409';
const USUAL_LANGUAGE = 'en-US';

/** `inputLocale` in Setup's answers; the American one for a layout that Windows has no name for here. */
export const keyboardFor = (layout: string): string => KEYBOARDS[layout] ?? USUAL_KEYBOARD;

/** `de_AT.UTF-8` as `de-AT`. */
export function languageOf(locale: string): string {
  const [, language, country] = /^([a-z]{2,3})_([A-Z]{2})\b/.exec(locale) ?? [];
  return language && country ? `${language}-${country}` : USUAL_LANGUAGE;
}

/**
 * The language of a medium, which is the only one that its Setup can speak. Labels such as
 * `CCCOMA_X64FRE_EN-US_DV9` have it; the files that would tell for certain are in the part that is not read.
 */
export function languageOfMedium(label: string): string {
  const [, language, country] = /_([A-Z]{2})-([A-Z]{2})(?:_|$)/.exec(label.toUpperCase()) ?? [];
  return language && country ? `${language.toLowerCase()}-${country}` : USUAL_LANGUAGE;
}
