import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const root = here('../../src-renderer');

/** Builds the windows by themselves for the specs here; the product is built by electron-vite. */
export default defineConfig({
  root,
  base: './',
  plugins: [react()],
  build: {
    outDir: here('../../out/renderer-test'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { index: `${root}/index.html`, console: `${root}/console.html` } },
  },
});
