import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { type LaunchedApp, launchApp } from '../support/app.ts';

export const fixtureFolder = join(import.meta.dirname, 'fixture');

/** What the fixture's preload script exposes. */
export interface FixtureApi {
  loads: number;
  versions: Record<string, string>;
  when: Date;
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  say(text: string): void;
  on(channel: string, callback: (...args: unknown[]) => void): () => void;
  add(a: number, b: number): number;
  fail(): never;
  later<T>(value: T): Promise<T>;
  identity<T>(value: T): T;
  give(): { map: Map<string, number>; bytes: Uint8Array; answer(): number };
}

declare global {
  interface Window {
    api: FixtureApi;
  }
}

interface Fixtures {
  env: Record<string, string>;
  home: string;
  launched: LaunchedApp;
}

export const test = base.extend<Fixtures>({
  env: [{}, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to find the fixtures that are used
  home: async ({}, use) => {
    const home = mkdtempSync(join(tmpdir(), 'ah-e2e-'));
    await use(home);
    // The Chromium of a killed host goes by itself, and writes until then.
    await expect.poll(() => chromiumOf(home), { timeout: 30_000 }).toEqual([]);
    rmSync(home, { recursive: true, force: true, maxRetries: 20 });
  },
  launched: async ({ env, home }, use) => {
    const args = [`--user-data-dir=${join(home, 'profile')}`];
    const launched = await launchApp({
      appFolder: fixtureFolder,
      home,
      args,
      env: { ...temporaryIn(home), ...env },
    });
    await use(launched);
    await launched.close();
  },
});

/** Environment of a host that may be killed: what it leaves behind then goes with the test's folder. */
export const temporaryIn = (home: string) => ({ TMPDIR: home, XDG_RUNTIME_DIR: '' });

/** Chromium's processes on this profile, read from /proc. */
export function chromiumOf(home: string): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes(join(home, 'profile/chromium-host')) && !command.includes('boot.mjs');
    } catch {
      return false;
    }
  });
}

export { expect };
