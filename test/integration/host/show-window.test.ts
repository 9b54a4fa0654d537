/** Profile and window are opened side by side: neither is lost, none is left open when the other fails. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { type Host, HostError, type HostWindow, type WindowCallHandler } from '../../../main/host/host.ts';
import { connectDesk, localSender } from '../../../main/ipc/index.ts';
import { profilePaths } from '../../../main/platform/paths.ts';
import { raiseRunning, showWindow } from '../../../main/show-window.ts';

let dir: string;
let root: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-window-'));
  root = join(dir, 'profile');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A window that notes what it is told, and asks once as soon as it is there. */
function scriptedWindow() {
  const told: string[] = [];
  let over = () => {};
  const closed = new Promise<void>((resolve) => {
    over = resolve;
  });
  const window: HostWindow = {
    emit: (event) => told.push(event),
    focus: () => told.push('focus'),
    close: async () => over(),
    closed,
  };
  return { told, window, closed };
}

const hostWith = (openWindow: Host['openWindow']): Host => ({
  ...createHeadlessHost({ secretsDir: join(dir, 'keys') }),
  openWindow,
});

it('answers what the window asks before the profile is open', async () => {
  const { window, told } = scriptedWindow();
  const answers: unknown[] = [];
  const openWindow = async (onCall: WindowCallHandler) => {
    answers.push(await onCall(localSender, 'app.info', {}));
    return window;
  };
  const shown = showWindow(hostWith(openWindow), { root, missing: [], request: { transactionId: 'account-1:1' } });
  await expect.poll(() => answers.length, { timeout: 30_000 }).toBe(1);
  expect(answers[0]).toMatchObject({ ok: true, value: { profile: root } });
  await expect.poll(() => raiseRunning(root), { timeout: 30_000 }).toBe(true);
  await expect.poll(() => told, { timeout: 30_000 }).toContain('focus');
  // What it was started with was there before its first answer, and so is told of once it can hear.
  expect(told[0]).toBe('app.open');
  await window.close();
  await shown;
  expect(await connectDesk(profilePaths(root).socket)).toBeUndefined();
});

it('closes the window where the profile cannot be opened, and says why', async () => {
  const { window, closed } = scriptedWindow();
  await writeFile(root, 'not a folder');
  await expect(
    showWindow(
      hostWith(async () => window),
      { root, missing: [] },
    ),
  ).rejects.toMatchObject({
    code: expect.stringMatching(/./),
  });
  await closed;
});

it('puts the profile away where the window cannot be opened', async () => {
  const refuse = () => Promise.reject(new HostError('no-browser'));
  await expect(showWindow(hostWith(refuse), { root, missing: [] })).rejects.toMatchObject({ code: 'no-browser' });
  expect(await connectDesk(profilePaths(root).socket)).toBeUndefined();
});

it('closes at once where it was interrupted while it opened', async () => {
  const { window } = scriptedWindow();
  const until = AbortSignal.abort();
  await showWindow(
    hostWith(async () => window),
    { root, missing: [], until },
  );
  expect(await connectDesk(profilePaths(root).socket)).toBeUndefined();
});
