/** The window at twice its size, and in the system's high contrast: nothing is cut or out of reach, and axe finds nothing. */
import type { Page } from '@playwright/test';
import { goodCard } from './scripted-tokens.ts';
import { axeViolations, cutTexts, expect, screens as folder, settle, test } from './window-test.ts';

test.slow();

const softly = expect.configure({ soft: true });

/** The screens by the way to them. */
const screens: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  inbox: async (page) => {
    await expect(page.getByRole('row').first()).toBeVisible();
  },
  document: async (page) => {
    await page.getByText('Deed of gift').click();
    await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  },
  sign: async (page) => {
    await screens.document?.(page);
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    await expect(page.getByRole('dialog').getByLabel('PIN')).toBeVisible();
  },
  activity: (page) => page.getByRole('button', { name: /^Activity/ }).click(),
  tokens: async (page) => {
    await page.getByRole('button', { name: 'Cards and tokens' }).click();
    await expect(page.getByText('Demo card').first()).toBeVisible();
  },
  devices: (page) => page.getByRole('button', { name: 'Devices' }).click(),
  prepare: (page) => page.getByRole('button', { name: 'Prepare' }).click(),
  files: (page) => page.getByRole('button', { name: 'PDF files' }).click(),
  settings: (page) => page.getByRole('button', { name: 'Settings' }).click(),
};

for (const [name, go] of Object.entries(screens)) {
  test(`${name} at 200 % and in high contrast`, async ({ page, showScripted }) => {
    // 1280x800 at 200 %: half as many pixels of CSS each way (WCAG 2.2, 1.4.4).
    await page.setViewportSize({ width: 640, height: 400 });
    await showScripted({ tokens: [goodCard] });
    await go(page);
    await expect(page.getByRole('main')).toBeVisible();
    await page.screenshot({ path: `${folder}/zoom-${name}.png` });
    expect.soft(await cutTexts(page), 'cut at 200 %').toEqual([]);
    expect.soft(await axeViolations(page), 'axe at 200 %').toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ forcedColors: 'active', colorScheme, reducedMotion: 'reduce' });
      // The window follows the system's scheme a moment later.
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
      await settle(page);
      await page.screenshot({ path: `${folder}/contrast-${name}-${colorScheme}.png` });
      // The browser itself tells of the old scheme's colour of text for a moment more.
      await softly.poll(() => axeViolations(page), { message: `axe in high contrast, ${colorScheme}` }).toEqual([]);
    }
  });
}

test('what is chosen and switched on is seen in high contrast', async ({ page, showScripted }) => {
  await showScripted({ tokens: [goodCard] });
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const style = (of: string, name: 'backgroundColor' | 'color') =>
    page
      .locator(of)
      .first()
      .evaluate((found, asked) => getComputedStyle(found)[asked], name);
  const track = '.mantine-Switch-track';
  expect(await style(`:checked + ${track}`, 'backgroundColor')).not.toBe(
    await style(`:not(:checked) + ${track}`, 'backgroundColor'),
  );
  const label = '.mantine-SegmentedControl-label';
  const chosen = await style('.mantine-SegmentedControl-indicator', 'backgroundColor');
  expect(chosen).not.toBe(await style('.mantine-SegmentedControl-root', 'backgroundColor'));
  expect(await style(`${label}[data-active]`, 'color')).not.toBe(await style(`${label}:not([data-active])`, 'color'));
});
