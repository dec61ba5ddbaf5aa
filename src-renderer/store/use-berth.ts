import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { berthStore } from './berth-store.ts';
import type { BerthState } from './state.ts';

export const useBerth = <T>(selector: (state: BerthState) => T): T =>
  useStore(berthStore, selector);

/** For selectors that build arrays or objects: renders again only when an element differs. */
export const useBerthShallow = <T>(selector: (state: BerthState) => T): T =>
  useStore(berthStore, useShallow(selector));
