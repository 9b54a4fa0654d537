/**
 * A stand-in for Electron that knows only what the app uses, and the order the documentation asks for: schemes and sandbox before
 * `ready`, safeStorage, sessions, protocol handlers and windows after it. Anything else throws. What happened goes to
 * standard output as JSON lines; the environment says what the person does.
 */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';

const tell = (what, about = {}) => process.stdout.write(`${JSON.stringify({ what, ...about })}\n`);

let ready = false;
const mustBeEarly = (what) => {
  if (ready) throw new Error(`fake electron: ${what} must come before ready`);
  tell(what);
};
const mustBeReady = (what) => {
  if (!ready) throw new Error(`fake electron: ${what} before ready`);
};

/** Only what is named; any other property is a mistake of the app. */
const strict = (name, known) =>
  new Proxy(known, {
    get(target, key) {
      if (typeof key === 'symbol' || key === 'then') return target[key];
      if (!(key in target)) throw new Error(`fake electron: ${name}.${key} is not known`);
      const value = target[key];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

class App extends EventEmitter {
  #lock = false;
  enableSandbox() {
    mustBeEarly('enableSandbox');
  }
  setPath(name, path) {
    mustBeEarly('setPath');
    if (this.#lock) throw new Error('fake electron: userData set after the single instance lock');
    tell('path', { name, path });
  }
  requestSingleInstanceLock() {
    this.#lock = true;
    tell('lock');
    return process.env.FAKE_SECOND_INSTANCE !== '1';
  }
  async whenReady() {
    if (!this.#lock) throw new Error('fake electron: ready without the single instance lock');
    await new Promise((resolve) => setImmediate(resolve));
    ready = true;
  }
  setAsDefaultProtocolClient(scheme) {
    tell('protocol-client', { scheme });
    return true;
  }
  setBadgeCount(count) {
    mustBeReady('setBadgeCount');
    tell('badge', { count });
    return true;
  }
  getLocale() {
    mustBeReady('getLocale');
    return 'it-IT';
  }
  quit() {
    let held = false;
    this.emit('before-quit', {
      preventDefault: () => {
        held = true;
      },
    });
    if (held) return;
    tell('quit');
    process.exitCode ??= 0;
  }
  exit(code) {
    tell('exit', { code });
    process.exit(code);
  }
}
export const app = strict('app', new App());

let schemes = [];
let serve;
export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(given) {
    mustBeEarly('registerSchemesAsPrivileged');
    schemes = given;
  },
  handle(scheme, handler) {
    mustBeReady('protocol.handle');
    if (!schemes.some((s) => s.scheme === scheme)) throw new Error('fake electron: scheme was not registered');
    serve = handler;
  },
});

const guards = {};
export const session = strict('session', {
  get defaultSession() {
    mustBeReady('session');
    return strict('defaultSession', {
      setPermissionRequestHandler: (handler) => {
        guards.request = handler;
      },
      setPermissionCheckHandler: (handler) => {
        guards.check = handler;
      },
      setDevicePermissionHandler: (handler) => {
        guards.device = handler;
      },
      webRequest: strict('webRequest', {
        onBeforeRequest: (handler) => {
          guards.network = handler;
        },
      }),
    });
  },
});

const handlers = new Map();
export const ipcMain = strict('ipcMain', {
  handle(name, handler) {
    if (handlers.has(name)) throw new Error(`fake electron: second handler for ${name}`);
    handlers.set(name, handler);
  },
  removeHandler: (name) => void handlers.delete(name),
});

const backend = process.env.FAKE_BACKEND ?? 'gnome_libsecret';
const seal = (text) => Buffer.from([...Buffer.from(text)].map((byte) => byte ^ 0x5a));
class PowerMonitor extends EventEmitter {
  on(name, listener) {
    mustBeReady('powerMonitor.on');
    tell('power-watched', { name });
    return super.on(name, listener);
  }
  isOnBatteryPower() {
    mustBeReady('powerMonitor.isOnBatteryPower');
    return false;
  }
  getSystemIdleTime() {
    mustBeReady('powerMonitor.getSystemIdleTime');
    return 0;
  }
}
export const powerMonitor = strict('powerMonitor', new PowerMonitor());

export const safeStorage = strict('safeStorage', {
  isEncryptionAvailable() {
    mustBeReady('safeStorage');
    return true;
  },
  getSelectedStorageBackend() {
    mustBeReady('safeStorage');
    return backend;
  },
  encryptString(text) {
    mustBeReady('safeStorage');
    return seal(text);
  },
  decryptString: (sealed) => seal(sealed).toString(),
});

export const dialog = strict('dialog', {
  showSaveDialog: async () => ({ canceled: true }),
  showMessageBoxSync(_window, { message, buttons }) {
    tell('asked', { message, buttons });
    return process.env.FAKE_UNSENT === 'stay' ? 0 : 1;
  },
  showErrorBox: (title, content) => tell('error-box', { title, content }),
  showOpenDialog: async () => ({ canceled: false, filePaths: ['/nowhere/module.so'] }),
});
export const Menu = strict('Menu', {
  buildFromTemplate: (template) => template,
  setApplicationMenu(menu) {
    mustBeReady('Menu.setApplicationMenu');
    tell('menu', { roles: menu.map(({ role }) => role) });
  },
});
class Image {
  constructor(png) {
    this.png = png;
  }
}
export const nativeImage = strict('nativeImage', {
  createFromBuffer(png, { width, height, scaleFactor }) {
    const size = [png.readUInt32BE(16), png.readUInt32BE(20)];
    if (size[0] !== width || size[1] !== height) throw new Error('fake electron: the image has another size');
    tell('image', { size, scaleFactor });
    return new Image(png);
  },
});
class TrayIcon extends EventEmitter {
  constructor(image) {
    super();
    mustBeReady('Tray');
    tell('tray');
    this.setImage(image);
  }
  setImage(image) {
    if (!(image instanceof Image)) throw new Error('fake electron: the tray shows no such image');
    tell('tray-image', { png: image.png.toString('base64') });
  }
  setToolTip(text) {
    tell('tray-tip', { text });
  }
  setContextMenu(menu) {
    tell('tray-menu', { labels: menu.map(({ label }) => label) });
    this.menu = menu;
  }
}
const trays = [];
export const Tray = new Proxy(TrayIcon, {
  construct(target, args) {
    const made = new target(...args);
    trays.push(made);
    return strict('Tray', made);
  },
});
/** For tests: the person clicks the icon, or one of its menu's lines. */
export const clickTray = (label) =>
  label === undefined
    ? trays.at(-1).emit('click')
    : trays
        .at(-1)
        .menu.find((item) => item.label === label)
        .click();
export const shell = strict('shell', { showItemInFolder: () => undefined });
export const Notification = strict('Notification', { isSupported: () => false });

export const utilityProcess = strict('utilityProcess', {
  fork(path, args, options) {
    mustBeReady('utilityProcess');
    tell('utility', { path, options: Object.keys(options) });
    const child = fork(path, args, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    return strict('utility', {
      pid: child.pid,
      postMessage: (message) => void child.send(message),
      on: (event, listener) => void child.on(event, listener),
      once: (event, listener) => void child.once(event, listener),
      kill: () => child.kill('SIGKILL'),
    });
  },
});

/** What the page would do: load itself, call with good and with forged senders, try to get out. */
async function actAsPage(contents, close) {
  const page = await serve(new Request('app://countersign/'));
  tell('page', { status: page.status, csp: page.headers.get('content-security-policy') });
  const away = await serve(new Request('app://countersign/../../package.json'));
  tell('away', { status: away.status });
  const other = await serve(new Request('app://elsewhere/'));
  tell('other-host', { status: other.status });
  const call = (frame, name, input) => handlers.get(name)({ senderFrame: frame }, input);
  const main = { origin: 'app://countersign', parent: null };
  tell('calls', {
    info: await call(main, 'app.info', {}),
    child: await call({ ...main, parent: main }, 'app.info', {}),
    foreign: await call({ origin: 'https://evil.example', parent: null }, 'app.info', {}),
    none: await call(null, 'app.info', {}),
    addModule: await call(main, 'tokens.addModule', {}),
    addPath: await call(main, 'tokens.addModule', { path: '/nowhere/module.so' }),
    path: await call(main, 'tokens.list', { modulePath: '/nowhere/module.so' }),
  });
  const denied = { navigated: true, opened: contents.open()?.action, permission: undefined, network: {} };
  contents.emit('will-navigate', {
    preventDefault: () => {
      denied.navigated = false;
    },
  });
  const asked = { isMainFrame: true, requestingUrl: 'app://countersign/', mediaTypes: ['audio', 'video'] };
  guards.request(contents, 'media', (granted) => (denied.permission = granted), asked);
  for (const url of [
    'app://countersign/a.js',
    'app://elsewhere/',
    'https://evil.example/',
    'file:///etc/passwd',
    'data:,x',
  ]) {
    guards.network({ url }, ({ cancel }) => {
      denied.network[url] = cancel;
    });
  }
  if (process.env.FAKE_LINK === '1') {
    app.emit('second-instance', {}, ['countersign', 'countersign://open/account%3A7', '--flag'], '/');
    await new Promise((resolve) => contents.once('sent:app.open', resolve));
    tell('taken', { opened: await call(main, 'app.takeOpened', {}), again: await call(main, 'app.takeOpened', {}) });
  }
  if (process.env.FAKE_UNSENT !== undefined) {
    let left = false;
    contents.emit('will-prevent-unload', { preventDefault: () => (left = true) });
    tell('unsent', { left });
  }
  if (process.env.FAKE_QUIT === '1') return app.quit();
  tell('denied', {
    ...denied,
    check: guards.check(contents, 'media', 'app://countersign', { isMainFrame: true, mediaType: 'video' }),
    device: guards.device(),
  });
  close();
}

class Contents extends EventEmitter {
  setWindowOpenHandler(handler) {
    this.open = () => handler({ url: 'https://evil.example' });
  }
  setWebRTCIPHandlingPolicy(policy) {
    const known = [
      'default',
      'default_public_interface_only',
      'default_public_and_private_interfaces',
      'disable_non_proxied_udp',
    ];
    if (!known.includes(policy)) throw new Error(`fake electron: no WebRTC policy ${policy}`);
    tell('webrtc', { policy });
  }
  send(name) {
    tell('event', { name });
    this.emit(`sent:${name}`);
  }
}

class Window extends EventEmitter {
  #destroyed = false;
  constructor(options) {
    super();
    mustBeReady('BrowserWindow');
    const { preload, ...preferences } = options.webPreferences;
    tell('window', { preferences, preload });
    this.webContents = new Contents();
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url) {
    tell('load', { url });
    if (!serve) throw new Error('fake electron: loaded before the scheme is served');
    this.emit('ready-to-show');
    const close = () => {
      this.#destroyed = true;
      this.emit('closed');
      app.emit('window-all-closed');
    };
    setImmediate(() =>
      actAsPage(this.webContents, close).catch((error) => {
        // A page that was closed meanwhile does nothing more.
        if (this.#destroyed) return;
        tell('error', { message: String(error) });
        process.exit(3);
      }),
    );
  }
  show() {
    tell('shown');
  }
  isDestroyed() {
    return this.#destroyed;
  }
  isMinimized() {
    return false;
  }
  focus() {
    tell('focused');
  }
  close() {
    tell('closed');
    this.#destroyed = true;
    this.emit('closed');
    app.emit('window-all-closed');
  }
}
const windows = [];
export const BrowserWindow = new Proxy(Window, {
  construct(target, args) {
    const made = strict('BrowserWindow', new target(...args));
    windows.push(made);
    return made;
  },
  get: (target, key) => (key === 'getAllWindows' ? () => windows.filter((each) => !each.isDestroyed()) : target[key]),
});
