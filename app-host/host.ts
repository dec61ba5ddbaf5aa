import { Browser } from './chromium/browser.ts';
import { readStartup } from './startup.ts';

/*
 * What all modules of one running host share. Importing this module reads the command line; nothing is started yet.
 */

/** The path of the executable that stands in for Electron's. */
const program = process.env['APP_HOST_PROGRAM'] ?? process.execPath;

export const startup = readStartup(program, process.argv.slice(2));

const hasDisplay = Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

/** No window system, no windows: the pages exist all the same, and Playwright sees them. */
export const headless = !hasDisplay || startup.switches.has('headless');

/** Playwright's `_electron.launch` passes both switches, and later calls `__playwright_run`. */
export const underPlaywright =
  startup.switches.has('remote-debugging-port') && startup.switches.has('inspect');

export const browser = new Browser({
  title: startup.manifest.productName,
  headless,
  debuggingPort: startup.switches.get('remote-debugging-port'),
  extraSwitches: (process.env['APP_HOST_CHROMIUM_SWITCHES'] ?? '').split(' ').filter(Boolean),
});
