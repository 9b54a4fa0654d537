/** A day's tasks on a real desk with the sandbox's services and a SoftHSM card: fill and sign, a note with the network gone, decline, a
 * batch, a document that somebody else signed meanwhile. */
import type { Page } from '@playwright/test';
import { accessTo } from '../../main/cli/access.ts';
import { localBridge } from '../../main/ipc/index.ts';
import { prepareProfile } from '../sandbox/demo/prepare-profile.ts';
import { type DemoDesk, startDemoDesk } from '../sandbox/demo-desk.ts';
import { blanks } from '../sandbox/demo-plan.ts';
import { addForTwo, otherSigns } from '../sandbox/other-signs.ts';
import { expect, lookAt, test } from './window-test.ts';

let demo: DemoDesk;
test.setTimeout(180_000);
test.beforeAll(async () => {
  demo = await startDemoDesk();
  const access = accessTo(localBridge(demo.onCall, demo.on), async () => undefined);
  await prepareProfile(access, demo.sandbox);
});
test.afterAll(() => demo?.stop());

const rowOf = (page: Page, title: string) => page.getByRole('row').filter({ hasText: title });

/** What the service itself has of a transaction. */
function atTheService(title: string) {
  const { state } = demo.sandbox.signingToday;
  const { dstId = '' } = demo.sandbox.manifest.find((each) => each.title === title) ?? {};
  return { status: state.dst(dstId).status, notes: state.notes(dstId).map(({ text }) => text) };
}

test('fields are filled in, one that is forgotten is pointed at, and the filled document is signed', async ({
  page,
  show,
}) => {
  const title = 'Application for membership';
  await show(demo);
  await page.getByRole('button', { name: /^To fill in/ }).click();
  await rowOf(page, title).first().click();
  await page.getByRole('tab', { name: /^Fill in/ }).click();
  const panel = page.getByRole('complementary', { name: 'About this document' });
  const [last, ...first] = Object.values(blanks).toReversed();
  if (!last) throw new Error('the sample has no blanks');
  for (const { label, value } of first) await panel.getByLabel(label).fill(value);
  await panel.getByRole('button', { name: 'Fill in' }).click();
  await expect(panel.getByLabel(last.label)).toBeFocused();
  await expect(panel.getByLabel(last.label)).toHaveAttribute('aria-invalid', 'true');
  await lookAt(page, 'desk-fill-missing');
  await panel.getByLabel(last.label).fill(last.value);
  await panel.getByRole('button', { name: 'Fill in' }).click();
  await expect(page.getByRole('button', { name: 'Sign', exact: true })).toBeVisible();
  // What was filled in is in the document that is shown now, rendered by the service.
  await expect(page.locator('[data-page="1"]').getByText('Upes iela 7').first()).toBeAttached();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('PIN').fill(demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="delivered"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => atTheService(title).status).toBe('signed');
});

test('a note that is written without a network is sent when it is back', async ({ page, show }) => {
  const title = 'Contract of employment, conservator';
  await show(demo);
  await rowOf(page, title).first().click();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await demo.sandbox.stopSigningToday();
  await page.getByRole('tab', { name: /Notes/ }).click();
  await page.getByLabel('New note').fill('Written in the tunnel.');
  await page.getByRole('button', { name: 'Add note' }).click();
  const note = page.getByRole('listitem').filter({ hasText: 'Written in the tunnel.' });
  await expect(note).toContainText('Not sent yet');
  await expect(page.getByText('1 waits to be sent')).toBeVisible();
  await page.getByRole('button', { name: 'Inbox' }).click();
  await page.getByRole('button', { name: /^Not sent yet/ }).click();
  await expect(rowOf(page, title)).toHaveCount(1);
  await demo.sandbox.startSigningToday();
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(rowOf(page, title)).toHaveCount(0);
  await expect(page.getByText('1 waits to be sent')).toBeHidden();
  expect(atTheService(title).notes).toContain('Written in the tunnel.');
});

test('what is not right is declined with the reason, and the sender reads it', async ({ page, show }) => {
  const title = 'Residential lease, Flat 9, second draft (to be declined)';
  await show(demo);
  await rowOf(page, title).click();
  await page.getByRole('button', { name: 'Decline' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Decline' })).toBeDisabled();
  await dialog.getByLabel('Reason').fill('Clause 3 names another rent.');
  await dialog.getByRole('button', { name: 'Decline' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('region', { name: 'Document' }).locator('[data-status="declined"]')).toBeVisible();
  await expect.poll(() => atTheService(title).status).toBe('rejected');
  await page.getByRole('button', { name: 'Inbox' }).click();
  await page.getByRole('button', { name: /^Declined and expired/ }).click();
  await expect(rowOf(page, title)).toHaveCount(1);
});

test('a batch is reviewed, stopped by a wrong PIN, and signed with the right one', async ({ page, show }) => {
  await show(demo);
  await page.getByRole('button', { name: /^To sign/ }).click();
  for (const title of ['Power of attorney, berth 18', 'Договір про надання послуг', 'Minutes of the general meeting']) {
    await page.getByRole('checkbox', { name: `Select ${title}` }).check();
  }
  await page.getByRole('button', { name: 'Sign selected' }).click();
  for (let at = 1; at <= 3; at++) {
    await expect(page.getByText(`${at} of 3: ${at - 1} approved`)).toBeVisible();
    await expect(page.locator('[data-ready="true"]')).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const pin = dialog.getByRole('textbox', { name: 'PIN' });
  await pin.fill('999999');
  await pin.press('Enter');
  await expect(dialog.locator('[data-result="pin-incorrect"]')).toBeVisible();
  await expect(pin).toHaveValue('');
  await lookAt(page, 'desk-batch-wrong-pin');
  await pin.fill(demo.pin);
  await pin.press('Enter');
  await expect(dialog.getByText('3 signatures made')).toBeVisible();
  await expect(dialog.locator('[data-outcome="delivered"]')).toHaveCount(3);
  await expect.poll(() => atTheService('Power of attorney, berth 18').status).toBe('signed');
});

test('what I signed offline while another signed is told of, settled, and signed anew on theirs', async ({
  page,
  show,
  samples,
}) => {
  const title = 'Boundary agreement, two neighbours';
  const pdf = samples.find(({ name }) => name === 'classic-xref')?.bytes ?? new Uint8Array();
  const { id: dstId } = await addForTwo(demo.sandbox, title, pdf);
  const { state } = demo.sandbox.signingToday;
  const dialog = page.getByRole('dialog');
  const signWithPin = async () => {
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    await dialog.getByLabel('PIN').fill(demo.pin);
    await dialog.getByLabel('PIN').press('Enter');
  };
  await show(demo);
  await page.getByRole('button', { name: 'Sync now' }).click();
  await rowOf(page, title).click();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();

  await demo.sandbox.stopSigningToday();
  await signWithPin();
  await expect(dialog.locator('[data-job="queued"]')).toBeVisible();
  // One signature, although there is nothing left to sign.
  await expect(page.getByRole('dialog', { name: 'Sign', exact: true })).toBeVisible();
  await lookAt(page, 'desk-signed-offline');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await otherSigns(demo.sandbox, dstId);
  await demo.sandbox.startSigningToday();
  await page.getByRole('button', { name: 'Inbox' }).click();
  await page.getByRole('button', { name: 'Sync now' }).click();

  await page.getByRole('button', { name: /^Activity/ }).click();
  const conflict = page.getByRole('article', { name: title });
  await expect(conflict).toHaveAttribute('data-conflict', 'document-moved-on');
  await lookAt(page, 'desk-conflict');
  // Nothing has been handed in over theirs.
  expect(state.dst(dstId).signatures).toHaveLength(1);
  await conflict.getByRole('button', { name: 'Sign the new version' }).click();
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await page.getByRole('tab', { name: 'Signatures' }).click();
  const signatures = page.getByRole('list', { name: 'Signatures' }).getByRole('listitem');
  await expect(signatures.filter({ hasText: 'Janis Berzins' })).toHaveCount(1);
  await signWithPin();
  await expect(dialog.locator('[data-job="delivered"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(signatures.filter({ hasText: 'Marta Kalnina' })).toHaveCount(1);
  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  expect(state.dst(dstId).status).toBe('signed');
  await page.getByRole('button', { name: /^Activity/ }).click();
  await expect(page.getByRole('article', { name: title })).toHaveCount(0);
});

test('the picture at the service is put there from a mark, taken as one, and removed', async ({ page, show }) => {
  await show(demo);
  await page.getByRole('button', { name: 'Settings' }).click();
  const pictures = page.getByRole('region', { name: /^Pictures kept at/ });
  const first = pictures.locator('[data-identity]').first();
  await expect(first).toContainText('No picture there');
  await expect(first.getByRole('button')).toHaveCount(0);
  await page.getByRole('button', { name: 'New mark' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('label').getByText('Type', { exact: true }).click();
  await dialog.getByLabel('Your name').fill('M. Kalniņa');
  await dialog.getByRole('button', { name: 'Keep this mark' }).click();
  await first.getByRole('button', { name: /^Put “.*” there$/ }).click();
  await expect(first.getByRole('img')).toBeVisible();
  await lookAt(page, 'settings-pictures');
  const marks = page.getByRole('img', { name: /^Mark: / });
  const before = await marks.count();
  await first.getByRole('button', { name: 'Use as a mark' }).click();
  await expect(marks).toHaveCount(before + 1);
  await first.getByRole('button', { name: 'Remove there' }).click();
  await expect(first).toContainText('No picture there');
});
