/** Somebody who prepares, on a real desk with the sandbox: a draft sent later, reminders, taking back, replacing what was declined, templates. */
import type { Page } from '@playwright/test';
import { accessTo } from '../../main/cli/access.ts';
import { localBridge } from '../../main/ipc/index.ts';
import { type DemoDesk, startDemoDesk } from '../sandbox/demo-desk.ts';
import type { Sample } from '../sandbox/samples/index.ts';
import { expect, lookAt, small, test } from './window-test.ts';

let demo: DemoDesk;
test.setTimeout(180_000);
test.beforeAll(async () => {
  demo = await startDemoDesk();
  const access = accessTo(localBridge(demo.onCall, demo.on), async () => undefined);
  const { baseUrl, clientId, clientSecret } = demo;
  const who = { username: 'ilze@demo', password: 'sandbox-password' };
  await access.call('accounts.add', { provider: 'signing-today', baseUrl, clientId, clientSecret, ...who });
  await access.call('sync.now', {});
});
test.afterAll(() => demo?.stop());

const state = () => demo.sandbox.signingToday.state;
const dstsOf = (title: string) =>
  state()
    .dsts()
    .filter((dst) => dst.title === title && dst.deletedAt === undefined);

async function addFile(page: Page, samples: readonly Sample[]): Promise<void> {
  const bytes = samples[0]?.bytes ?? new Uint8Array();
  const file = { name: 'lease.pdf', mimeType: 'application/pdf', buffer: Buffer.from(bytes) };
  await page.locator('input[type="file"]').setInputFiles(file);
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
}

async function openFrom(page: Page, view: RegExp, title: string): Promise<void> {
  await page.getByRole('button', { name: view }).click();
  await page.getByRole('row').filter({ hasText: title }).first().click();
}

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'More for its sender' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('a draft is kept, sent later, its signers reminded, taken back, and deleted', async ({ page, show, samples }) => {
  const title = 'Lease of the boathouse';
  await show(demo);
  await page.getByRole('button', { name: 'Prepare', exact: true }).click();
  await addFile(page, samples);
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Signer 1: E-mail').fill('marta@demo.test');
  await page.keyboard.press('Escape');
  await page.getByLabel('Signer 1: Reason in the signature').fill('Agreed as tenant');
  await page.getByLabel('Signer 1: May decline').uncheck();
  await page.getByLabel('With a timestamp').check();
  await page.getByRole('button', { name: 'Put in the middle' }).click();
  await lookAt(page, 'maker-new');
  await page.getByRole('button', { name: 'Keep as a draft' }).click();
  await expect(page.getByRole('status').filter({ hasText: `Kept as a draft: ${title}` })).toBeVisible();
  expect(dstsOf(title)).toMatchObject([
    {
      status: 'draft',
      documents: [
        {
          signatureRequests: [
            { reason: 'Agreed as tenant', declinable: false, withTimestamp: true, signProfile: 'PAdES' },
          ],
        },
      ],
    },
  ]);

  await page.keyboard.press('Escape');
  await openFrom(page, /^Drafts/, title);
  await choose(page, 'Send to the signers');
  await expect(page.locator('[data-done="publish"]')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(() => dstsOf(title)[0]?.status).toBe('toSign');
  await expect(page.getByRole('region', { name: 'Document' }).locator('[data-status="waiting"]')).toBeVisible();

  await page.getByRole('button', { name: 'More for its sender' }).click();
  await lookAt(page, 'open-maker-menu', [small]);
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await lookAt(page, 'open-maker-delete', [small]);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await choose(page, 'Remind the signers');
  await expect(page.locator('[data-done="remind"]')).toBeVisible();
  await lookAt(page, 'maker-reminded');
  await page.keyboard.press('Escape');
  const [sent] = dstsOf(title);
  expect(state().effects({ kind: 'dst-notified', ...(sent ? { dstId: sent.id } : {}) })).toHaveLength(1);

  await choose(page, 'Take it back');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('becomes a draft again');
  await dialog.getByRole('button', { name: 'Take it back' }).click();
  await expect.poll(() => dstsOf(title)[0]?.status).toBe('draft');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Document' }).locator('[data-status="draft"]')).toBeVisible();
  await choose(page, 'Delete it');
  await dialog.getByRole('button', { name: 'Delete it' }).click();
  await expect.poll(() => dstsOf(title)).toEqual([]);
});

test('what was declined is replaced by a new draft', async ({ page, show }) => {
  const declined = state()
    .dsts()
    .find(
      ({ status, createdByUser }) => status === 'rejected' && state().user(createdByUser ?? '').username === 'ilze',
    );
  if (!declined) throw new Error('the sandbox has nothing of hers that was declined');
  await show(demo);
  await openFrom(page, /^Declined and expired/, declined.title);
  await choose(page, 'Replace it by a new one');
  await expect(page.locator('[data-done="replace"]')).toContainText('among the drafts');
  expect(dstsOf(declined.title).map(({ status, replaces }) => [status, replaces])).toContainEqual([
    'draft',
    declined.id,
  ]);
});

test('a template is made with roles, changed, and offered again', async ({ page, show, samples }) => {
  const title = 'Berth contract';
  await show(demo);
  await page.getByRole('button', { name: 'Prepare', exact: true }).click();
  await addFile(page, samples);
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Template', { exact: true }).selectOption('Yes, for everybody who prepares');
  await page.getByRole('button', { name: 'Offer the template' }).click();
  await expect(page.getByRole('alert')).toContainText('Every role needs a name.');
  await page.getByLabel('Signer 1: Role').fill('berth holder');
  await page.getByRole('button', { name: 'Offer the template' }).click();
  await expect(page.getByRole('status').filter({ hasText: `The template is ready: ${title}` })).toBeVisible();

  await page.locator('label').getByText('From a template', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Template' }).click();
  await page.getByRole('option', { name: title }).click();
  await expect(page.getByRole('group', { name: 'berth holder' })).toBeVisible();
  await page.getByRole('button', { name: 'Change the template' }).click();
  await expect(page.getByRole('group', { name: 'berth holder' })).toHaveCount(0);
  await page.getByLabel('Title').fill('Berth contract 2027');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => dstsOf('Berth contract 2027')[0]?.status).toBe('draft');
  await lookAt(page, 'maker-template');
  await page.getByRole('button', { name: 'Offer the template' }).click();
  await expect(page.getByRole('group', { name: 'berth holder' })).toBeVisible();
  expect(dstsOf('Berth contract 2027')).toMatchObject([{ status: 'published', template: true, publicTemplate: true }]);
});
