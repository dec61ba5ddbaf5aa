// Chooses what opens the window: real Electron, or the Chromium host that stands in for it.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run, say } from './os.mjs';

const DOWNLOAD_LIMIT_MS = 120_000;
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * The Electron program, when it is here. `BERTH_APP_HOST=chromium` hides it.
 * @param {string} root
 * @returns {string | undefined}
 */
export function findElectron(root) {
  if (process.env['BERTH_APP_HOST'] === 'chromium') return undefined;
  const folder = join(root, 'node_modules/electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const program = join(dist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}

const isRecent = (path) => existsSync(path) && Date.now() - statSync(path).mtimeMs < RETRY_AFTER_MS;

/**
 * Electron, after one try to download it; a failed try is remembered for a day.
 * @param {string} root
 */
export async function ensureElectron(root) {
  const found = findElectron(root);
  const failed = join(root, '.cache/electron-download-failed');
  if (found !== undefined || process.env['BERTH_APP_HOST'] === 'chromium' || isRecent(failed))
    return found;
  say('Fetching Electron ...');
  const install = join(root, 'node_modules/electron/install.js');
  const options = { stdio: 'ignore', timeout: DOWNLOAD_LIMIT_MS };
  if ((await run([process.execPath, install], options)) !== 0) {
    mkdirSync(dirname(failed), { recursive: true });
    writeFileSync(failed, '');
  }
  return findElectron(root);
}

/**
 * @param {string} root
 * @param {string | undefined} electron
 * @returns {{ program: string, switches: string[], description: string }}
 */
export function chooseHost(root, electron, asRoot) {
  if (electron === undefined) {
    const program = join(root, 'app-host/electron');
    return { program, switches: [], description: 'the Chromium host, as Electron is not here' };
  }
  // Chromium's sandbox refuses to work for root.
  return asRoot
    ? {
        program: electron,
        switches: ['--no-sandbox'],
        description: 'Electron, without its sandbox, as you are root',
      }
    : { program: electron, switches: [], description: 'Electron' };
}
