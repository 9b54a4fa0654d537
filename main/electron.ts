/** The app in Electron. Thin on purpose: what must happen before `ready` happens first, then the desk and its window. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, Menu, protocol, session } from 'electron';
import { type CameraLease, createCameraLease } from './host/camera-lease.ts';
import { appOrigin, createElectronHost } from './host/electron-host.ts';
import { readRendererFile, rendererFolder } from './host/renderer-files.ts';
import { readLaunch, readLink } from './platform/launch-request.ts';
import { missingParts } from './platform/missing-parts.ts';
import { defaultProfileRoot, keyFolder } from './platform/paths.ts';
import { profileWords } from './platform/profile-words.ts';
import { raiseRunning, showWindow } from './show-window.ts';

const profileFlag = process.argv.find((argument) => argument.startsWith('--profile='));
const root = profileFlag?.slice('--profile='.length) || process.env.COUNTERSIGN_PROFILE || defaultProfileRoot();
const preloadPath = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));

app.enableSandbox();
app.setPath('userData', join(root, 'electron'));
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

/** No window leads anywhere else, none opens another, nothing is embedded. */
app.on('web-contents-created', (_event, contents) => {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
});

/** No permission is given but the camera's pictures to our own page, while it reads a code. */
function guardSession(camera: CameraLease): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const isPictures = permission === 'media' && types.length > 0 && types.every((type) => type === 'video');
    answer(camera.allowed && isPictures && details.requestingUrl.startsWith(`${appOrigin}/`));
  });
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin, details) =>
      camera.allowed &&
      permission === 'media' &&
      details.mediaType === 'video' &&
      origin.replace(/\/$/, '') === appOrigin,
  );
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    const { protocol: scheme, origin } = new URL(details.url);
    const own = scheme === 'app:' ? details.url.startsWith(`${appOrigin}/`) : scheme === 'data:' || scheme === 'blob:';
    answer({ cancel: !own && origin !== appOrigin });
  });
}

function serveRenderer(): void {
  protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== 'countersign' || request.method !== 'GET') return new Response(null, { status: 404 });
    const { status, headers, body } = await readRendererFile(rendererFolder(), pathname);
    return new Response(new Uint8Array(body), { status, headers });
  });
}

/** Quitting from the menu or the system first lets the desk put everything away. */
const quitting = new AbortController();
let putAway = false;
app.on('before-quit', (event) => {
  if (putAway) return;
  event.preventDefault();
  // A window may ask the person to stay; without one, what is being opened is given up.
  const windows = BrowserWindow.getAllWindows();
  if (windows.length === 0) quitting.abort();
  for (const window of windows) window.close();
});

async function start(): Promise<void> {
  await app.whenReady();
  const camera = createCameraLease();
  guardSession(camera);
  serveRenderer();
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
      { role: 'fileMenu' },
      { role: 'editMenu' },
      { role: 'windowMenu' },
    ]),
  );
  const request = readLaunch(process.argv.slice(1), process.cwd());
  if (await raiseRunning(root, request)) return;
  const host = createElectronHost({ sealedDir: join(root, 'sealed'), secretsDir: keyFolder(), preloadPath, camera });
  await showWindow(host, { root, missing: missingParts(), until: quitting.signal, request });
}

if (app.requestSingleInstanceLock()) {
  app.setAsDefaultProtocolClient('countersign');
  app.on('second-instance', (_event, args, cwd) => void raiseRunning(root, readLaunch(args.slice(1), cwd)));
  // How macOS hands over links and files.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const transactionId = readLink(url);
    void raiseRunning(root, transactionId === undefined ? {} : { transactionId });
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void raiseRunning(root, { paths: [path] });
  });
  // The desk puts everything away after the last window; only then does the app end.
  app.on('window-all-closed', () => undefined);
  start().then(
    () => {
      putAway = true;
      app.quit();
    },
    (error: unknown) => {
      const code = (error as { code?: unknown }).code;
      const words = typeof code === 'string' ? (profileWords(code) ?? code) : String(error);
      process.stderr.write(`Countersign cannot start. ${words}\n`);
      // Who started it from a menu has no terminal to read.
      dialog.showErrorBox('Countersign cannot start', words);
      app.exit(1);
    },
  );
} else {
  putAway = true;
  app.quit();
}
