/** The Devices page: pairing a phone, pairing this computer by every way a code comes in, renaming, revoking. */

import QRCode from 'qrcode';
import { readQr } from '../../main/cli/qr-image.ts';
import { scriptedCode, scriptedPairing } from './scripted-devices.ts';
import { expect, lookAt, test } from './window-test.ts';

const phone = {
  deviceId: 'phone',
  name: 'Marta’s phone',
  registeredAt: Date.UTC(2026, 1, 3),
  thisComputer: false,
  revoking: false,
};
const picture = () => QRCode.toBuffer(scriptedCode, { type: 'png', scale: 5 });

test('shows a code a phone can read, its countdown, and the phone the moment it is there', async ({
  page,
  showScripted,
}) => {
  const desk = await showScripted({ devices: { devices: [phone] } });
  await page.getByRole('button', { name: 'Devices' }).click();
  await expect(page.locator('[data-device="phone"]')).toContainText('Marta’s phone');
  await lookAt(page, 'devices');
  await page.getByRole('button', { name: 'Pair a phone' }).click();
  const code = page.getByRole('img', { name: 'Pairing code' });
  await expect(code).toBeVisible();
  await expect(page.getByRole('timer')).toHaveText(/Good for (10:00|9:5\d)/);
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))));
  expect(await readQr(await code.screenshot())).toBe(scriptedCode);
  await lookAt(page, 'devices-pair-phone');
  const tablet = { ...phone, deviceId: 'tablet', name: 'Tablet' };
  desk.emit('devices.pairing', { pairingId: 'another', state: { kind: 'expired' } });
  desk.emit('devices.pairing', { pairingId: scriptedPairing, state: { kind: 'paired', device: tablet } });
  await expect(page.getByRole('dialog')).toContainText('Tablet is paired.');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => desk.made).toContain('devices.stopPairing');
});

test('asks for a new code when the old one is over', async ({ page, showScripted }) => {
  const desk = await showScripted({});
  await page.getByRole('button', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'Pair a phone' }).click();
  await expect(page.getByRole('timer')).toBeVisible();
  desk.emit('devices.pairing', { pairingId: scriptedPairing, state: { kind: 'expired' } });
  await expect(page.getByRole('dialog')).toContainText('not good any more');
  await page.getByRole('button', { name: 'New code' }).click();
  await expect(page.getByRole('timer')).toBeVisible();
  expect(desk.made.filter((name) => name === 'devices.startPairing')).toHaveLength(2);
});

test('reads a code from a picture, says whose it is, and pairs once the person agrees', async ({
  page,
  showScripted,
}) => {
  const desk = await showScripted({ devices: { challenge: scriptedCode } });
  await page.getByRole('button', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'Pair this computer' }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a picture' }).click();
  await (await chooser).setFiles({ name: 'code.png', mimeType: 'image/png', buffer: await picture() });
  await expect(page.locator('[data-owner="account-1"]')).toContainText('Marta Kalniņa at signing.example');
  expect(desk.made).not.toContain('devices.pairThis');
  await expect(page.getByLabel('Name of this computer')).toHaveValue('front-desk');
  await page.getByRole('button', { name: 'Pair', exact: true }).click();
  await expect(page.locator('[data-device="this"]')).toContainText('This computer');
});

test('reads a code from the clipboard, as a picture and as text, and says what is none', async ({
  page,
  showScripted,
}) => {
  await showScripted({ devices: { challenge: scriptedCode } });
  await page.getByRole('button', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'Pair this computer' }).click();
  const field = page.getByLabel('Code, as text');
  await field.fill('https://evil.example/pair');
  await page.getByRole('button', { name: 'Read' }).click();
  await expect(page.locator('[data-error-code="challenge-foreign"]')).toBeVisible();
  await lookAt(page, 'devices-pair-computer');
  const paste = (bytes: readonly number[]) =>
    field.evaluate((element, given) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(given)], 'code.png', { type: 'image/png' }));
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, bytes);
  await paste([1, 2, 3]);
  await expect(page.getByText('There is no code in the picture')).toBeVisible();
  await paste([...(await picture())]);
  await expect(page.locator('[data-owner]')).toBeVisible();
});

test('says that there is no camera where none may be used', async ({ page, showScripted }) => {
  const desk = await showScripted({});
  await page.getByRole('button', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'Pair this computer' }).click();
  await page.getByRole('button', { name: 'Use the camera' }).click();
  await expect(page.getByText('There is no camera that may be used here')).toBeVisible();
  await page.getByRole('button', { name: 'Stop the camera' }).click();
  await expect.poll(() => desk.made.filter((name) => name === 'devices.camera').length).toBe(2);
});

test('renames and revokes; without a network the list is the last one known', async ({ page, showScripted }) => {
  await showScripted({ devices: { devices: [phone], code: 'offline' } });
  await page.getByRole('button', { name: 'Devices' }).click();
  await expect(page.locator('[data-error-code="offline"]')).toBeVisible();
  await page.getByRole('button', { name: 'Rename Marta’s phone' }).click();
  await page.getByLabel('New name').fill('Old phone');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(page.locator('[data-device="phone"]')).toContainText('Old phone');
  await page.getByRole('button', { name: 'Revoke Old phone' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.locator('[data-device="phone"]')).toContainText('Is being revoked');
});
