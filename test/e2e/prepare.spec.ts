/** Preparing in the window: files, signers in order, fields by mouse and by keyboard, templates with roles. */
import type { Page } from '@playwright/test';
import type { Sample } from '../sandbox/samples/index.ts';
import { scriptedPrepare } from './scripted-prepare.ts';
import { expect, lookAt, test } from './window-test.ts';

async function addFile(page: Page, samples: readonly Sample[]): Promise<void> {
  const bytes = samples[0]?.bytes;
  if (!bytes) throw new Error('no sample');
  const file = { name: 'lease.pdf', mimeType: 'application/pdf', buffer: Buffer.from(bytes) };
  await page.locator('input[type="file"]').setInputFiles(file);
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
}

test('a transaction is made from a file, with signers in order and fields on the page', async ({
  page,
  samples,
  showScripted,
}) => {
  // Four looks at a screen with a document on it, in one test.
  test.slow();
  const prepare = scriptedPrepare();
  await showScripted({ more: prepare.handlers });
  await page.getByRole('button', { name: 'Prepare', exact: true }).click();
  await page.getByRole('button', { name: 'Send to the signers' }).click();
  await expect(page.getByRole('alert')).toContainText('Add at least one PDF.');
  await addFile(page, samples);
  await expect(page.getByLabel('Title')).toHaveValue('lease');

  await page.getByLabel('Signer 1: E-mail').fill('sara@');
  await page.getByRole('option', { name: /Sara Serra/ }).click();
  await expect(page.getByLabel('Signer 1: Name')).toHaveValue('Sara Serra');
  await page.getByRole('button', { name: 'Add a signer' }).click();
  await page.getByLabel('Signer 2: E-mail').fill('guest@elsewhere.example');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Place by clicking' }).click();
  const sheet = page.locator('[data-page="1"]');
  const area = await sheet.boundingBox();
  if (!area) throw new Error('no page');
  await page.mouse.click(area.x + area.width / 2, area.y + Math.min(area.height, 500) / 2);
  const placed = page.getByRole('button', { name: 'Sara Serra signs here, page 1' });
  await expect(placed).toBeVisible();

  await page.locator('label').getByText('Text', { exact: true }).click();
  await page.getByRole('button', { name: 'Put in the middle' }).click();
  const text = page.getByRole('button', { name: 'Sara Serra fills in here, page 1' });
  await expect(text).toBeFocused();
  const before = await text.boundingBox();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  const after = await text.boundingBox();
  expect(after?.x).toBeGreaterThan(before?.x ?? 0);
  expect(after?.width).toBeGreaterThan(before?.width ?? 0);
  await lookAt(page, 'prepare-new');

  await placed.focus();
  await page.keyboard.press('Delete');
  await expect(placed).toHaveCount(0);
  await page.getByLabel('Urgent').check();
  await page.getByRole('button', { name: 'Send to the signers' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Sent to the signers: lease' })).toBeVisible();
  expect(prepare.made).toMatchObject([
    {
      title: 'lease',
      urgent: true,
      publish: true,
      signerGroups: [
        [{ name: 'Sara Serra', email: 'sara@office.example', userId: 'u-1' }],
        [{ email: 'guest@elsewhere.example' }],
      ],
      documents: [{ title: 'lease', fields: [{ kind: 'text', box: { page: 1, width: 31 } }] }],
    },
  ]);
});

test('a transaction is made from a template, people in the place of its roles', async ({ page, showScripted }) => {
  const prepare = scriptedPrepare();
  await showScripted({ more: prepare.handlers });
  await page.getByRole('button', { name: 'Prepare', exact: true }).click();
  await page.locator('label').getByText('From a template', { exact: true }).click();
  await expect(page.getByRole('button', { name: 'Send to the signers' })).toBeDisabled();
  await page.getByLabel('tenant: E-mail').fill('omar@office.example');
  await page.keyboard.press('Escape');
  await page.getByLabel('landlord: E-mail').fill('lord@elsewhere.example');
  await page.keyboard.press('Escape');
  await lookAt(page, 'prepare-template');
  await page.getByRole('button', { name: 'Send to the signers' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'did not keep the day' })).toBeVisible();
  expect(prepare.instances).toMatchObject([
    {
      templateId: 't-1',
      publish: true,
      roles: [
        { role: 'tenant', person: { email: 'omar@office.example' } },
        { role: 'landlord', person: { email: 'lord@elsewhere.example' } },
      ],
    },
  ]);
});

test('who may not prepare is told so', async ({ page, showScripted }) => {
  const { handlers } = scriptedPrepare();
  await showScripted({ more: handlers, failing: { 'prepare.templates': 'unsupported' } });
  await page.getByRole('button', { name: 'Prepare', exact: true }).click();
  await page.locator('label').getByText('From a template', { exact: true }).click();
  await expect(page.locator('[data-error-code="unsupported"]')).toBeVisible();
});
