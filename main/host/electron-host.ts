/** The host in Electron: window, dialogs, notifications, the system's secret store and token hosts as utility processes. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  powerMonitor,
  safeStorage,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import type { ChildProcessPort } from '../../native/token-port.ts';
import { calls } from '../../preload/contract.ts';
import { entryUrl } from '../platform/entries.ts';
import { writeWhole } from '../platform/file-source.ts';
import type { CameraLease } from './camera-lease.ts';
import {
  type Host,
  HostError,
  type HostWindow,
  type ProcessEntry,
  type SecretStore,
  type WindowCallHandler,
} from './host.ts';
import { createKeyFileSecrets } from './key-file-secrets.ts';
import { watchLogind } from './logind.ts';
import { watchBattery, watchPowerMonitor } from './power-monitor.ts';
import { quitWords } from './quit-words.ts';
import { watchBoth } from './system-watch.ts';
import { TRAY_PIXELS, trayIcon } from './tray-icon.ts';
import { trayWords } from './tray-words.ts';

export const appOrigin = 'app://countersign';

export interface ElectronHostOptions {
  /** Folder of the secrets sealed by the system's store. */
  readonly sealedDir: string;
  /** Folder of key files where the system has no store. */
  readonly secretsDir: string;
  readonly preloadPath: string;
  readonly camera: CameraLease;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Secrets sealed by safeStorage, each in a file of its own. Only after app ready. */
function systemSecrets(sealedDir: string): SecretStore {
  const fileOf = (name: string) => join(sealedDir, `${name}.sealed`);
  return {
    kind: 'system',
    async read(name) {
      const sealed = await readFile(fileOf(name)).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw new HostError('secret-unreadable', error);
      });
      if (!sealed) return undefined;
      try {
        return new Uint8Array(Buffer.from(safeStorage.decryptString(sealed), 'base64'));
      } catch (error) {
        throw new HostError('secret-unreadable', error);
      }
    },
    async write(name, secret) {
      // One that is there stays; a second start never comes as far as this (single instance lock).
      if ((await this.read(name)) !== undefined) return;
      const sealed = safeStorage.encryptString(Buffer.from(secret).toString('base64'));
      await mkdir(sealedDir, { recursive: true, mode: 0o700 });
      await writeWhole(fileOf(name), (file) => file.writeFile(sealed));
    },
  };
}

/** Linux's `basic_text` backend seals with a fixed password: that is no secret store. */
function hasSystemStore(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

const serviceNames: Readonly<Record<ProcessEntry, string>> = {
  'token-host': 'Countersign token host',
  'pcsc-host': 'Countersign card readers',
};

function startUtility(entry: ProcessEntry, args: readonly string[]): ChildProcessPort {
  const child = utilityProcess.fork(fileURLToPath(entryUrl(entry)), [...args], {
    serviceName: serviceNames[entry],
    stdio: 'ignore',
    // Vendors' modules are not signed by us; without this macOS refuses to load them.
    allowLoadingUnsignedLibraries: process.platform === 'darwin',
  });
  return {
    pid: child.pid,
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener({ code, signal: null })),
    kill: () => void child.kill(),
  };
}

/** Who called: the frame's own origin, and whether it is the window's main frame. */
function senderOf(event: IpcMainInvokeEvent) {
  const frame = event.senderFrame;
  return { origin: frame ? frame.origin : '', isMainFrame: frame !== null && frame.parent === null };
}

async function openWindow(
  preload: string,
  onCall: WindowCallHandler,
  mayShow: Promise<unknown> = Promise.resolve(),
): Promise<HostWindow> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  // The window needs no peer: neither this policy's proxy nor anything else is there for it.
  window.webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  for (const name of Object.keys(calls)) {
    ipcMain.handle(name, (event, input: unknown) => onCall(senderOf(event), name, input));
  }
  const closed = new Promise<void>((resolve) =>
    window.once('closed', () => {
      for (const name of Object.keys(calls)) ipcMain.removeHandler(name);
      resolve();
    }),
  );
  // The page asks to stay while work is unsent; here the person is asked, and leaving means undoing that.
  window.webContents.on('will-prevent-unload', (event) => {
    const words = quitWords(app.getLocale());
    const answer = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: words.message,
      detail: words.detail,
      buttons: [words.stay, words.leave],
      defaultId: 0,
      cancelId: 0,
    });
    if (answer === 1) event.preventDefault();
  });
  const show = () => {
    if (!window.isDestroyed()) window.show();
  };
  window.once('ready-to-show', () => void mayShow.then(show, () => undefined));
  await window.loadURL(`${appOrigin}/`);
  return {
    closed,
    emit(event, payload) {
      if (!window.isDestroyed()) window.webContents.send(event, payload);
    },
    focus() {
      if (window.isMinimized()) window.restore();
      window.focus();
    },
    async close() {
      if (!window.isDestroyed()) window.close();
      await closed;
    },
  };
}

function showWindow(): void {
  for (const window of BrowserWindow.getAllWindows()) {
    window.show();
    window.focus();
  }
}

/** The number waiting in the system's tray. A click shows the window, and so does the menu, where clicks are not told of (Linux). */
function createTray(): (count: number) => void {
  let tray: Tray | undefined;
  return (count) => {
    const image = nativeImage.createFromBuffer(trayIcon(count), {
      width: TRAY_PIXELS,
      height: TRAY_PIXELS,
      scaleFactor: 2,
    });
    const words = trayWords(app.getLocale());
    if (tray) tray.setImage(image);
    else {
      tray = new Tray(image);
      tray.on('click', showWindow);
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: words.show, click: showWindow },
          { label: words.quit, click: () => app.quit() },
        ]),
      );
    }
    tray.setToolTip(count > 0 ? words.waiting(count) : 'Countersign');
  };
}

/** Only after app ready: safeStorage must not be asked before. */
export function createElectronHost({ sealedDir, secretsDir, preloadPath, camera }: ElectronHostOptions): Host {
  const showInTray = createTray();
  return {
    kind: 'electron',
    secrets: hasSystemStore() ? systemSecrets(sealedDir) : createKeyFileSecrets(secretsDir),
    openWindow: (onCall, mayShow) => openWindow(preloadPath, onCall, mayShow),
    async chooseSavePath(suggestedName) {
      const answer = await dialog.showSaveDialog({ defaultPath: suggestedName });
      return answer.canceled ? undefined : answer.filePath;
    },
    async chooseFiles(kind) {
      const answer =
        kind === 'folder'
          ? await dialog.showOpenDialog({ properties: ['openDirectory'] })
          : await dialog.showOpenDialog({ properties: ['openFile', 'multiSelections'] });
      return answer.canceled ? [] : answer.filePaths;
    },
    async chooseFolder() {
      const answer = await dialog.showOpenDialog({ properties: ['openDirectory', 'createDirectory'] });
      return answer.canceled ? undefined : answer.filePaths[0];
    },
    showFile: (path) => shell.showItemInFolder(path),
    async choosePath() {
      const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openFile'] });
      return canceled ? undefined : filePaths[0];
    },
    notify({ title, body, transactionId }) {
      if (!Notification.isSupported()) return;
      const notice = new Notification({ title, body });
      notice.on('click', () => {
        for (const window of BrowserWindow.getAllWindows()) {
          window.webContents.send('app.open', transactionId === undefined ? {} : { transactionId });
        }
        showWindow();
      });
      notice.show();
    },
    showWaiting(count) {
      app.setBadgeCount(count);
      showInTray(count);
    },
    async allowCamera(on) {
      camera.allow(on);
      return on;
    },
    startProcess: startUtility,
    // On Linux powerMonitor does not tell of a locked screen.
    watchSystem:
      process.platform === 'linux'
        ? watchBoth(watchLogind, watchBattery(powerMonitor))
        : watchPowerMonitor(powerMonitor),
  };
}
