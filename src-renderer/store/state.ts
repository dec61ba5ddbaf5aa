import type { Creation, LogLine } from '../../src-contract/model/creation.ts';
import type { Department } from '../../src-contract/model/department.ts';
import type { ErrorData } from '../../src-contract/model/error.ts';
import type { Host } from '../../src-contract/model/host.ts';
import type { Machine } from '../../src-contract/model/machine.ts';
import type { Media } from '../../src-contract/model/media.ts';
import type { TemplateLibrary } from '../../src-contract/model/template-bundle.ts';

/** What the main process told this window; nothing in it is decided here. */
export type BerthState = {
  phase: 'loading' | 'ready' | 'failed';
  /** Why the snapshot could not be had, in phase `failed`. */
  failure: ErrorData | null;
  /** Greatest revision applied so far. */
  revision: number;
  host: Host | null;
  machines: ReadonlyMap<string, Machine>;
  creations: ReadonlyMap<string, Creation>;
  media: ReadonlyMap<string, Media>;
  /** Those that the person may see. */
  departments: ReadonlyMap<string, Department>;
  templates: TemplateLibrary['templates'];
  categories: TemplateLibrary['categories'];
  applications: TemplateLibrary['applications'];
  defaultUser: string;
  sshKeys: readonly { name: string; key: string }[];
  notices: readonly string[];
  /** Log lines by creation id, oldest first, bounded. */
  logs: ReadonlyMap<string, readonly LogLine[]>;
};

export const initialState: BerthState = {
  phase: 'loading',
  failure: null,
  revision: 0,
  host: null,
  machines: new Map(),
  creations: new Map(),
  media: new Map(),
  departments: new Map(),
  templates: [],
  categories: [],
  applications: [],
  defaultUser: '',
  sshKeys: [],
  notices: [],
  logs: new Map(),
};
