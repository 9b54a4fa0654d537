import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const assets = fileURLToPath(new URL('../../../out/renderer/assets/', import.meta.url));
const BUDGET_BYTES = 500 * 1024;

it('the window’s script weighs at most 500 KB gzipped, pdf.js and languages not chosen apart', () => {
  expect(existsSync(assets), 'the window is built: npm run build').toBe(true);
  const scripts = readdirSync(assets)
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ name, text: readFileSync(`${assets}${name}`, 'utf8') }))
    // The document's part has pdf.js in it; its own code is small beside that.
    .filter(({ name, text }) => !text.includes('getDocument - ') && !/^(it|es|fr|de)-/.test(name));
  expect(scripts.length).toBeGreaterThan(5);
  const bytes = scripts.reduce((sum, { text }) => sum + gzipSync(text).length, 0);
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
});
