/**
 * Builds the app: main's entries as ESM beside each other (main/platform/entries.ts finds them so), the preload as one CommonJS
 * file that requires only `electron`, the window as static files. Needs no Electron binary.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'electron-vite';
import { rendererConfig } from './renderer/vite.config.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const mainEntries = {
  electron: path('main/electron.ts'),
  browser: path('main/browser.ts'),
  cli: path('main/cli.ts'),
  'store-worker': path('main/store/store-worker.ts'),
  'engine-worker': path('main/signing/engine-worker.ts'),
  'token-host': path('native/token-host.ts'),
  'pcsc-host': path('native/pcsc-host.ts'),
  'window-driver': path('main/host/window-driver.ts'),
};

export default defineConfig({
  main: {
    build: {
      outDir: path('out/main'),
      target: 'node24',
      minify: false,
      // Packages stay in node_modules: native ones cannot be bundled, and the window driver's browser library need not be.
      externalizeDeps: { include: ['playwright-core', 'smartcard'] },
      rolldownOptions: {
        input: mainEntries,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: path('out/preload'),
      minify: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: path('preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: rendererConfig,
});
