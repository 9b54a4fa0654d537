/** Files of one's own on a real desk with a SoftHSM card: dropped, signed with a mark put on the page, verified; altered, found out. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { localBridge } from '../../main/ipc/index.ts';
import { type DemoDesk, startDemoDesk } from '../sandbox/demo-desk.ts';
import { expect, lookAt, test } from './window-test.ts';

let demo: DemoDesk;
let home: string;
const homeBefore = process.env.HOME;
test.setTimeout(180_000);
test.beforeAll(async () => {
  // Results of bytes that came without a path go to Downloads: to one of this test's own.
  home = await mkdtemp(join(tmpdir(), 'countersign-home-'));
  process.env.HOME = home;
  demo = await startDemoDesk();
  const { baseUrl, username, password, clientId, clientSecret } = demo;
  const added = await localBridge(demo.onCall, demo.on).call('accounts.add', {
    ...{ baseUrl, username, password, clientId, clientSecret },
    provider: 'signing-today',
  });
  expect(added.ok).toBe(true);
});
test.afterAll(async () => {
  await demo?.stop();
  if (homeBefore === undefined) delete process.env.HOME;
  else process.env.HOME = homeBefore;
  await rm(home, { recursive: true, force: true });
});

async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    `(() => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(${JSON.stringify(Buffer.from(bytes).toString('base64'))}), (c) => c.charCodeAt(0));
      transfer.items.add(new File([bytes], ${JSON.stringify(name)}, { type: 'application/pdf' }));
      return transfer;
    })()`,
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test('a dropped file is signed where the mark was put, and its signatures are verified', async ({ show, samples }) => {
  const page = await show(demo);
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
  await dialog.getByLabel('PIN').fill(demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await expect(dialog.getByText('The signed files are saved.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();

  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  await lookAt(page, 'files-verified');
  const [made = ''] = await readdir(join(home, 'Downloads'));
  const signed = await readFile(join(home, 'Downloads', made));
  const middle = signed.indexOf('endobj');
  const altered = Uint8Array.from(signed);
  altered[middle - 3] = (altered[middle - 3] ?? 0) ^ 1;
  await drop(page, 'altered.pdf', altered);
  await page.getByRole('button', { name: 'altered.pdf', exact: true }).click();
  await expect(page.locator('[data-reason="altered"]')).toBeVisible();
});
