import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, isAlive } from './process-facts.ts';

const pattern = /^app-host-(\d+-\d+)-\w{6}$/;
let own: string | undefined;

/**
 * A private folder for sockets and temporary files, of this process and of its Chromium; it goes with the process.
 * Its path is short, since that of a socket must not exceed 107 bytes.
 */
export function runtimeFolder(): string {
  own ??= create();
  return own;
}

function create(): string {
  const base = process.env['XDG_RUNTIME_DIR'] || tmpdir();
  const folder = mkdtempSync(join(base, `app-host-${identityOf(process.pid)}-`));
  process.on('exit', () => remove(folder));
  setImmediate(sweep, base);
  return folder;
}

/** Removes the folders of processes that had no chance to do it themselves. */
export function sweep(base: string): void {
  for (const name of readdirSync(base)) {
    const [, identity] = pattern.exec(name) ?? [];
    if (identity !== undefined && !isAlive(identity)) remove(join(base, name));
  }
}

/** Another user's folder, or one that a dying Chromium still fills, stays; the next start tries again. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // as said above
  }
}
