/** The window in each of its languages at its smallest size: nothing that it says is cut. */
import type { Page } from '@playwright/test';
import { languages } from '../../renderer/i18n/languages.ts';
import { readWords } from '../unit/renderer/read-words.ts';
import { goodCard } from './scripted-tokens.ts';
import { cutTexts, expect, small, test } from './window-test.ts';

async function nothingCut(page: Page, where: string): Promise<void> {
  expect.soft(await cutTexts(page, { ellipsis: true }), where).toEqual([]);
}

test('a text that is cut is found', async ({ page, showScripted }) => {
  await showScripted({});
  await expect(page.getByRole('row').first()).toBeVisible();
  expect(await cutTexts(page, { ellipsis: true })).toEqual([]);
  await page.evaluate(() => {
    const button = document.createElement('button');
    Object.assign(button.style, { width: '3rem', overflow: 'hidden', whiteSpace: 'nowrap', textOverflow: 'ellipsis' });
    button.textContent = 'A text that has no room';
    document.querySelector('main')?.append(button);
  });
  expect(await cutTexts(page, { ellipsis: true })).toHaveLength(1);
});

for (const language of languages.filter((each) => each !== 'en')) {
  test(`nothing is cut in the window in ${language}`, async ({ page, showScripted }) => {
    const words = readWords(language);
    const word = (group: string, key: string) => String(words[group]?.[key]);
    await page.setViewportSize(small);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await showScripted({ tokens: [goodCard], settings: { language } });
    await expect(page.getByRole('grid', { name: word('view', 'to-do') })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await nothingCut(page, 'inbox');
    await page.getByRole('row').first().focus();
    await page.keyboard.press('Space');
    await nothingCut(page, 'inbox with a choice');
    await page.getByRole('button', { name: word('action', 'signChosen') }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.locator('[data-ready="true"]')).toBeFocused();
    await nothingCut(page, 'review');
    await dialog.getByRole('button', { name: word('review', 'tick') }).click();
    await dialog.getByRole('button', { name: word('review', 'sign_one').replace('{{count}}', '1') }).click();
    await expect(dialog.getByRole('radio').first()).toBeChecked();
    await nothingCut(page, 'sign');
    await page.keyboard.press('Escape');
    await page.getByText('Application for membership').click();
    await expect(page.getByRole('complementary')).toBeVisible();
    await nothingCut(page, 'document');
    await page.getByRole('button', { name: word('document', 'back') }).click();
    await page.getByRole('button', { name: word('tokens', 'link') }).click();
    await expect(page.getByRole('heading', { name: word('tokens', 'title') })).toBeVisible();
    await nothingCut(page, 'tokens');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
    await nothingCut(page, 'palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await expect(page.getByRole('heading', { name: word('shortcuts', 'app') })).toBeVisible();
    await nothingCut(page, 'shortcuts');
    await page.keyboard.press('Escape');
    for (const place of ['activity', 'settings']) {
      await page.getByRole('button', { name: word('nav', place) }).click();
      await expect(page.getByRole('heading', { level: 1, name: word('nav', place) })).toBeVisible();
      await nothingCut(page, place);
    }
  });
}

for (const language of languages) {
  test(`the tabs and the tools of a document stand in one row each in ${language}`, async ({ page, showScripted }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await showScripted({ tokens: [goodCard], settings: { language } });
    // Its fields are to be filled in: all four tabs are there.
    await page.getByText('Application for membership').click();
    await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
    const tabs = page.getByRole('tab');
    await expect(tabs).toHaveCount(4);
    for (const size of [small, { width: 1280, height: 800 }]) {
      await page.setViewportSize(size);
      // What is told of its new size draws itself anew a frame later.
      const rows = () =>
        tabs.evaluateAll((all) => new Set(all.map((tab) => Math.round(tab.getBoundingClientRect().top))).size);
      await expect.poll(rows, `tabs, ${size.width}`).toBe(1);
      const height = async () => (await page.getByRole('toolbar').boundingBox())?.height;
      await expect.poll(height, `tools, ${size.width}`).toBeLessThan(44);
      await nothingCut(page, `document, ${size.width}`);
    }
  });
}
