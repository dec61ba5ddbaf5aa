import { defineConfig } from '@playwright/test';

const PORT = 4179;

/** The window alone, on a fake main: no libvirt, no Electron. Runs anywhere Chromium does. */
export default defineConfig({
  testDir: '.',
  // Pictures are for looking at, not for checking: BERTH_SCREENSHOTS=folder takes only those.
  testMatch: process.env['BERTH_SCREENSHOTS'] ? '*.pictures.ts' : '*.e2e.ts',
  outputDir: '../../test-results/renderer',
  workers: 2,
  fullyParallel: true,
  reporter: 'list',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    viewport: { width: 1280, height: 800 },
    contextOptions: { reducedMotion: 'no-preference' },
    launchOptions: {
      executablePath: process.env['BERTH_CHROMIUM'] ?? '/usr/bin/chromium',
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  webServer: {
    command: `npx vite build -c test/renderer/vite.config.ts --logLevel warn && npx vite preview -c test/renderer/vite.config.ts --port ${PORT} --strictPort --host 127.0.0.1`,
    cwd: '../..',
    url: `http://127.0.0.1:${PORT}/index.html`,
    timeout: 300_000,
    reuseExistingServer: true,
  },
});
