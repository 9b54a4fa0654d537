import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const built = fileURLToPath(new URL('../../../out/main/electron.js', import.meta.url));
const useFake = new URL('./use-fake.mjs', import.meta.url).href;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'electron-main-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Told = { readonly what: string } & Record<string, unknown>;

/** Runs the built main against the stand-in; what it told, and how it ended. */
function run(env: Record<string, string> = {}): Promise<{ code: number; told: Told[]; stderr: string }> {
  expect(existsSync(built), 'the main is built: npm run build').toBe(true);
  return new Promise((resolve) => {
    const profile = join(folder, 'profile');
    const config = { XDG_CONFIG_HOME: join(folder, 'config'), COUNTERSIGN_PROFILE: profile };
    execFile(
      process.execPath,
      ['--no-warnings', '--import', useFake, built],
      { env: { ...process.env, ...config, ...env }, timeout: 60_000 },
      (error, stdout, stderr) => {
        const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
        const told = lines.map((line) => JSON.parse(line) as Told);
        resolve({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, told, stderr });
      },
    );
  });
}

const about = (told: readonly Told[], what: string) => told.find((t) => t.what === what);

describe('the built main in a stand-in for Electron', () => {
  it('keeps the documented order, shows a sandboxed window and ends with it', async () => {
    const { code, told, stderr } = await run();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(told.slice(0, 4).map((t) => t.what)).toEqual([
      'enableSandbox',
      'setPath',
      'path',
      'registerSchemesAsPrivileged',
    ]);
    expect(about(told, 'window')).toMatchObject({
      preferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true },
    });
    expect(existsSync(String(about(told, 'window')?.preload))).toBe(true);
    expect(about(told, 'load')).toMatchObject({ url: 'app://countersign/' });
    expect(told.at(-1)?.what).toBe('quit');
  });

  it('serves its own files only, under the policy', async () => {
    const { told } = await run();
    expect(about(told, 'page')).toMatchObject({ status: 200, csp: expect.stringContaining("default-src 'none'") });
    expect(about(told, 'away')).toMatchObject({ status: 404 });
    expect(about(told, 'other-host')).toMatchObject({ status: 404 });
  });

  it('answers its own main frame and nobody else', async () => {
    const { told } = await run();
    const refused = { ok: false, error: { code: 'forbidden-sender' } };
    expect(about(told, 'calls')).toMatchObject({
      info: { ok: true, value: { host: 'electron', secretStore: 'system' } },
      child: refused,
      foreign: refused,
      none: refused,
      addModule: { ok: false, error: { code: 'module-missing' } },
      addPath: refused,
      path: refused,
    });
  });

  it('denies navigation, windows, permissions and the network', async () => {
    const { told } = await run();
    expect(about(told, 'webrtc')).toMatchObject({ policy: 'disable_non_proxied_udp' });
    expect(about(told, 'denied')).toMatchObject({
      navigated: false,
      opened: 'deny',
      permission: false,
      check: false,
      device: false,
      network: {
        'app://countersign/a.js': false,
        'data:,x': false,
        'app://elsewhere/': true,
        'https://evil.example/': true,
        'file:///etc/passwd': true,
      },
    });
  });

  it('keeps the data key in the system’s store, and in a key file where that store is none', async () => {
    await run();
    expect(await readdir(join(folder, 'profile', 'sealed'))).toHaveLength(1);
    await rm(join(folder, 'profile'), { recursive: true });
    const { told } = await run({ FAKE_BACKEND: 'basic_text' });
    expect(about(told, 'calls')).toMatchObject({ info: { value: { secretStore: 'key-file' } } });
    expect(await readdir(join(folder, 'config', 'countersign', 'keys'))).toHaveLength(1);
    expect(existsSync(join(folder, 'profile', 'sealed'))).toBe(false);
  });

  it('says in a box of its own why a profile cannot be opened, with the key where it was', async () => {
    await run();
    const { code, told, stderr } = await run({ FAKE_BACKEND: 'basic_text' });
    expect(code).toBe(1);
    expect(about(told, 'error-box')).toMatchObject({ content: expect.stringContaining('another secret store') });
    expect(stderr).toContain('another secret store');
    expect(about(told, 'shown')).toBeUndefined();
    expect((await run()).code).toBe(0);
  });

  it('lets the desk put everything away when the person quits', async () => {
    const { code, told } = await run({ FAKE_QUIT: '1' });
    expect(code).toBe(0);
    expect(told.slice(-2).map((t) => t.what)).toEqual(['closed', 'quit']);
  });

  it('hands a second start’s link to the window, once, and comes to the front', async () => {
    const { code, told } = await run({ FAKE_LINK: '1' });
    expect(code).toBe(0);
    expect(about(told, 'protocol-client')).toMatchObject({ scheme: 'countersign' });
    expect(about(told, 'taken')).toMatchObject({
      opened: { ok: true, value: { transactionId: 'account:7' } },
      again: { ok: true, value: {} },
    });
    expect(about(told, 'focused')).toBeDefined();
  });

  it.each([
    ['stay', false],
    ['leave', true],
  ])('asks before it closes on unsent work: %s', async (answer, left) => {
    const { told } = await run({ FAKE_UNSENT: answer });
    expect(about(told, 'asked')).toMatchObject({ buttons: ['Rimani', 'Esci'] });
    expect(about(told, 'unsent')).toMatchObject({ left });
  });

  it('has a menu of the system’s own roles, without developer tools', async () => {
    const { told } = await run();
    expect(about(told, 'menu')).toMatchObject({ roles: expect.not.arrayContaining(['viewMenu', 'toggleDevTools']) });
  });

  it('opens no window as a second instance', async () => {
    const { code, told } = await run({ FAKE_SECOND_INSTANCE: '1' });
    expect(code).toBe(0);
    expect(told.map((t) => t.what)).toEqual([
      'enableSandbox',
      'setPath',
      'path',
      'registerSchemesAsPrivileged',
      'lock',
      'quit',
    ]);
  });
});
