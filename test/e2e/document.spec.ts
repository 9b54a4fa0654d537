/** The document view: worked by keyboard alone, searched, turned, printed; its signatures in words; its notes changed. */
import type { SignatureReport } from '../../preload/model.ts';
import { goodCard } from './scripted-tokens.ts';
import { expect, lookAt, test } from './window-test.ts';

// Looks at screens with all their pages painted.
test.setTimeout(180_000);

const signature: SignatureReport = {
  fieldName: 'Signature1',
  signerCommonName: 'Jānis Bērziņš',
  signerSubject: 'CN=Jānis Bērziņš,C=LV',
  kind: 'signature',
  integrity: 'intact',
  cms: 'valid',
  chain: 'trusted',
  timestamp: 'valid',
  timestampAt: 1_700_000_000_000,
  provenAt: 1_700_000_000_000,
  level: 'B-LT',
  covers: 'own-revision',
  revocation: 'good',
  laterChanges: ['validation-data', 'signature-field'],
  problems: [],
};

test('a document is found, read and searched by keyboard alone', async ({ page, showScripted }) => {
  await showScripted({ tokens: [goodCard] });
  await expect(page.getByRole('row').first()).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('inventory');
  await expect(page.getByRole('row').filter({ hasText: 'Inventory' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Consent' })).toHaveCount(0);
  await page.getByRole('row').filter({ hasText: 'Inventory' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await page.keyboard.press('Control+g');
  await page.keyboard.type('120');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-page="120"][data-painted="true"]')).toBeInViewport();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('keeper of the');
  const found = page.getByRole('search', { name: 'Find in document' });
  await expect(found.getByRole('status')).toHaveText(/^1 of \d+$/);
  await expect(page.locator('[data-page="1"]')).toBeInViewport();
  expect(await page.evaluate('CSS.highlights.get("cs-found-now")?.size')).toBe(1);
  await lookAt(page, 'document-find');
  await page.keyboard.press('Escape');
  await expect(found).toHaveCount(0);
  await page.keyboard.press('Control+9');
  await expect(page.getByRole('button', { name: 'Fit page' })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-page="2"][data-painted="true"]')).toBeInViewport();
});

test('a turned document keeps its marks in their places, and is printed whole', async ({ page, showScripted }) => {
  await showScripted({});
  await page.getByText('Deed of gift').click();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await page.getByRole('button', { name: 'My signature' }).click();
  const before = await page.locator('[data-mark="my-signature"]').boundingBox();
  await page.getByRole('button', { name: 'Turn right' }).click();
  await page.getByRole('button', { name: 'My signature' }).click();
  await expect
    .poll(async () => {
      const after = await page.locator('[data-mark="my-signature"]').boundingBox();
      return (after?.height ?? 0) > (after?.width ?? 0);
    })
    .toBe(true);
  expect(before && before.width > before.height).toBe(true);
  await page.evaluate(
    'printed = []; print = () => void printed.push(document.querySelectorAll(".cs-print img").length)',
  );
  await page.keyboard.press('Control+p');
  await expect.poll(() => page.evaluate('printed')).toEqual([3]);
  await expect(page.locator('.cs-print')).toHaveCount(0);
});

test('the signatures of a document are said in words', async ({ page, showScripted }) => {
  await showScripted({
    signatures: [
      signature,
      { ...signature, fieldName: 'Signature2', signerCommonName: 'Ilze Ozola', integrity: 'altered', laterChanges: [] },
      { ...signature, fieldName: 'Signature3', signerCommonName: 'Elza Ozola', chain: 'untrusted', laterChanges: [] },
    ],
  });
  await page.getByText('Deed of gift').click();
  await page.getByRole('tab', { name: 'Signatures' }).click();
  const list = page.getByRole('list', { name: 'Signatures' });
  await expect(list.locator('[data-reason="valid"]')).toContainText('Jānis Bērziņš');
  await expect(list.locator('[data-reason="altered"]')).toContainText('changed after it was signed');
  await expect(list.locator('[data-reason="untrusted"]')).toContainText('nobody you trust');
  await list.getByText('More about this signature').first().click();
  await expect(list.getByText('B-LT').first()).toBeVisible();
  await lookAt(page, 'document-signatures');
});
