import { accessSync, constants, existsSync } from 'node:fs';
import { HostError } from '../host-error.ts';

/**
 * A program, and the binary behind its wrapper script: the wrapper costs some 50 ms at every start and sets nothing
 * that the host does not set itself.
 */
const candidates = [
  ['/usr/bin/chromium', '/usr/lib/chromium/chromium'],
  ['/usr/bin/chromium-browser', '/usr/lib/chromium-browser/chromium-browser'],
  ['/usr/bin/google-chrome', '/opt/google/chrome/chrome'],
  ['/snap/bin/chromium', ''],
] as const;

/**
 * Finds the system's Chromium; `APP_HOST_CHROMIUM` overrides the search.
 * @throws HostError `chromium_not_found`
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['APP_HOST_CHROMIUM'];
  if (chosen) {
    if (isExecutable(chosen)) return chosen;
    throw new HostError('chromium_not_found', `APP_HOST_CHROMIUM is not executable: ${chosen}`);
  }
  for (const [program, binary] of candidates) {
    if (!existsSync(program)) continue;
    if (binary && isExecutable(binary)) return binary;
    if (isExecutable(program)) return program;
  }
  throw new HostError(
    'chromium_not_found',
    'No Chromium found: install the package "chromium", or set APP_HOST_CHROMIUM to its path',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
