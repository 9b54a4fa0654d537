/** Builds the window alone: `vite build -c renderer/vite.config.ts`; electron.vite.config.ts builds it with the rest. */
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const outDir = fileURLToPath(new URL('../out/renderer', import.meta.url));

/** Copies what pdf.js fetches at run time (character maps, standard fonts, decoders) beside the window. */
function pdfjsAssets(): Plugin {
  return {
    name: 'pdfjs-assets',
    apply: 'build',
    async writeBundle({ dir = outDir }) {
      const from = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
      for (const folder of ['cmaps', 'standard_fonts', 'iccs', 'wasm']) {
        const to = join(dir, 'pdfjs', folder);
        await mkdir(to, { recursive: true });
        const names = await readdir(join(from, folder));
        await Promise.all(names.map((name) => copyFile(join(from, folder, name), join(to, name))));
      }
    },
  };
}

export const rendererConfig: UserConfig = {
  root,
  base: './',
  plugins: [react(), pdfjsAssets()],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2024',
    // Every host is a Chromium of this year: light-dark() and nesting stay as they are written.
    cssTarget: 'chrome140',
    minify: true,
    cssMinify: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 1024,
    rolldownOptions: {
      input: join(root, 'index.html'),
      // What the first screen is made of comes in one piece, not in the forty that later screens happen to share with it.
      output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
    },
  },
};

export default defineConfig(rendererConfig);
