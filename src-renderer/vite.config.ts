import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the windows by themselves, for the renderer's own tests; the product is built by electron-vite. */
export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [react()],
  build: {
    outDir: here('../out/renderer-test'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { index: here('index.html'), console: here('console.html') } },
  },
});
