import { mkdtempSync, rmSync } from 'node:fs';
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
    const home = mkdtempSync(join(tmpdir(), 'app-host-e2e-'));
    await use(home);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  },
  launched: async ({ env, home }, use) => {
    const args = [`--user-data-dir=${join(home, 'profile')}`];
    const launched = await launchApp({ appFolder: fixtureFolder, home, args, env });
    await use(launched);
    await launched.close();
  },
});

export { expect };
