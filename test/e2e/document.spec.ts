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
  await expect.poll(() => page.evaluate('CSS.highlights.get("cs-found-now")?.size')).toBe(1);
  await lookAt(page, 'document-find');
  await page.keyboard.press('Escape');
  await expect(found).toHaveCount(0);
  await page.keyboard.press('Control+9');
  await expect(page.getByRole('button', { name: 'Fit page' })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-page="2"][data-painted="true"]')).toBeInViewport();
});

test('a copy is saved, and shown where it lies', async ({ page, showScripted }) => {
  const desk = await showScripted({ tokens: [goodCard] });
  await page.getByRole('row').first().click();
  await page.getByRole('button', { name: 'Save a copy' }).click();
  const told = page.getByRole('dialog', { name: 'Save a copy' });
  await expect(told.getByRole('status')).toHaveText('Saved as /home/marta/Downloads/copy.pdf');
  await expect(told.getByRole('button', { name: 'Show in folder' })).toBeFocused();
  await lookAt(page, 'document-saved-copy');
  await page.keyboard.press('Enter');
  await expect.poll(() => desk.made).toContain('app.showSaved');
  await page.keyboard.press('Escape');
  await expect(told).toBeHidden();
  await expect(page.getByRole('button', { name: 'Save a copy' })).toBeFocused();
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

test('what happened is told by the service when it is asked for, newest first', async ({ page, showScripted }) => {
  const desk = await showScripted({});
  await page.getByText('Deed of gift').click();
  const history = page.getByRole('region', { name: 'History' });
  await expect(history).toBeVisible();
  expect(desk.made).not.toContain('prepare.audit');
  await history.getByRole('button', { name: 'Show what happened' }).click();
  await expect(history.getByRole('listitem')).toHaveText([
    /^Something new/,
    /^Signed.*Jānis/,
    /^A note was added/,
    /^Sent out/,
  ]);
  await lookAt(page, 'document-history');
});

test('a mark goes where I put it, by keyboard and by mouse, and attached documents are opened beside', async ({
  page,
  showScripted,
}) => {
  const [own, ...others] = goodCard.identities;
  if (!own) throw new Error('no identity on the card');
  const seal = { ...own, id: 'seal', commonName: 'Harbour Museum' };
  const desk = await showScripted({ tokens: [{ ...goodCard, identities: [own, seal, ...others] }], free: true });
  await page.getByText('Receipt for a deposit').click();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  const attached = page.getByRole('region', { name: 'Attached' });
  await expect(attached.getByRole('listitem')).toHaveText(['House rules', 'Plan of the cellar']);
  await page.getByRole('button', { name: 'Place my mark' }).click();
  const mark = page.getByRole('button', { name: 'Place of your signature' });
  await expect(mark).toBeVisible();
  await mark.focus();
  const before = await mark.boundingBox();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft');
  const moved = await mark.boundingBox();
  expect(moved?.x).toBeLessThan(before?.x ?? 0);
  // By mouse: taken in its middle and put elsewhere.
  const from = { x: (moved?.x ?? 0) + (moved?.width ?? 0) / 2, y: (moved?.y ?? 0) + (moved?.height ?? 0) / 2 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x - 80, from.y - 60, { steps: 4 });
  await page.mouse.up();
  const dragged = await mark.boundingBox();
  expect(Math.round((moved?.x ?? 0) - (dragged?.x ?? 0))).toBeCloseTo(80, -1);
  expect(Math.round((moved?.y ?? 0) - (dragged?.y ?? 0))).toBeCloseTo(60, -1);
  await lookAt(page, 'document-place');
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const dialog = page.getByRole('dialog');
  // The mark bears the name of the certificate that signs.
  const preview = page.locator('[data-mark="my-place"]');
  await expect(preview).toContainText('Signed by Marta Kalniņa');
  await dialog.getByRole('radio', { name: /^Harbour Museum/ }).check();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(preview).toContainText('Signed by Harbour Museum');
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(dialog.getByRole('radio', { name: /^Harbour Museum/ })).toBeChecked();
  await dialog.getByRole('textbox', { name: 'PIN' }).fill('123456');
  await dialog.getByRole('textbox', { name: 'PIN' }).press('Enter');
  await expect(dialog.getByRole('listitem')).toHaveText(/Signed and delivered/);
  expect(desk.placed).toEqual([expect.objectContaining({ page: 1, width: expect.any(Number) })]);
});
