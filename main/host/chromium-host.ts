/**
 * The host that shows the window in an installed Chromium: each window has a driver process of its own, which has the
 * browser (window-driver.ts). Secrets lie in key files; a save dialog is not to be had, so copies go to Downloads.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { entryUrl } from '../platform/entries.ts';
import { downloadsFolder, freeSavePath } from '../platform/save-path.ts';
import { createCameraLease } from './camera-lease.ts';
import { findChromium } from './find-chromium.ts';
import { type Host, HostError, type HostWindow, type WindowCallHandler } from './host.ts';
import { createKeyFileSecrets } from './key-file-secrets.ts';
import { watchNative } from './native-watch.ts';
import { rendererFolder } from './renderer-files.ts';
import { showInFolder } from './show-in-folder.ts';
import { startNodeProcess } from './start-node-process.ts';
import type { FromDriver, ToDriver, WindowOptions } from './window-messages.ts';

export interface ChromiumHostOptions {
  /** Folder of the key files, outside the profile. */
  readonly secretsDir: string;
  /** The built window; by default where the build leaves it. */
  readonly rendererDir?: string;
  /** No visible window, for tests; by default COUNTERSIGN_HEADLESS decides. */
  readonly headless?: boolean;
}

function startDriver(): ChildProcess {
  return fork(fileURLToPath(entryUrl('window-driver')), [], {
    serialization: 'advanced',
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Resolves once the page is loaded; rejects with HostError no-browser or no-window, the driver ended. */
async function openDriver(driver: ChildProcess, options: WindowOptions, onCall: WindowCallHandler): Promise<void> {
  const say = (message: ToDriver) => {
    // A driver that has just died is no error here: its end is reported by itself.
    if (driver.connected) driver.send(message, () => undefined);
  };
  await new Promise<void>((resolve, reject) => {
    driver.on('error', (error) => reject(new HostError('no-window', error)));
    driver.once('exit', () => reject(new HostError('no-window')));
    driver.on('message', (message: FromDriver) => {
      if (message.kind === 'opened') resolve();
      else if (message.kind === 'failed') reject(new HostError(message.code, new Error(message.detail)));
      else if (message.kind === 'call') {
        const { id, sender, name, input } = message;
        onCall(sender, name, input).then(
          (value) => say({ kind: 'answer', id, value }),
          () =>
            say({
              kind: 'answer',
              id,
              value: { ok: false, error: { code: 'internal', retryable: false, details: {} } },
            }),
        );
      }
    });
    say({ kind: 'open', options });
  });
}

export interface ChromiumWindow extends HostWindow {
  notify(notice: Parameters<Host['notify']>[0]): void;
  /** Settles when the browser knows. */
  allowCamera(on: boolean): Promise<void>;
  /** Shows the system's dialog for a file; undefined where the person cancelled or the window closed meanwhile. */
  choosePath(): Promise<string | undefined>;
}

/** A browser that does not close in this time is killed with its driver. */
const CLOSE_DEADLINE_MS = 8_000;

/** Opens a window and keeps hold of its driver; see openDriver for the errors. */
export async function openChromiumWindow(
  options: WindowOptions,
  onCall: WindowCallHandler,
  closeDeadlineMs = CLOSE_DEADLINE_MS,
): Promise<ChromiumWindow> {
  const driver = startDriver();
  const closed = new Promise<void>((resolve) => driver.once('exit', () => resolve()));
  let browserPid: number | undefined;
  let choosing: ((path: string | undefined) => void) | undefined;
  driver.on('message', (message: FromDriver) => {
    if (message.kind === 'opened') browserPid = message.browserPid;
    if (message.kind === 'chosen') choosing?.(message.path);
  });
  void closed.then(() => choosing?.(undefined));
  const say = (message: ToDriver) => {
    // A driver that has just died is no error here: its end is reported by itself.
    if (driver.connected) driver.send(message, () => undefined);
  };
  try {
    await openDriver(driver, options, onCall);
  } catch (error) {
    say({ kind: 'close' });
    throw error;
  }
  return {
    closed,
    emit: (event, payload) => say({ kind: 'emit', event, payload }),
    notify: (notice) => say({ kind: 'notify', notice }),
    allowCamera: (on) =>
      new Promise<void>((resolve) => {
        const heard = (message: FromDriver) => {
          if (message.kind !== 'camera-set') return;
          driver.off('message', heard);
          resolve();
        };
        driver.on('message', heard);
        void closed.then(resolve);
        say({ kind: 'camera', on });
      }),
    focus: () => say({ kind: 'focus' }),
    async choosePath() {
      choosing?.(undefined);
      const chosen = new Promise<string | undefined>((resolve) => {
        choosing = resolve;
      });
      say({ kind: 'choose-path' });
      return chosen;
    },
    async close() {
      say({ kind: 'close' });
      const late = setTimeout(() => end(driver, browserPid), closeDeadlineMs);
      await closed;
      clearTimeout(late);
    },
  };
}

/** What hangs is ended: the browser first, which makes its driver end by itself and clear up; then the driver too. */
function end(driver: ChildProcess, browserPid: number | undefined): void {
  try {
    if (browserPid !== undefined) process.kill(browserPid, 'SIGKILL');
  } catch {
    // Gone already.
  }
  const kill = setTimeout(() => driver.kill('SIGKILL'), 2_000);
  driver.once('exit', () => clearTimeout(kill));
}

/** Makes the host; the browser is looked for when the first window is opened. */
export function createChromiumHost({ secretsDir, rendererDir, headless }: ChromiumHostOptions): Host {
  const shown = new Set<ChromiumWindow>();
  const tell = (on: boolean) => Promise.all([...shown].map((window) => window.allowCamera(on)));
  let told: Promise<unknown> = Promise.resolve();
  const camera = createCameraLease((on) => {
    told = tell(on);
  });
  return {
    kind: 'chromium',
    secrets: createKeyFileSecrets(secretsDir),
    async openWindow(onCall) {
      const window = await openChromiumWindow(
        {
          rendererDir: rendererDir ?? rendererFolder(),
          executablePath: findChromium(),
          headless: headless ?? Boolean(process.env.COUNTERSIGN_HEADLESS),
        },
        onCall,
      );
      shown.add(window);
      void window.closed.then(() => shown.delete(window));
      return window;
    },
    chooseSavePath: (suggestedName) => freeSavePath(suggestedName),
    // The window's own file picker gives bytes; results go where copies go.
    chooseFiles: () => Promise.resolve(undefined),
    chooseFolder: () => Promise.resolve(downloadsFolder()),
    showFile: showInFolder,
    async choosePath() {
      const [window] = shown;
      if (!window) throw new HostError('no-module-dialog');
      return window.choosePath();
    },
    notify(notice) {
      for (const window of shown) window.notify(notice);
    },
    async allowCamera(on) {
      camera.allow(on);
      await told;
      return on && shown.size > 0;
    },
    watchSystem: watchNative,
    startProcess: startNodeProcess,
  };
}
