import { codecFunctions } from './codec.ts';
import { IpcRenderer } from './ipc-renderer.ts';
import { binding, receiver } from './messages.ts';
import { describeKey, isBrowserShortcut, watchPage } from './page-watch.ts';
import { PageWorld } from './page-world.ts';
import { PreloadBridge } from './preload-bridge.ts';
import { runPreload } from './run-preload.ts';

/** What the preload script sees as `process`: the part of it that Electron gives a sandboxed renderer. */
export interface PreloadProcess {
  platform: string;
  arch: string;
  type: 'renderer';
  sandboxed: true;
  contextIsolated: true;
  versions: Record<string, string>;
  env: Record<string, string>;
  argv: string[];
}

export interface PreloadScript {
  /** CommonJS source text. */
  text: string;
  /** Shown in stack traces. */
  url: string;
}

/** A script for the page's own world, to run at the start of each document. */
export function pageWorldSource(secret: string): string {
  const body = [...codecFunctions, PageWorld].map(String).join('\n');
  return `if (self === top) { (() => {\n${body}\nnew PageWorld(${JSON.stringify(secret)});\n})(); }`;
}

/**
 * A script for the isolated world: `contextBridge`, `ipcRenderer` and the app's own preload script, if it has one.
 * Only the top frame gets them, as in Electron without `nodeIntegrationInSubFrames`.
 */
export function preloadWorldSource(
  secret: string,
  preload: PreloadScript | undefined,
  process: PreloadProcess,
  guardClose: boolean,
): string {
  const parts = [...codecFunctions, PreloadBridge, IpcRenderer];
  const helpers = [watchPage, isBrowserShortcut, describeKey, runPreload];
  const body = [...parts, ...helpers].map(String).join('\n');
  const options = JSON.stringify({ secret, binding, receiver, process, guardClose });
  // The app's script is a function of its own, outside of our scope: it sees the web's globals and its arguments.
  const script = `function (require, module, exports, process) {\n${preload?.text ?? ''}\n}`;
  const call = `if (self === top) { (run => run(${script}))((() => {\n${body}\nreturn script => runPreload(script, ${options});\n})()); }`;
  return `${call}\n//# sourceURL=${preload?.url ?? 'app-host:preload'}`;
}
