/** Pairing this computer by camera: a code held before it is read, and the camera is given back. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserFlags } from '../../main/host/browser-flags.ts';
import { findChromium } from '../../main/host/find-chromium.ts';
import { codeBeforeCamera } from './camera-picture.ts';
import { scriptedCode } from './scripted-devices.ts';
import { expect, test } from './window-test.ts';

// The browser is started with its picture: it is made while this file is read.
const dir = mkdtempSync(join(tmpdir(), 'countersign-camera-'));
const film = join(dir, 'code.y4m');
writeFileSync(film, codeBeforeCamera(scriptedCode));
process.once('exit', () => rmSync(dir, { recursive: true, force: true }));

test.use({
  launchOptions: {
    executablePath: findChromium(),
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...browserFlags, '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`],
  },
});

test('a code before the camera is read, and the camera is given back', async ({ page, context, showScripted }) => {
  const desk = await showScripted({ devices: { challenge: scriptedCode, camera: true } });
  await context.grantPermissions(['camera'], { origin: new URL(page.url()).origin });
  await page.getByRole('button', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'Pair this computer' }).click();
  await page.getByRole('button', { name: 'Use the camera' }).click();
  await expect(page.locator('[data-owner="account-1"]')).toContainText('Marta Kalniņa at signing.example');
  await expect(page.locator('video')).toHaveCount(0);
  // Lent, and given back: not a picture is taken any more.
  await expect.poll(() => desk.made.filter((name) => name === 'devices.camera').length).toBe(2);
  await page.getByRole('button', { name: 'Pair', exact: true }).click();
  await expect(page.locator('[data-device="this"]')).toContainText('This computer');
});
