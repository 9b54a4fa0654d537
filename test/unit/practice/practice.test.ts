/** The practice account: its authorities are in the settings just as long as it is there, whatever happens between. */
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPractice, practiceProgram } from '../../../main/practice/index.ts';
import { startSandboxProcess } from '../../../main/practice/sandbox-process.ts';

const VARIABLE = 'COUNTERSIGN_PRACTICE_TEST';
const facts = {
  signingToday: 'http://127.0.0.1:9/api',
  signIn: { username: 'marta@demo', password: 'word', clientId: 'client', clientSecret: 'secret' },
  timestamps: 'http://127.0.0.1:9/tsa',
  root: '/practice/root.pem',
  token: { pin: '123456', modulePath: '/usr/lib/soft.so', environment: { [VARIABLE]: 'practice' } },
};
const program = { node: 'node', script: 'serve.ts' };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-practice-'));
  process.env[VARIABLE] = 'mine';
});
afterEach(async () => {
  delete process.env[VARIABLE];
  await rm(dir, { recursive: true, force: true });
});

/** A profile; `again()` is the app started anew on it. */
function profile() {
  const saved = new Map<string, string>();
  const accounts: { id: string }[] = [];
  let settings = {
    timestampAuthorities: ['https://tsa.example/'] as readonly string[],
    pkcs11Modules: ['/usr/lib/card.so'] as readonly string[],
    trustAnchors: ['/etc/root.pem'] as readonly string[],
  };
  const log: string[] = [];
  const folder = join(dir, 'practice');
  const again = (starts: 'well' | 'not' | 'never' = 'well') =>
    createPractice({
      program,
      dir: folder,
      store: {
        setting: async (key) => saved.get(key),
        saveSetting: async (key, value) => void saved.set(key, value),
        accounts: async () => accounts,
      },
      settings: {
        get: () => settings,
        change: async (change) => {
          settings = change;
        },
      },
      reopenTokens: async () => void log.push(`tokens see ${process.env[VARIABLE]}`),
      async start(_program, at, signal) {
        if (starts === 'not') throw new Error('does not start');
        if (starts === 'never') {
          await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('given up'))));
        }
        await mkdir(at, { recursive: true });
        await writeFile(join(at, 'state'), '');
        return { facts, stop: async () => void log.push('stopped') };
      },
    });
  return { again, accounts, log, folder, settings: () => settings };
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('the practice account', () => {
  it('brings its authorities, root and card, and takes them away when it is removed', async () => {
    const { again, settings, log, folder, accounts } = profile();
    const before = settings();
    const practice = again();
    expect(await practice.begin()).toEqual({ ...facts.signIn, baseUrl: facts.signingToday });
    expect(practice.pin()).toBeUndefined();
    await practice.named('account-1');
    accounts.push({ id: 'account-1' });
    expect(practice.pin()).toBe('123456');
    expect(settings()).toEqual({
      timestampAuthorities: [facts.timestamps, 'https://tsa.example/'],
      pkcs11Modules: ['/usr/lib/card.so', facts.token.modulePath],
      trustAnchors: ['/etc/root.pem', facts.root],
    });
    await practice.end('account-2');
    expect(practice.pin()).toBe('123456');
    await practice.end('account-1');
    expect(settings()).toEqual(before);
    expect(practice.pin()).toBeUndefined();
    expect(await isThere(folder)).toBe(false);
    expect(log).toEqual(['tokens see practice', 'stopped', 'tokens see mine']);
  });

  it('goes on where it was when the app is started again', async () => {
    const { again, accounts, settings } = profile();
    const first = again();
    await first.begin();
    await first.named('account-1');
    accounts.push({ id: 'account-1' });
    await first.close();
    expect(process.env[VARIABLE]).toBe('mine');
    const second = again();
    await second.resume();
    expect(second.pin()).toBe('123456');
    expect(process.env[VARIABLE]).toBe('practice');
    await second.end('account-1');
    expect(settings().trustAnchors).toEqual(['/etc/root.pem']);
  });

  it('that was begun when the app was killed is taken back at the next start', async () => {
    const { again, settings, folder } = profile();
    const before = settings();
    await again().begin();
    const second = again();
    await second.resume();
    expect(settings()).toEqual(before);
    expect(second.pin()).toBeUndefined();
    expect(await isThere(folder)).toBe(false);
  });

  it('is not begun beside another account, nor twice', async () => {
    const { again, accounts } = profile();
    const practice = again();
    await practice.begin();
    await expect(practice.begin()).rejects.toMatchObject({ code: 'practice-not-alone' });
    await practice.end(undefined);
    accounts.push({ id: 'real' });
    await expect(practice.begin()).rejects.toMatchObject({ code: 'practice-not-alone' });
  });

  it('that does not start, or is given up, changes nothing', async () => {
    const { again, settings } = profile();
    const before = settings();
    await expect(again('not').begin()).rejects.toMatchObject({ code: 'practice-failed' });
    const practice = again('never');
    const begun = practice.begin();
    await new Promise((resolve) => setImmediate(resolve));
    practice.cancel();
    await expect(begun).rejects.toMatchObject({ code: 'cancelled' });
    expect(settings()).toEqual(before);
    expect(process.env[VARIABLE]).toBe('mine');
  });
});

describe('the sandbox’s process', () => {
  it('is found in a checkout', () => {
    expect(practiceProgram()?.script).toMatch(/test\/sandbox\/serve\.ts$/);
  });

  it.each([
    ['ends at once', 'process.exit(3)'],
    ['says what is not understood', 'console.log("up!"); setInterval(() => {}, 1e3)'],
    [
      'says less than is needed',
      'console.log(JSON.stringify({ signingToday: "http://127.0.0.1/" })); setInterval(() => {}, 1e3)',
    ],
    ['talks without end', 'setInterval(() => process.stdout.write("x".repeat(9000)), 1)'],
  ])('that %s is ended, and is no sandbox', async (_, script) => {
    const file = join(dir, 'serve.mjs');
    await writeFile(file, script);
    await expect(startSandboxProcess({ node: process.execPath, script: file }, dir)).rejects.toThrow('does not start');
  });

  it('ends with its input, and is waited for', async () => {
    const file = join(dir, 'serve.mjs');
    const gone = join(dir, 'gone');
    await writeFile(
      file,
      `import { writeFileSync } from 'node:fs';
       process.stdin.on('end', () => { writeFileSync(${JSON.stringify(gone)}, ''); process.exit(); }).resume();
       console.log(${JSON.stringify(JSON.stringify(facts))});`,
    );
    const started = await startSandboxProcess({ node: process.execPath, script: file }, dir);
    expect(started.facts).toEqual(facts);
    await started.stop();
    expect(await isThere(gone)).toBe(true);
  });
});
