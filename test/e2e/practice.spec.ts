/** Trying the app on a new profile: the practice service is started, a document signed with its card, and all of it removed again. */
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDesk, type Desk } from '../../main/desk.ts';
import { createHeadlessHost } from '../../main/host/headless-host.ts';
import { localBridge } from '../../main/ipc/index.ts';
import { profilePaths } from '../../main/platform/paths.ts';
import { expect, lookAt, test } from './window-test.ts';

let dir: string;
let desk: Desk;
const environment = { ...process.env };
test.setTimeout(180_000);
test.beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-practice-'));
  const host = createHeadlessHost({ secretsDir: join(dir, 'keys') });
  desk = await createDesk(host, { root: join(dir, 'profile'), version: 'test', background: true });
});
test.afterAll(async () => {
  await desk?.close();
  process.env = environment;
  await rm(dir, { recursive: true, force: true });
});

test('somebody without an account tries it out, signs, and leaves nothing behind', async ({ page, show }) => {
  const settings = async () => {
    const reply = await localBridge(desk.onCall, desk.on).call('settings.get', {});
    if (!reply.ok) throw new Error(reply.error.code);
    const { timestampAuthorities, pkcs11Modules, trustAnchors } = reply.value;
    return { timestampAuthorities, pkcs11Modules, trustAnchors };
  };
  const before = await settings();
  await show(desk);
  await page.getByRole('button', { name: 'Try it out' }).click();
  await expect(page.getByText('The practice service is starting.')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Or try it all with a practice service')).toBeVisible();
  expect(await settings()).toEqual(before);
  await page.getByRole('button', { name: 'Try it out' }).click();
  const pin = page.locator('[data-practice-pin]');
  await expect(pin).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText('Ready to sign')).toBeVisible();
  await lookAt(page, 'practice-card');
  const digits = /PIN is (\d+)/.exec((await pin.textContent()) ?? '')?.[1] ?? '';
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByRole('button', { name: 'Later' }).click();

  await page.getByRole('row').filter({ hasText: 'Deed of gift' }).click();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('PIN').fill(digits);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="delivered"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Inbox' }).click();
  await expect(page.getByText(`Practice, PIN ${digits}`)).toBeVisible();
  await page.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Remove account' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove account' }).click();
  await expect(page.getByRole('button', { name: 'Try it out' })).toBeVisible();
  expect(await settings()).toEqual(before);
  await expect(access(profilePaths(join(dir, 'profile')).practice)).rejects.toThrow();
});
