import { createStore } from 'zustand/vanilla';

export type StateFilter = 'all' | 'running' | 'off' | 'attention';
export type SortOrder = 'name' | 'state' | 'newest';
export type LibraryView = { search: string; filter: StateFilter; sort: SortOrder };

/** How the library is looked at; outlives the view so that coming back finds it as it was. */
export const libraryView = createStore<LibraryView>(() => ({
  search: '',
  filter: 'all',
  sort: 'name',
}));
