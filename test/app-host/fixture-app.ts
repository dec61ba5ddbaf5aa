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

export const test = base.extend<{ launched: LaunchedApp }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to find the fixtures that are used
  launched: async ({}, use) => {
    const launched = await launchApp({ appFolder: fixtureFolder });
    await use(launched);
    await launched.close();
  },
});

export { expect };
