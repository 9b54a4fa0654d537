/** A real card (our own PIV card behind pcscd and OpenSC) pulled in the middle of a batch on a real desk, put back, and gone on with. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accessTo } from '../../main/cli/access.ts';
import { localBridge } from '../../main/ipc/index.ts';
import { lacksNamespaces } from '../contract/tokens/stacks/namespace.ts';
import { createPivStack, type PivStack } from '../contract/tokens/stacks/piv.ts';
import { prepareAccount } from '../sandbox/demo/prepare-profile.ts';
import { type DemoDesk, startDemoDesk } from '../sandbox/demo-desk.ts';
import { certificatePem } from '../sandbox/pki/index.ts';
import { expect, lookAt, test } from './window-test.ts';

const lacking = lacksNamespaces();
const titles = [
  'Consent to an operation',
  'Power of attorney, berth 18',
  'Договір про надання послуг',
  'Minutes of the general meeting',
];

let stack: PivStack;
let demo: DemoDesk;
test.skip(lacking !== undefined, `the card's reader needs ${lacking}`);
test.setTimeout(240_000);
test.beforeAll(async () => {
  stack = await createPivStack();
  const rootPemPath = join(stack.folder, 'root.pem');
  await writeFile(rootPemPath, certificatePem(stack.pki.root));
  demo = await startDemoDesk({
    modulePath: stack.modulePath,
    start: stack.start({ TSS2_LOG: 'all+NONE' }),
    rootPemPath,
  });
  const access = accessTo(localBridge(demo.onCall, demo.on), async () => undefined);
  await prepareAccount(access, demo.sandbox);
});
test.afterAll(async () => {
  await demo?.stop();
  await stack?.remove();
});

const signaturesAtTheService = () =>
  titles.map((title) => {
    const { dstId = '' } = demo.sandbox.manifest.find((each) => each.title === title) ?? {};
    return demo.sandbox.signingToday.state.dst(dstId).signatures.length;
  });

test('a card pulled in the middle of a batch keeps what is signed, and the rest goes on with it', async ({
  page,
  show,
}) => {
  await show(demo);
  await page.getByRole('button', { name: /^To sign/ }).click();
  for (const title of titles) await page.getByRole('checkbox', { name: `Select ${title}` }).check();
  await page.getByRole('button', { name: 'Sign selected' }).click();
  for (let at = 1; at <= titles.length; at++) {
    await expect(page.getByText(`${at} of ${titles.length}: ${at - 1} approved`)).toBeVisible();
    await expect(page.locator('[data-ready="true"]')).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const pin = dialog.getByRole('textbox', { name: 'PIN' });
  await dialog.getByRole('radio', { name: /^Anna Kalniņa/ }).check();
  await pin.fill(stack.pin);
  // Slow enough for the pull to come between the first signature and the last, on any machine.
  await stack.card({ kind: 'faults', faults: { signDelayMs: 3_000 } });
  await pin.press('Enter');
  const signed = dialog.locator(
    '[data-job="signed"], [data-job^="awaiting-t"], [data-job="queued"], [data-job^="deliver"]',
  );
  await expect(signed.first()).toBeVisible();
  await stack.pull();
  await stack.card({ kind: 'faults', faults: { signDelayMs: 0 } });
  // The command that was on its way ends when its reader says so.
  await expect(dialog.locator('[data-card="gone"]')).toBeVisible({ timeout: 90_000 });
  const again = dialog.getByRole('button', { name: 'Sign the rest' });
  await expect(again).toBeDisabled();
  const kept = await dialog.locator('[data-outcome="delivered"]').count();
  expect(kept).toBeLessThan(titles.length);
  await lookAt(page, 'desk-card-pulled');
  await stack.put();
  await expect(dialog.locator('[data-card="back"]')).toBeVisible();
  await expect(pin).toBeFocused();
  await lookAt(page, 'desk-card-back');
  await pin.fill(stack.pin);
  await pin.press('Enter');
  await expect(dialog.getByText(`${titles.length} signatures made`)).toBeVisible({ timeout: 60_000 });
  await expect(dialog.locator('[data-outcome="delivered"]')).toHaveCount(titles.length);
  // None is lost, and none made twice.
  expect(signaturesAtTheService()).toEqual(titles.map(() => 1));
});
