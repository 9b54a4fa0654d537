import { randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { connectDesk, localSender } from '../../../main/ipc/index.ts';
import { profilePaths } from '../../../main/platform/paths.ts';
import { type WorkerThreads, watchWorkerThreads } from '../../sandbox/worker-threads.ts';

let dir: string;
let threads: WorkerThreads;
let desk: Desk;
let changed: () => void;
const root = () => join(dir, 'profile');

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'store-death-'));
  threads = watchWorkerThreads();
  const host = createHeadlessHost({ secretsDir: join(dir, 'keys') });
  desk = await createDesk(host, { root: root(), version: '0', background: true });
  changed = () => undefined;
  desk.on((name) => {
    if (name === 'inbox.changed') changed();
  });
});
afterEach(async () => {
  await desk.close();
  threads.stop();
  await rm(dir, { recursive: true, force: true });
});

const ask = () => desk.onCall(localSender, 'accounts.list', {});
const told = () =>
  new Promise<void>((resolve) => {
    changed = resolve;
  });
/** The desk opens its store before anything else that has a thread. */
const storeThread = () => threads.started[0];

it('a window’s call that the store’s death broke off may be made again, and is answered then', async () => {
  const news = told();
  const dead = storeThread()?.terminate();
  const reply = await ask();
  await dead;
  expect(reply).toEqual({ ok: false, error: { code: 'store-interrupted', retryable: true, details: {} } });
  await news;
  expect(await ask()).toEqual({ ok: true, value: [] });
});

it('a store that cannot be opened again is told by code to window and command line, and the desk ends', async () => {
  const { database, socket } = profilePaths(root());
  const news = told();
  await rename(database, `${database}.aside`);
  await writeFile(database, randomBytes(8192));
  await storeThread()?.terminate();
  await news;
  expect(await ask()).toMatchObject({ ok: false, error: { code: 'profile-damaged' } });
  const commandLine = await connectDesk(socket);
  expect(await commandLine?.call('accounts.list', {})).toMatchObject({
    ok: false,
    error: { code: 'profile-damaged' },
  });
  commandLine?.close();
  await desk.close();
  expect(await connectDesk(socket)).toBeUndefined();
});
