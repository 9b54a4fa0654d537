/**
 * One start of the app on a large profile, in a process of its own, the window in an installed Chromium: what it measured as JSON. The time the
 * browser takes to be there is left out: it is the host's, and Electron's own would be another.
 */
import { fileURLToPath } from 'node:url';
import { createDesk } from '../../main/desk.ts';
import { attachWindow } from '../../main/host/attach-window.ts';
import { findChromium } from '../../main/host/find-chromium.ts';
import { createHeadlessHost } from '../../main/host/headless-host.ts';

export interface WindowFigures {
  /** From the process's start to the first rows on the screen. */
  readonly startMs: number;
  /** From a key in the search to the first frame with its results. */
  readonly keyMs: readonly number[];
  /** Between the frames while the list is scrolled. */
  readonly frameMs: readonly number[];
}

const [root = '', secretsDir = ''] = process.argv.slice(2);
const rendererDir = fileURLToPath(new URL('../../out/renderer', import.meta.url));
/** Of the profile's titles (test/sandbox/many-transactions.ts). */
const WORDS = ['lease', 'deed', 'power'];

// The driver is loaded here, which has a process of its own in the app.
const browserFrom = performance.now();
const { chromium } = await import('playwright-core');
const browser = await chromium.launch({ executablePath: findChromium(), chromiumSandbox: false });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const browserMs = performance.now() - browserFrom;

// Side by side, as main/show-window.ts opens them.
const openingDesk = createDesk(createHeadlessHost({ secretsDir }), { root, version: 'bench', background: false });
const window = await attachWindow(page, {
  rendererDir,
  onCall: async (...call) => (await openingDesk).onCall(...call),
});
const [desk] = await Promise.all([openingDesk, window.open()]);
desk.on((name, payload) => window.emit(name, payload));
// Seen by the page itself: the driver looks only every so often.
await page.evaluate(`new Promise((resolve) => {
  const look = () => (document.querySelector('[role="grid"] [data-index="0"]') ? resolve() : requestAnimationFrame(look));
  look();
})`);
const startMs = performance.now() - browserMs;

const search = page.getByRole('searchbox');
const LONGEST_MS = 5_000;

/** In the page, frame by frame: from the key's event to the frame in which a row has what was typed, marked. */
const untilMarked = (wanted: string) => `new Promise((resolve, reject) => {
  const look = (from) => {
    const marks = [...document.querySelectorAll('[role="grid"] mark')].map((each) => each.textContent.toLowerCase());
    const tookMs = performance.now() - from;
    if (marks.includes(${JSON.stringify(wanted)})) resolve(tookMs);
    else if (tookMs > ${LONGEST_MS}) reject(new Error('no result: ' + ${JSON.stringify(wanted)} + ' in ' + marks));
    else requestAnimationFrame(() => look(from));
  };
  document.addEventListener('input', () => look(performance.now()), { once: true, capture: true });
})`;

async function clear(): Promise<void> {
  await search.fill('');
  await page.locator('[role="grid"] mark').first().waitFor({ state: 'detached' });
  await page.locator('[role="grid"] [data-index="0"]').waitFor();
}

/** The word a letter after the other. @returns ms a letter */
async function type(word: string): Promise<number[]> {
  await clear();
  const ms: number[] = [];
  for (let end = 1; end <= word.length; end++) {
    const measured = page.evaluate(untilMarked(word.slice(0, end)));
    await search.press(word[end - 1] ?? '');
    ms.push(Number(await measured));
  }
  return ms;
}

await search.focus();
const keyMs: number[] = [];
for (const word of WORDS) keyMs.push(...(await type(word)));
await clear();

/** A wheel that turns: 60 px a frame, over rows that have not been on the screen. */
const frameMs = await page.evaluate<number[]>(`new Promise((resolve) => {
  const scroller = document.querySelector('[role="grid"]').parentElement;
  const frames = [];
  let last = performance.now();
  const step = (now) => {
    frames.push(now - last);
    last = now;
    scroller.scrollTop += 60;
    if (frames.length < 400) requestAnimationFrame(step);
    else resolve(frames.slice(10));
  };
  requestAnimationFrame(step);
})`);
await browser.close();
await desk.close();
const figures: WindowFigures = { startMs, keyMs, frameMs };
process.stdout.write(JSON.stringify(figures));
