/** A person's first task from beginning to end, on a real desk with the sandbox's services and a SoftHSM card. */
import { type DemoDesk, startDemoDesk } from '../sandbox/demo-desk.ts';
import { type ElectronWindow, electronExecutable, openInElectron } from './electron-window.ts';
import { expect, test } from './window-test.ts';

test.describe('on the sandbox', () => {
  /** The same steps in Electron where its binary is, else in Chromium. */
  let demo: DemoDesk | ElectronWindow;
  test.setTimeout(120_000);
  test.beforeAll(async () => {
    const electron = electronExecutable();
    demo = electron ? await openInElectron(electron) : await startDemoDesk();
  });
  test.afterAll(async () => {
    await demo?.stop();
  });

  test('sign in, open, add a note, sign with the PIN, see it delivered', async ({ show }) => {
    const page = 'page' in demo ? demo.page : await show(demo);
    await page.getByLabel('Address of the service').fill(demo.baseUrl);
    await page.getByLabel('User name').fill(demo.username);
    await page.getByLabel(/^Password/).fill(demo.password);
    await page.getByRole('button', { name: 'More fields' }).click();
    await page.getByLabel('Client ID').fill(demo.clientId);
    await page.getByLabel(/^Client secret/).fill(demo.clientSecret);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('Ready to sign')).toBeVisible();
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await page.getByRole('button', { name: 'Later' }).click();

    const row = page.getByRole('row').filter({ hasText: 'Deed of gift' });
    await row.click();
    await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
    await page.getByRole('button', { name: 'My signature' }).click();
    await expect(page.locator('[data-mark="my-signature"]')).toBeInViewport();

    await page.getByRole('tab', { name: /Notes/ }).click();
    await page.getByLabel('New note').fill('Read on screen, signing now.');
    await page.getByRole('button', { name: 'Add note' }).click();
    const note = page.getByRole('listitem').filter({ hasText: 'Read on screen, signing now.' });
    await expect(note).toBeVisible();
    await expect(note).not.toContainText('Not sent yet');

    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('PIN').fill(demo.pin);
    await dialog.getByLabel('PIN').press('Enter');
    await expect(dialog.locator('[data-job="delivered"]')).toBeVisible();
    await expect(dialog.getByText('There is nothing left to do')).toBeVisible();
    await dialog.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('tab', { name: 'Details' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'You' }).locator('[data-state="signed"]')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Document' }).locator('[data-status="waiting"]')).toBeVisible();
    await expect(page.locator('[data-mark="my-signature"]')).toHaveCount(0);
    await page.getByRole('button', { name: 'Inbox' }).click();
    await expect(row).toHaveCount(0);
  });
});
