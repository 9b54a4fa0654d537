/** Batches as a person meets them: many deeds by keyboard, a wrong PIN in between, a card that is pulled. */
import type { Page } from '@playwright/test';
import { goodCard } from './scripted-tokens.ts';
import { expect, lookAt, test } from './window-test.ts';

// Twenty documents are painted one after the other.
test.setTimeout(180_000);

/** Chooses the deeds, found by searching for them. */
async function chooseDeeds(page: Page, count: number): Promise<void> {
  await page.getByLabel('Search titles and senders').fill('Deed 0');
  await page.getByLabel('Search titles and senders').fill('Deed');
  for (let i = 1; i <= count; i++) {
    await page.getByRole('checkbox', { name: `Select Deed ${String(i).padStart(2, '0')}` }).check();
  }
  await page.getByRole('button', { name: 'Sign selected' }).click();
}

/** Approves document after document by the keyboard alone, each once it is on the screen. */
async function approveAll(page: Page, count: number): Promise<void> {
  for (let at = 1; at <= count; at++) {
    await expect(page.getByText(`${at} of ${count}: ${at - 1} approved`)).toBeVisible();
    await expect(page.locator('[data-ready="true"]')).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await page.keyboard.press('Enter');
}

test('twenty deeds are read and signed with one PIN, after a wrong one', async ({ page, showScripted }) => {
  const desk = await showScripted({ tokens: [goodCard], deeds: 20 });
  await chooseDeeds(page, 20);
  await approveAll(page, 20);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'PIN' }).fill('999999');
  await dialog.getByRole('textbox', { name: 'PIN' }).press('Enter');
  await expect(dialog.locator('[data-result="pin-incorrect"]')).toBeVisible();
  await expect(dialog.locator('[data-outcome="delivered"]')).toHaveCount(0);
  // The same batch goes on: the documents are as they were approved, and the review is not asked for again.
  await dialog.getByRole('textbox', { name: 'PIN' }).fill('123456');
  await dialog.getByRole('textbox', { name: 'PIN' }).press('Enter');
  await expect(dialog.getByText('20 signatures made')).toBeVisible();
  await expect(dialog.locator('[data-outcome="delivered"]')).toHaveCount(20);
  expect(desk.made.filter((name) => /^signing\.(start|resume)$/.test(name))).toEqual([
    'signing.start',
    'signing.resume',
  ]);
});

test('a card pulled in the middle keeps what is signed; the rest goes on with the card', async ({
  page,
  showScripted,
}) => {
  const desk = await showScripted({ tokens: [goodCard], deeds: 4, pullCardAfter: 2 });
  await chooseDeeds(page, 4);
  await approveAll(page, 4);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'PIN' }).fill('123456');
  await dialog.getByRole('textbox', { name: 'PIN' }).press('Enter');
  await expect(dialog.locator('[data-result="token-removed"]')).toBeVisible();
  await expect(dialog.getByText('2 signatures made')).toBeVisible();
  await expect(dialog.locator('[data-card="gone"]')).toBeVisible();
  const again = dialog.getByRole('button', { name: 'Sign the rest' });
  await expect(again).toBeDisabled();
  await lookAt(page, 'sign-card-pulled');
  desk.insertCard();
  await expect(dialog.locator('[data-card="back"]')).toBeVisible();
  // The card is in and the field has the focus: the PIN and Enter, nothing else.
  await expect(dialog.getByRole('textbox', { name: 'PIN' })).toBeFocused();
  await lookAt(page, 'sign-card-back');
  await dialog.getByRole('textbox', { name: 'PIN' }).fill('123456');
  await again.click();
  await expect(dialog.getByText('4 signatures made')).toBeVisible();
  await expect(dialog.getByText('There is nothing left to do')).toBeVisible();
  expect(desk.made.filter((name) => /^signing\.(start|resume)$/.test(name))).toEqual([
    'signing.start',
    'signing.resume',
  ]);
});

test('a document that is skipped is not signed', async ({ page, showScripted }) => {
  await showScripted({ tokens: [goodCard], deeds: 3 });
  await chooseDeeds(page, 3);
  await expect(page.locator('[data-ready="true"]')).toBeFocused();
  await page.keyboard.press('Shift+Enter');
  await expect(page.getByText('2 of 3: 0 approved, 1 skipped')).toBeVisible();
  await expect(page.locator('[data-ready="true"]')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('3 of 3: 1 approved, 1 skipped')).toBeVisible();
  await page.keyboard.press('Control+ArrowUp');
  await expect(page.getByText('2 of 3: 1 approved, 1 skipped')).toBeVisible();
  await page.getByRole('button', { name: 'Sign 1 document…' }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Sign', exact: true })).toBeVisible();
});

test('a revoked certificate is told before any PIN, and one nobody can ask of keeps nobody from signing', async ({
  page,
  showScripted,
}) => {
  let revocation: 'revoked' | 'unknown' = 'revoked';
  await showScripted({
    tokens: [goodCard],
    more: { 'signing.check': () => ({ revocation, revokedAt: Date.UTC(2026, 9, 3) }) },
  });
  await page.getByText('Deed of gift').click();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toContainText('was revoked on 3 Oct');
  await expect(dialog.getByRole('button', { name: 'Sign' })).toBeDisabled();
  await page.setViewportSize({ width: 900, height: 600 });
  const isInSight = await dialog.getByRole('alert').evaluate((alert) => {
    const { left, top, width, height } = alert.getBoundingClientRect();
    return alert.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
  expect(isInSight).toBe(true);
  await lookAt(page, 'sign-revoked');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  revocation = 'unknown';
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(dialog.getByText('cannot be asked right now')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Sign' })).toBeEnabled();
});

test('in the review my mark goes where I put it, on the document whose sender leaves that free', async ({
  page,
  showScripted,
}) => {
  const desk = await showScripted({ tokens: [goodCard], free: true });
  for (const title of ['Deed', 'Receipt']) {
    await page.getByRole('checkbox', { name: new RegExp(`^Select ${title}`) }).check();
  }
  await page.getByRole('button', { name: 'Sign selected' }).click();
  const dialog = page.getByRole('dialog');
  const put = dialog.getByRole('button', { name: 'Place my mark' });
  const place = dialog.getByRole('button', { name: 'Place of your signature' });
  await dialog.getByRole('button', { name: /^Deed of gift/ }).click();
  await expect(dialog.locator('[data-ready="true"]')).toBeVisible();
  await expect(put).toHaveCount(0);
  await dialog.getByRole('button', { name: /^Receipt/ }).click();
  await expect(dialog.locator('[data-ready="true"]')).toBeVisible();
  await put.click();
  await place.focus();
  const before = await place.boundingBox();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowUp');
  const after = await place.boundingBox();
  expect(after?.y).toBeLessThan(before?.y ?? 0);
  await lookAt(page, 'review-place');
  // It stays while another document is looked at, and is that document's alone.
  await dialog.getByRole('button', { name: /^Deed of gift/ }).click();
  await expect(dialog.locator('[data-ready="true"]')).toBeVisible();
  await expect(place).toHaveCount(0);
  await dialog.locator('[data-ready="true"]').click();
  await expect(dialog.getByText('1 approved')).toBeVisible();
  await expect(place).toBeVisible();
  await expect(dialog.locator('[data-ready="true"]')).toBeVisible();
  await dialog.locator('[data-ready="true"]').click();
  await dialog.getByRole('button', { name: 'Sign 2 documents…' }).click();
  await dialog.getByRole('textbox', { name: 'PIN' }).fill('123456');
  await dialog.getByRole('textbox', { name: 'PIN' }).press('Enter');
  await expect(dialog.getByText('2 signatures made')).toBeVisible();
  const placed = desk.placed.filter((each) => each !== undefined);
  expect(placed).toEqual([expect.objectContaining({ page: 1, y: 79, width: 34 })]);
});

test('a commitment is stated in the sender’s reason’s place, once that is left empty', async ({
  page,
  showScripted,
}) => {
  const asked: unknown[] = [];
  await showScripted({
    tokens: [goodCard],
    more: {
      'signing.start': ({ choices, statements }) => {
        asked.push({ reason: choices?.reason, statements });
        return { batchId: 'none', jobs: [] };
      },
    },
  });
  await page.getByText('Deed of gift').click();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Stated in the signature').click();
  await dialog.getByLabel('Commitment').selectOption('Proof of approval');
  await dialog.getByLabel('Country (two letters)').fill('L');
  await expect(dialog.getByRole('button', { name: 'Sign', exact: true })).toBeDisabled();
  await dialog.getByLabel('Country (two letters)').fill('LV');
  await dialog.getByText('Signature options').click();
  await dialog.getByLabel('Reason').fill('');
  await lookAt(page, 'sign-stated');
  await dialog.getByRole('textbox', { name: 'PIN' }).fill('123456');
  await dialog.getByRole('textbox', { name: 'PIN' }).press('Enter');
  await expect
    .poll(() => asked)
    .toEqual([{ reason: '', statements: { commitment: 'approval', location: { country: 'LV' } } }]);
});
