/** Files of one's own on a real desk with a SoftHSM card: dropped, signed with a mark put on the page, verified; altered, found out. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localBridge } from '../../main/ipc/index.ts';
import { drop, type FilesDesk, startFilesDesk } from './files-desk.ts';
import { expect, lookAt, test } from './window-test.ts';

let desk: FilesDesk;
test.setTimeout(180_000);
test.beforeAll(async () => {
  desk = await startFilesDesk();
});
test.afterAll(() => desk?.stop());

test('without an account a damaged file is written anew and signed, and a table becomes a signed message', async ({
  show,
  samples,
}) => {
  const page = await show(desk.demo);
  await expect(page.getByRole('button', { name: 'Open PDF…' })).toBeVisible();
  const whole = Buffer.from(samples.find(({ name }) => name === 'classic-xref')?.bytes ?? []).toString('latin1');
  const damaged = Buffer.from(whole.replace(/startxref\s+\d+/, 'startxref\n7'), 'latin1');
  await drop(page, 'damaged.pdf', damaged);
  await expect(page.getByText('You can have it written anew when you sign it.')).toBeVisible();
  await page.getByRole('button', { name: 'Sign this file' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('damaged: not signed as it is')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Sign', exact: true })).toBeDisabled();
  await dialog.getByText('Kind of signature').click();
  await lookAt(page, 'files-rewrite');
  await dialog.getByLabel('Write damaged files anew').check();
  await dialog.getByLabel('Certify the document').selectOption('Allow filling in and signing');
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  const signed = await readFile(join(desk.downloads, 'damaged.signed.pdf'), 'latin1');
  expect(/\/TransformParams\s*<<[^>]*\/P 2/.test(signed)).toBe(true);

  await drop(page, 'table.csv', Buffer.from('a,b\n1,2\n'));
  await page.getByRole('button', { name: 'table.csv', exact: true }).click();
  await page.getByRole('button', { name: 'Sign this file' }).click();
  await expect(dialog.getByText('as a signed message')).toBeVisible();
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: /^table\.csv\.p7m/ })).toBeVisible();
  await expect(page.locator('[data-valid="true"]')).toBeVisible();
});

test('a dropped file is signed where the mark was put, and its signatures are verified', async ({ show, samples }) => {
  const { baseUrl, username, password, clientId, clientSecret } = desk.demo;
  const added = await localBridge(desk.demo.onCall, desk.demo.on).call('accounts.add', {
    ...{ baseUrl, username, password, clientId, clientSecret },
    provider: 'signing-today',
  });
  expect(added.ok).toBe(true);
  const page = await show(desk.demo);
  await expect(page.getByRole('heading', { name: 'To do' })).toBeVisible();
  const sample = samples.find(({ name }) => name === 'classic-xref');
  await drop(page, 'deed.pdf', sample?.bytes ?? new Uint8Array());
  await expect(page.getByRole('heading', { name: 'PDF files' })).toBeVisible();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await expect(page.getByText('There is no signature in this document.')).toBeVisible();

  await page.getByRole('button', { name: 'Place my mark' }).click();
  const place = page.getByRole('button', { name: 'Place of your signature' });
  const before = await place.boundingBox();
  await place.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+ArrowLeft');
  const after = await place.boundingBox();
  expect(after && before && after.y < before.y && after.width < before.width).toBe(true);
  await lookAt(page, 'files-place');

  await page.getByRole('button', { name: 'Sign this file' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('mark on page 1')).toBeVisible();
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await expect(dialog.getByText('The signed files are saved.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();

  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  await lookAt(page, 'files-verified');
  const made = (await readdir(desk.downloads)).find((name) => name.startsWith('deed')) ?? '';
  const signed = await readFile(join(desk.downloads, made));
  const middle = signed.indexOf('endobj');
  const altered = Uint8Array.from(signed);
  altered[middle - 3] = (altered[middle - 3] ?? 0) ^ 1;
  await drop(page, 'altered.pdf', altered);
  await page.getByRole('button', { name: 'altered.pdf', exact: true }).click();
  await expect(page.locator('[data-reason="altered"]')).toBeVisible();
});
