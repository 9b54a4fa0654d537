/** The Chromium host with its driver process and a browser of its own, not the one the specs drive. */
import { createSocket } from 'node:dgram';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachWindow } from '../../main/host/attach-window.ts';
import { choosePath } from '../../main/host/choose-path.ts';
import { createChromiumHost } from '../../main/host/chromium-host.ts';
import { createScriptedDesk } from './scripted-desk.ts';
import { expect, test } from './window-test.ts';

let dir: string;
test.beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-host-'));
});
test.afterEach(() => rm(dir, { recursive: true, force: true }));

const browserFolders = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('countersign-browser-profile-'));

test('the host opens the window, carries calls and events, and leaves nothing behind', async ({ samples }) => {
  const before = await browserFolders();
  const desk = createScriptedDesk({ samples, signedIn: true, tokens: [] });
  const host = createChromiumHost({ secretsDir: join(dir, 'keys'), headless: true });
  const window = await host.openWindow((...call) => desk.onCall(...call));
  await expect.poll(() => desk.made).toContain('inbox.list');
  const asked = desk.made.filter((name) => name === 'inbox.list').length;
  window.emit('inbox.changed', { transactionIds: [] });
  await expect.poll(() => desk.made.filter((name) => name === 'inbox.list').length).toBeGreaterThan(asked);
  window.focus();
  host.notify({ title: 'Countersign', body: 'One document waits', transactionId: 'account-1:1' });
  await window.close();
  await window.closed;
  expect(await browserFolders()).toEqual(before);
});

test('the host says by its code that the browser does not start', async () => {
  const broken = join(dir, 'browser');
  await writeFile(broken, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  process.env.COUNTERSIGN_CHROMIUM = broken;
  try {
    const host = createChromiumHost({ secretsDir: join(dir, 'keys'), headless: true });
    await expect(host.openWindow(async () => undefined)).rejects.toMatchObject({ code: 'no-browser' });
  } finally {
    delete process.env.COUNTERSIGN_CHROMIUM;
  }
});

test('a file is chosen in the browser’s own dialog, and its path is known to the host alone', async ({ page }) => {
  const module = join(dir, 'libcard.so');
  await writeFile(module, 'a library');
  page.once('filechooser', (chooser) => void chooser.setFiles(module));
  expect(await choosePath(page)).toBe(module);
  // The page has no field that it could read it from.
  expect(await page.locator('input[type=file]').count()).toBe(0);
  await page.close();
  expect(await choosePath(page)).toBeUndefined();
});

test('a page that has been taken over reaches nobody through windows that it opens', async ({ page }) => {
  const asked: string[] = [];
  const outside = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  try {
    await writeFile(join(dir, 'index.html'), '<!doctype html><title>Countersign</title><button>Open</button>');
    const window = await attachWindow(page, { rendererDir: dir, onCall: async () => undefined });
    await window.open();
    const refused: string[] = [];
    page.context().on('requestfailed', (request) => refused.push(request.url()));
    await page.evaluate(`document.querySelector('button').onclick = () => {
      open('${origin}/opened');
      open('${origin}/unrelated', '_blank', 'noopener');
    }`);
    await page.click('button');
    await expect.poll(() => refused.toSorted()).toEqual([`${origin}/opened`, `${origin}/unrelated`]);
    await expect.poll(() => page.context().pages().length).toBe(1);
    expect(asked).toEqual([]);
  } finally {
    outside.close();
  }
});

test('a page that has been taken over reaches nobody by WebRTC, over UDP or TCP', async ({ page }) => {
  const heard = { datagrams: 0, connections: 0 };
  const udp = createSocket('udp4').on('message', () => heard.datagrams++);
  const tcp = createTcpServer(() => heard.connections++);
  await Promise.all([
    new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve)),
  ]);
  try {
    await writeFile(join(dir, 'index.html'), '<!doctype html><title>Countersign</title>');
    const window = await attachWindow(page, { rendererDir: dir, onCall: async () => undefined });
    await window.open();
    const [stun, turn] = [udp.address().port, (tcp.address() as AddressInfo).port];
    const candidates = await page.evaluate(`(async () => {
      const peer = new RTCPeerConnection({ iceServers: [
        { urls: 'stun:127.0.0.1:${stun}' },
        { urls: 'turn:127.0.0.1:${turn}?transport=tcp', username: 'any', credential: 'any' },
      ] });
      peer.createDataChannel('out');
      const found = [];
      const over = new Promise((resolve) => {
        peer.onicecandidate = ({ candidate }) => (candidate ? found.push(candidate.candidate) : resolve());
      });
      await peer.setLocalDescription(await peer.createOffer());
      await over;
      return found;
    })()`);
    expect(candidates).toEqual([]);
    expect(heard).toEqual({ datagrams: 0, connections: 0 });
  } finally {
    udp.close();
    tcp.close();
  }
});

test('unsent work makes the browser ask before the window closes', async ({ page, showScripted }) => {
  await showScripted({ online: false });
  await page.getByText('Deed of gift').click();
  await page.getByRole('tab', { name: /Notes/ }).click();
  await page.getByLabel('New note').fill('Written on the train.');
  await page.getByRole('button', { name: 'Add note' }).click();
  await expect(page.getByText('1 waits to be sent')).toBeVisible();
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  // The person stays: the window is as it was.
  await expect(page.getByText('Written on the train.')).toBeVisible();
});

test('a window without unsent work closes without a question', async ({ page, showScripted }) => {
  await showScripted({});
  await page.getByText('Deed of gift').click();
  const questions: string[] = [];
  page.on('dialog', (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(questions).toEqual([]);
});
