/**
 * Builds the app: main's entries as ESM beside each other (main/platform/entries.ts finds them so), the preload as one CommonJS
 * file that requires only `electron`, the window as static files. Needs no Electron binary.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'electron-vite';
import { rendererConfig } from './renderer/vite.config.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const FONT_PACKAGE = 'node_modules/dejavu-fonts-ttf';

/** The font of visible marks and its licence beside the entries, where main/signing/mark-font.ts looks for it. */
const markFont = {
  name: 'mark-font',
  generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: Uint8Array }): string }) {
    for (const [from, to] of [
      ['ttf/DejaVuSans.ttf', 'fonts/DejaVuSans.ttf'],
      ['LICENSE', 'fonts/LICENSE'],
    ] as const) {
      this.emitFile({ type: 'asset', fileName: to, source: readFileSync(path(`${FONT_PACKAGE}/${from}`)) });
    }
  },
};

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
    plugins: [markFont],
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
