import { registerHooks } from 'node:module';

const names = new Set(['electron', 'electron/main', 'electron/common']);
const url = new URL('./electron-module.ts', import.meta.url).href;

/** Makes `import … from 'electron'` and `require('electron')` mean the host. */
export function registerElectron(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (names.has(specifier)) return { url, format: 'module-typescript', shortCircuit: true };
      return next(specifier, context);
    },
  });
}
