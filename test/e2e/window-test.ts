/**
 * The window on a page, as the Chromium host attaches it, and what every spec asks of it: no broken content security policy, no
 * script error, nothing asked of a network; screenshots in both themes and sizes; axe on every screen.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import { attachWindow } from '../../main/host/attach-window.ts';
import type { WindowCallHandler } from '../../main/host/host.ts';
import type { EventName } from '../../preload/contract.ts';
import { makePlainSamples } from '../sandbox/samples/plain-samples.ts';
import type { Sample } from '../sandbox/samples/sample.ts';
import { createScriptedDesk, type Script, type ScriptedDesk } from './scripted-desk.ts';

const rendererDir = fileURLToPath(new URL('../../out/renderer', import.meta.url));
/** Where screenshots go. */
export const screens = fileURLToPath(new URL('../../test-results/screens', import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface DeskLike {
  readonly onCall: WindowCallHandler;
  on(listener: (name: EventName, payload: unknown) => void): () => void;
}

interface Fixtures {
  /** Opens the app on a desk. */
  readonly show: (desk: DeskLike) => Promise<Page>;
  /** Opens the app on a scripted desk. */
  readonly showScripted: (script: Partial<Script>) => Promise<ScriptedDesk>;
}

interface WorkerFixtures {
  readonly samples: readonly Sample[];
}

/** Everything the page complained about. */
function listenForTrouble(page: Page): string[] {
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
  });
  page.on('requestfailed', (request) => trouble.push(`request failed: ${request.url()}`));
  return trouble;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  samples: [
    // biome-ignore lint/correctness/noEmptyPattern: the shape Playwright asks for
    async ({}, use) => use(await makePlainSamples()),
    { scope: 'worker' },
  ],
  show: async ({ page }, use) => {
    const trouble = listenForTrouble(page);
    const offs: (() => void)[] = [];
    await use(async (desk) => {
      const window = await attachWindow(page, { rendererDir, onCall: desk.onCall });
      offs.push(desk.on((name, payload) => window.emit(name, payload)));
      await window.open();
      return page;
    });
    for (const off of offs) off();
    expect(trouble).toEqual([]);
  },
  showScripted: async ({ show, samples }, use) => {
    await use(async (script) => {
      const desk = createScriptedDesk({ samples, signedIn: true, tokens: [], ...script });
      await show(desk);
      return desk;
    });
  },
});

/** The violations axe finds, as `rule: element`. */
export async function axeViolations(page: Page): Promise<string[]> {
  // By evaluate and not by a script element: the page's own policy lets no such script in.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

/**
 * Texts that are cut: wider than the box that hides the rest, where no ellipsis says so, or outside of the window. With
 * `ellipsis`, words of the window itself that end in one too; what people wrote (titles, names) may.
 */
export async function cutTexts(page: Page, { ellipsis = false }: { ellipsis?: boolean } = {}): Promise<string[]> {
  return page.evaluate((dotsCount) => {
    const cut: string[] = [];
    const named = 'button, h1, h2, h3, label, legend, span[data-status], dt, [role="tab"], [role="columnheader"]';
    // The box that hides may be the element or one in it.
    const all = [...document.querySelectorAll(named)].flatMap((each) => [each, ...each.querySelectorAll('*')]);
    for (const element of new Set(all)) {
      if (element.offsetParent === null || element.closest('.cs-hidden, [data-may-cut], [aria-hidden="true"]'))
        continue;
      const { overflowX, textOverflow } = getComputedStyle(element);
      const hides = overflowX !== 'visible' && (dotsCount || textOverflow !== 'ellipsis');
      if (hides && element.scrollWidth > element.clientWidth + 1) cut.push(element.outerHTML.slice(0, 160));
      const { left, right } = element.getBoundingClientRect();
      if (left < -1 || right > window.innerWidth + 1) cut.push(`outside: ${element.outerHTML.slice(0, 160)}`);
    }
    return cut;
  }, ellipsis);
}

const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
] as const;

type Size = (typeof sizes)[number];
/** The smallest the window can be. */
export const small: Size = sizes[1];

/** Screenshots of the screen as it is in both themes and these sizes; no cut text in any of them, and no axe violation in either theme. */
export async function lookAt(page: Page, name: string, at: readonly Size[] = sizes): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The window follows the system's scheme a moment later.
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    for (const size of at) {
      await page.setViewportSize(size);
      await settle(page);
      await page.screenshot({ path: `${screens}/${name}-${colorScheme}-${size.width}x${size.height}.png` });
      expect.soft(await cutTexts(page), `${name}, ${colorScheme}, ${size.width}: cut texts`).toEqual([]);
      // The larger one shows all that the smaller does; zoom.spec.ts looks at what is smaller still.
      if (size !== at[0]) continue;
      expect.soft(await axeViolations(page), `${name}, ${colorScheme}, ${size.width}: axe`).toEqual([]);
    }
  }
  await page.setViewportSize(at[0] ?? sizes[0]);
}

/** Every page in sight is painted, and nothing moves any more. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const pages = [...document.querySelectorAll('[data-page]')];
    return pages.every((each) => each.getAttribute('data-painted') === 'true');
  });
  await page.evaluate(async () => {
    const still = Promise.all(
      document.getAnimations().map((animation) => animation.finished.catch(() => undefined)),
    ).then(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));
    // A spinner turns without end, and a browser that paints nothing gives no frame: neither is waited for for ever.
    await Promise.race([still, new Promise<void>((resolve) => setTimeout(resolve, 3_000))]);
  });
}

export { expect };
