import { existsSync, statfsSync } from 'node:fs';

export interface SwitchOptions {
  profile: string;
  headless: boolean;
  /** Root cannot use Chromium's sandbox; everybody else keeps it. */
  sandbox: boolean;
  /** WM_CLASS, by which a desktop groups the windows of one application. */
  windowClass: string;
  /** Page of the first window. */
  url: string;
  /** For Playwright, which asks for it; without it nothing listens anywhere. */
  debuggingPort: string | undefined;
  extra: readonly string[];
}

/** No request of Chromium's own leaves the computer, and nothing asks the user about browsers. */
const quiet = [
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-component-extensions-with-background-pages',
  '--disable-component-update',
  // Nobody reads its crash dumps; --disable-breakpad alone still starts the process that would write them.
  '--disable-crashpad-for-testing',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-field-trial-config',
  '--disable-infobars',
  '--disable-quic',
  '--disable-search-engine-choice-screen',
  '--disable-session-crashed-bubble',
  '--disable-sync',
  '--metrics-recording-only',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  '--no-service-autorun',
  '--password-store=basic',
  // Hides the yellow bar that warns of --no-sandbox.
  '--test-type',
];

/** A desktop window does not slow down when another window covers it, as a tab may. */
const steady = [
  '--disable-back-forward-cache',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-hang-monitor',
  '--disable-ipc-flooding-protection',
  '--disable-renderer-backgrounding',
];

/**
 * All pages are the app's own: one renderer serves the windows of an origin, none waits in reserve, and the network
 * service, which Linux does not sandbox anyway, lives in the browser process. The limit, which Chromium exceeds where
 * it must, lets the app's first page have the renderer of the empty one that a window starts with.
 */
const lean = [
  '--process-per-site',
  '--disable-site-isolation-trials',
  '--renderer-process-limit=1',
];
const enabled = ['NetworkServiceInProcess2'];
const disabled = [
  'AimEnabled',
  'CalculateNativeWinOcclusion',
  // Wakes a thread in each process to report hangs to nobody.
  'EnableHangWatcher',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  // The consoles' WebSockets are on 127.0.0.1; Electron does not ask for them either.
  'LocalNetworkAccessChecks',
  'LocalNetworkAccessChecksWebSockets',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  // Language models of Chromium's own; the first measures the computer in a process of its own.
  'OnDeviceModelFetchPerformanceClassEveryStartup',
  'OptimizationGuideModelExecution',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'SpareRendererForSitePerProcess',
  'Translate',
];

/** The command line of the browser that shows the app's windows. */
export function browserSwitches(options: SwitchOptions): string[] {
  return [
    '--remote-debugging-pipe',
    `--user-data-dir=${options.profile}`,
    ...quiet,
    ...steady,
    ...lean,
    `--enable-features=${enabled.join()}`,
    `--disable-features=${disabled.join()}`,
    `--class=${options.windowClass}`,
    ...(options.sandbox ? [] : ['--no-sandbox']),
    ...drawing(options.sandbox),
    ...(hasLittleSharedMemory() ? ['--disable-dev-shm-usage'] : []),
    ...(options.debuggingPort === undefined
      ? []
      : [`--remote-debugging-port=${options.debuggingPort}`]),
    ...options.extra,
    ...(options.headless ? ['--headless'] : []),
    `--app=${options.url}`,
  ];
}

/** The command line that makes a running browser open one more window without tabs and address bar. */
export function windowSwitches(options: SwitchOptions): string[] {
  return [
    `--user-data-dir=${options.profile}`,
    '--test-type',
    ...(options.sandbox ? [] : ['--no-sandbox']),
    `--app=${options.url}`,
  ];
}

/**
 * Without a GPU, drawing on the CPU directly starts half a second sooner than a GPU that is emulated. The process that
 * draws is one for the sake of drivers, which there are none of, and of its sandbox; without both it would only cost
 * time, as would the zygote that nothing but it is forked from.
 */
function drawing(sandbox: boolean): string[] {
  if (existsSync('/dev/dri')) return [];
  return sandbox
    ? ['--disable-gpu']
    : ['--disable-gpu', '--in-process-gpu', '--no-unsandboxed-zygote'];
}

/** Containers often have 64 MiB of it; a browser that runs out of it crashes (https://bugs.debian.org/1072299). */
function hasLittleSharedMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize < 1024 ** 3;
  } catch {
    return true;
  }
}
