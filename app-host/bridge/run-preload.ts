import { IpcRenderer } from './ipc-renderer.ts';
import type { FromPage, ToPage } from './messages.ts';
import { watchPage } from './page-watch.ts';
import { PreloadBridge } from './preload-bridge.ts';

type Require = (name: string) => unknown;
type Script = (
  require: Require,
  module: { exports: object },
  exports: object,
  process: object,
) => void;

export interface PreloadOptions {
  secret: string;
  binding: string;
  receiver: string;
  guardClose: boolean;
  process: object;
}

/** Sets up the preload world and runs the app's preload script in it. Injected as source text. */
export function runPreload(script: Script, options: PreloadOptions): void {
  const world = globalThis as unknown as Record<string, (value: never) => void>;
  const send = world[options.binding] as ((text: string) => void) | undefined;
  // Only documents of an attached page have the binding.
  if (!send) return;
  const post = (message: FromPage) => send(JSON.stringify(message));
  const bridge = new PreloadBridge(options.secret);
  const ipcRenderer = new IpcRenderer(post);
  const watch = watchPage(post, options.guardClose);
  world[options.receiver] = (messages: ToPage[]) => {
    for (const message of messages) {
      if (message[0] === 'keys') watch.wantKeys(message[1]);
      else IpcRenderer.receive(ipcRenderer, message);
    }
  };
  const electron = {
    contextBridge: { exposeInMainWorld: bridge.exposeInMainWorld.bind(bridge) },
    ipcRenderer,
  };
  const require: Require = (name) => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const module = { exports: {} };
  script(require, module, module.exports, options.process);
}
