import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../../node_modules/.cache/app-host-e2e',
  timeout: 60_000,
  workers: 1,
  reporter: 'list',
});
