import { createStore } from 'zustand/vanilla';
import type { ManyStarted } from '../../src-contract/model/create-request.ts';

/** The machines that were last asked for together in this window: those under way and those that were refused. */
export const batch = createStore<{ started: ManyStarted }>(() => ({ started: [] }));
