import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that must be found nowhere, and what to call it when it is. */
export interface Planted {
  what: string;
  secret: string;
}

/** As it is, as base64 at each alignment, as hex, and escaped for URIs, XML and JSON. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  const xml = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, ...base64, bytes.toString('hex'), encodeURIComponent(secret), xml, json];
}

/** Which of the secrets are in the content, in whatever form. */
export function findIn(content: string | Uint8Array, planted: readonly Planted[]): string[] {
  const bytes = Buffer.from(content);
  return planted
    .filter(({ secret }) => formsOf(secret).some((form) => bytes.includes(form)))
    .map(({ what }) => what);
}

/** Every file below a folder, whatever it is called. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** `file: secret` for each that is found in a file below the folder. */
export function findBelow(folder: string, planted: readonly Planted[]): string[] {
  return filesBelow(folder).flatMap((file) =>
    findIn(readFileSync(file), planted).map((what) => `${file}: ${what}`),
  );
}
