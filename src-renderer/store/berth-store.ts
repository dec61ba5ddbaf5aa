import { createStore } from 'zustand/vanilla';
import { type BerthState, initialState } from './state.ts';

/** The window's copy of main's truth. Only the bridge writes to it. */
export const berthStore = createStore<BerthState>(() => initialState);
