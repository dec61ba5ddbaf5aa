import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

/** Not the windows' own folders: the entry of one must not run in the other. */
const SHARED = /\/(node_modules|src-contract|src-renderer\/(bridge|store|ui))\//;

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // node-libvirt is TypeScript: it must be in the bundle. Of the others little is left there, and they load at once.
      externalizeDeps: { exclude: ['node-libvirt', 'zod', 'xml-js'] },
      rolldownOptions: { input: { main: at('src-main/main.ts') } },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: at('src-preload/index.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      rolldownOptions: {
        input: { index: at('src-renderer/index.html'), console: at('src-renderer/console.html') },
        output: {
          codeSplitting: {
            // What both windows start with is one file: each request of the first page costs time, the bytes hardly.
            groups: [{ name: 'start', tags: ['$initial'], test: SHARED }],
          },
        },
      },
      chunkSizeWarningLimit: 800,
    },
  },
});
