/**
 * From the click on a row of the inbox to the first page painted, in the built window in Chromium: an ordinary document, one of 300 MB and one
 * of 300,000 objects. The desk is the scripted one, its first page is cut out by the lazy reader. The window has been idle before, as it
 * is when somebody reads the inbox: viewer and worker are warm.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { attachWindow } from '../../main/host/attach-window.ts';
import { findChromium } from '../../main/host/find-chromium.ts';
import buildWindow from '../e2e/build-window.ts';
import { createScriptedDesk } from '../e2e/scripted-desk.ts';
import { makePlainSamples } from '../sandbox/samples/plain-samples.ts';
import type { Sample } from '../sandbox/samples/sample.ts';
import { type Bench, median } from './bench.ts';
import { manyObjectsPdf } from './many-objects-pdf.ts';
import { writeSizedPdf } from './sized-pdf.ts';

const ROUNDS = 5;
const MB = 1024 * 1024;
const IDLE_MS = 3_000;

async function sizedPdf(bytes: number): Promise<Uint8Array> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  try {
    await writeSizedPdf(join(dir, 'large.pdf'), bytes);
    return await readFile(join(dir, 'large.pdf'));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** One window that has been idle, one document opened in it. */
async function openOnce(browser: Browser, samples: readonly Sample[]): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    const desk = createScriptedDesk({ samples, signedIn: true, tokens: [] });
    const rendererDir = fileURLToPath(new URL('../../out/renderer', import.meta.url));
    const window = await attachWindow(page, { rendererDir, onCall: desk.onCall });
    await window.open();
    const row = page.getByText('Deed of gift');
    await row.waitFor();
    await page.waitForTimeout(IDLE_MS);
    // Timed in the page, frame by frame: a driver that looks now and then would round up.
    const took = await page.evaluate(`(async () => {
      const row = [...document.querySelectorAll('[role="row"]')].find((each) => each.textContent.includes('Deed of gift'));
      const start = performance.now();
      row.click();
      while (!document.querySelector('[data-page="1"][data-painted="true"]')) await new Promise(requestAnimationFrame);
      return performance.now() - start;
    })()`);
    return Number(took);
  } finally {
    await page.close();
  }
}

export const documentOpening: Bench = {
  subject: 'document',
  async run(report) {
    await buildWindow();
    const samples = await makePlainSamples();
    const withBytes = (bytes: Uint8Array) =>
      samples.map((sample) => (sample.name === 'classic-xref' ? { ...sample, bytes } : sample));
    const cases = [
      ['ordinary (3 pages)', samples],
      ['300 MB', withBytes(await sizedPdf(300 * MB))],
      ['300,000 objects', withBytes(manyObjectsPdf(300_000))],
    ] as const;
    const browser = await chromium.launch({ executablePath: findChromium(), chromiumSandbox: false });
    try {
      for (const [what, given] of cases) {
        const times: number[] = [];
        for (let round = 0; round < ROUNDS; round++) times.push(await openOnce(browser, given));
        report({ what, ms: median(times) });
      }
    } finally {
      await browser.close();
    }
  },
};
