/**
 * The process that drives an installed Chromium as the app's window, over its debugging pipe (no port): playwright-core's
 * memory stays out of the desk's process. It ends when the window is closed, when told to, or when the desk is gone.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { toWire, WIRE_EVENT } from '../../preload/wire.ts';
import { type AttachedWindow, attachWindow, WINDOW_ORIGIN } from './attach-window.ts';
import { browserFlags } from './browser-flags.ts';
import { browserPid, clearLeftProfiles, makeBrowserProfile } from './browser-profiles.ts';
import { choosePath } from './choose-path.ts';
import type { Host } from './host.ts';
import type { FromDriver, ToDriver, WindowOptions } from './window-messages.ts';

interface OpenWindow {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly window: AttachedWindow;
  readonly profile: string;
}

/** A browser that does not close in this time is killed. */
const CLOSE_DEADLINE_MS = 5_000;

const waiting = new Map<number, (value: unknown) => void>();
let nextCallId = 1;
let shown: OpenWindow | undefined;

function say(message: FromDriver): void {
  if (process.connected) process.send?.(message);
}

async function launch(options: WindowOptions, profile: string): Promise<BrowserContext> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launchPersistentContext(profile, {
    executablePath: options.executablePath,
    headless: options.headless,
    chromiumSandbox: !asRoot,
    args: [...browserFlags, ...(options.headless ? [] : ['--app=data:text/html,', '--window-size=1280,800'])],
    ignoreDefaultArgs: ['--enable-automation'],
    viewport: options.headless ? { width: 1280, height: 800 } : null,
    colorScheme: null,
    reducedMotion: null,
    forcedColors: null,
    acceptDownloads: false,
    serviceWorkers: 'block',
    permissions: [],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

async function open(options: WindowOptions): Promise<void> {
  await clearLeftProfiles(tmpdir());
  const profile = await makeBrowserProfile(tmpdir());
  let context: BrowserContext;
  try {
    context = await launch(options, profile);
  } catch (error) {
    await rm(profile, { recursive: true, force: true });
    say({ kind: 'failed', code: 'no-browser', detail: error instanceof Error ? error.message : 'launch failed' });
    return end();
  }
  context.once('close', async () => {
    shown = undefined;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
    end();
  });
  const page = context.pages()[0] ?? (await context.newPage());
  // A listener that answers nothing leaves the browser's own question (unsent work) to the person.
  if (!options.headless) page.on('dialog', () => undefined);
  page.once('close', () => void context.close().catch(() => undefined));
  const window = await attachWindow(page, {
    rendererDir: options.rendererDir,
    onCall: (sender, name, input) =>
      new Promise((resolve) => {
        const id = nextCallId++;
        waiting.set(id, resolve);
        say({ kind: 'call', id, sender, name, input });
      }),
  });
  shown = { context, page, window, profile };
  await allowCamera(context, false);
  await window.open();
  say({ kind: 'opened', browserPid: await browserPid(profile) });
}

/** What is granted to an origin takes the place of what was granted before. */
async function allowCamera(context: BrowserContext, on: boolean): Promise<void> {
  await context.grantPermissions(on ? ['notifications', 'camera'] : ['notifications'], { origin: WINDOW_ORIGIN });
}

function end(): void {
  process.exitCode = 0;
  if (process.connected) process.disconnect();
  else process.exit();
}

async function close(): Promise<void> {
  if (!shown) return end();
  const { context, profile } = shown;
  const late = setTimeout(() => void killBrowser(profile), CLOSE_DEADLINE_MS);
  await context.close().catch(() => undefined);
  clearTimeout(late);
}

/** Its context then closes by itself, which clears up and ends this process. */
async function killBrowser(profile: string): Promise<void> {
  const pid = await browserPid(profile);
  if (pid === undefined) process.exit(1);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself meanwhile.
  }
}

/** A click brings the page to the front and tells it, as an event of the desk would, what to open. */
function notify(notice: Parameters<Host['notify']>[0]): void {
  const show = ([title, body, type, detail]: readonly [string, string, string, string]) => {
    const { Notification, focus } = globalThis as unknown as {
      Notification: new (title: string, options: { body: string }) => { onclick: () => void };
      focus: () => void;
    };
    new Notification(title, { body }).onclick = () => {
      focus();
      (globalThis as unknown as EventTarget).dispatchEvent(new CustomEvent(type, { detail }));
    };
  };
  const { title, body, transactionId } = notice;
  const opens = toWire({ event: 'app.open', payload: transactionId === undefined ? {} : { transactionId } });
  void shown?.page.evaluate(show, [title, body, WIRE_EVENT, opens] as const).catch(() => undefined);
}

process.on('message', (message: ToDriver) => {
  switch (message.kind) {
    case 'open':
      open(message.options).catch((error: unknown) => {
        say({ kind: 'failed', code: 'no-window', detail: error instanceof Error ? error.message : 'failed' });
        void close();
      });
      break;
    case 'answer':
      waiting.get(message.id)?.(message.value);
      waiting.delete(message.id);
      break;
    case 'emit':
      shown?.window.emit(message.event, message.payload);
      break;
    case 'notify':
      notify(message.notice);
      break;
    case 'camera':
      void (shown ? allowCamera(shown.context, message.on) : Promise.resolve())
        .catch(() => undefined)
        .then(() => say({ kind: 'camera-set' }));
      break;
    case 'choose-path':
      void (shown ? choosePath(shown.page) : Promise.resolve(undefined)).then((path) => say({ kind: 'chosen', path }));
      break;
    case 'focus':
      void shown?.page.bringToFront().catch(() => undefined);
      break;
    case 'close':
      void close();
      break;
  }
});
// A signal to the whole group (Ctrl+C in a terminal) reaches the driver too: it puts its browser away first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void close());
// The desk has gone, or `end` has let go of it: with a window still shown, its context's `close` cleans up and ends.
process.on('disconnect', () => {
  if (!shown) process.exit();
  setTimeout(() => process.exit(), 2 * CLOSE_DEADLINE_MS).unref();
  void close();
});
