/** Every view of the inbox in every state it can be in: on its way, empty, empty without a network, not to be read; and its rows, one line or two. */
import type { Page } from '@playwright/test';
import type { CallOutput } from '../../preload/contract.ts';
import { axeViolations, cutTexts, expect, lookAt, test } from './window-test.ts';

/** Keys, name, and what is said where there is nothing. */
const views = [
  ['g t', 'To do', 'Nothing to do'],
  ['g f', 'To fill in', 'Nothing to fill in'],
  ['g s', 'To sign', 'Nothing to sign'],
  ['g w', 'Waiting for others', 'Nobody is waited for'],
  ['g d', 'Done', 'Nothing finished yet'],
  ['g x', 'Declined and expired', 'Nothing declined or expired'],
  ['g r', 'Drafts', 'No drafts'],
  ['g o', 'Not sent yet', 'Everything has been sent'],
  ['g a', 'All', 'No documents yet'],
] as const;

const nothing: CallOutput<'inbox.list'> = {
  items: [],
  total: 0,
  hasMore: false,
  counts: {
    ...{ 'to-do': 0, 'to-fill': 0, 'to-sign': 0, waiting: 0, done: 0 },
    ...{ declined: 0, drafts: 0, outbox: 0, all: 0 },
  },
};

async function goTo(page: Page, keys: string, name: string): Promise<void> {
  for (const key of keys.split(' ')) await page.keyboard.press(key);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Goes through the views, and has each looked at by axe and for cut texts; one of them in every theme and size. */
async function throughViews(page: Page, state: string, check: (empty: string) => Promise<void>): Promise<void> {
  for (const [keys, name, empty] of views) {
    await goTo(page, keys, name);
    await check(empty);
    expect.soft(await axeViolations(page), `${name}, ${state}: axe`).toEqual([]);
    expect.soft(await cutTexts(page), `${name}, ${state}: cut texts`).toEqual([]);
  }
  await lookAt(page, `views-${state}`);
}

test('views that are empty say so, each in its own words', async ({ page, showScripted }) => {
  await showScripted({ more: { 'inbox.list': () => nothing } });
  await throughViews(page, 'empty', async (empty) => {
    await expect(page.getByText(empty, { exact: true })).toBeVisible();
    await expect(page.getByText('New documents appear here by themselves.')).toBeVisible();
  });
});

test('views that are empty without a network say when that changes', async ({ page, showScripted }) => {
  await showScripted({ online: false, more: { 'inbox.list': () => nothing } });
  await throughViews(page, 'offline', async (empty) => {
    await expect(page.getByText(empty, { exact: true })).toBeVisible();
    await expect(page.getByText('You are offline. New documents appear here')).toBeVisible();
  });
});

test('views whose rows are on their way say so, and have them when they are there', async ({ page, showScripted }) => {
  const { promise, resolve } = Promise.withResolvers<CallOutput<'inbox.list'>>();
  await showScripted({ more: { 'inbox.list': () => promise } });
  await throughViews(page, 'loading', async () => {
    await expect(page.locator('[aria-busy="true"]').getByText('Loading…')).toBeAttached();
  });
  resolve(nothing);
  await expect(page.getByText('No documents yet')).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
});

test('views that cannot be read say what to do, and are read when asked again', async ({ page, showScripted }) => {
  let broken = true;
  await showScripted({
    more: {
      'inbox.list': () => {
        if (broken) throw Object.assign(new Error('interrupted'), { code: 'store-interrupted' });
        return nothing;
      },
    },
  });
  await throughViews(page, 'error', async () => {
    await expect(page.locator('[data-error-code="store-interrupted"]')).toBeVisible();
  });
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('No documents yet')).toBeVisible();
});

test('the compact list has a line for each document, in every view that has some', async ({ page, showScripted }) => {
  await showScripted({ moreRows: 200 });
  const row = page.getByRole('row').first();
  await expect(row).toBeVisible();
  const tall = (await row.boundingBox())?.height ?? 0;
  await page.getByRole('button', { name: 'Filter and density' }).click();
  await page.getByRole('switch', { name: 'Compact list' }).press('Space');
  await page.keyboard.press('Escape');
  await expect(row).toHaveAttribute('data-compact', 'true');
  const low = (await row.boundingBox())?.height ?? 0;
  expect(low).toBeGreaterThan(20);
  expect(low).toBeLessThan(tall * 0.7);
  // Rows lie one under the other, none over another.
  const tops = await page
    .getByRole('row')
    .evaluateAll((rows) => rows.map((each) => each.getBoundingClientRect().top).toSorted((a, b) => a - b));
  for (const [i, top] of tops.entries()) if (i > 0) expect(top - (tops[i - 1] ?? 0)).toBeCloseTo(low, 0);
  await lookAt(page, 'inbox-compact');
  await goTo(page, 'g a', 'All');
  await page.getByRole('row').first().focus();
  await page.keyboard.press('End');
  await expect(page.getByText('Purchase order 00200')).toBeVisible();
});
