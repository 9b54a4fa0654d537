import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../../main/store/index.ts';
import { type WorkerThreads, watchWorkerThreads } from '../../sandbox/worker-threads.ts';
import { aDocument, aTransaction } from '../../unit/inbox/model-fixtures.ts';
import { anAccount, commitIncrement, dataKey, makeProfile, type Profile, putBase, somePdf } from './open-profile.ts';

const id = 'account-1:1';
let profile: Profile;
let store: Store;
let threads: WorkerThreads;
let deaths: number;
let reopened: (string | undefined)[];
let tell: () => void;

const database = () => join(profile.folder, 'desk.db');
const reopening = () =>
  new Promise<void>((resolve) => {
    tell = resolve;
  });

beforeEach(async () => {
  profile = makeProfile();
  threads = watchWorkerThreads();
  deaths = 0;
  reopened = [];
  tell = () => undefined;
  store = await openStore({
    ...{ databasePath: database(), runsDir: profile.runsDir, key: dataKey },
    onDeath: () => deaths++,
    onReopened(error) {
      reopened.push(error && ('code' in error ? error.code : error.name));
      tell();
    },
  });
  await store.putAccount(anAccount, '{}');
  const document = aDocument({ currentResourceId: 'resource-1' });
  await store.applyPull('account-1', [aTransaction('1', { documents: [document] })], []);
});
afterEach(async () => {
  await store.close();
  threads.stop();
  profile.remove();
});

/** The thread dies as in a crash, with a call under way. */
async function die(): Promise<unknown> {
  const dead = threads.started.at(-1)?.terminate();
  const underWay = store.accounts().then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );
  await dead;
  return underWay;
}

describe('the store’s thread dies', () => {
  it('rejects what is under way as interrupted and answers the next call from a fresh thread', async () => {
    await store.saveSetting('theme', '"dark"');
    const again = reopening();
    expect(await die()).toBe('interrupted');
    expect(await store.setting('theme')).toBe('"dark"');
    expect(await store.accounts()).toEqual([anAccount]);
    await again;
    expect(reopened).toEqual([undefined]);
    expect(deaths).toBe(1);
    await expect(profile.open()).rejects.toMatchObject({ code: 'profile-locked' });
  });

  it('does so every time', async () => {
    for (let times = 1; times <= 4; times++) {
      expect(await die()).toBe('interrupted');
      await store.saveSetting('times', String(times));
    }
    expect(await store.setting('times')).toBe('4');
    expect(deaths).toBe(4);
  });

  it('sweeps a half-written run away, and a new one takes its place', async () => {
    const runId = await store.createRun();
    await store.appendRun(runId, somePdf());
    expect(await die()).toBe('interrupted');
    await expect(store.appendRun(runId, somePdf())).rejects.toMatchObject({ code: 'not-found' });
    expect(profile.runFiles()).toEqual([]);
    const pdf = somePdf();
    const { revision } = await putBase(store, id, pdf);
    expect(Buffer.from(await store.readRevision(revision, 0, pdf.length)).equals(pdf)).toBe(true);
  });

  it('finds a signature that was committed when its answer was lost, and commits it no second time', async () => {
    const base = somePdf();
    const increment = randomBytes(500);
    await putBase(store, id, base);
    const first = await commitIncrement(store, id, base, increment);
    expect(await die()).toBe('interrupted');
    const second = await commitIncrement(store, id, base, increment);
    expect(second.revision).toEqual(first.revision);
    expect(await store.outbox({})).toHaveLength(1);
    expect(profile.runFiles()).toHaveLength(2);
  });

  it('answers by code while the database cannot be opened, and goes on once it can', async () => {
    await store.saveSetting('theme', '"dark"');
    const move = (from: string, to: string) => {
      for (const suffix of ['', '-wal']) {
        if (existsSync(`${from}${suffix}`)) renameSync(`${from}${suffix}`, `${to}${suffix}`);
      }
    };
    const again = reopening();
    move(database(), join(profile.folder, 'aside'));
    writeFileSync(database(), randomBytes(8192));
    await threads.started.at(-1)?.terminate();
    await again;
    expect(reopened).toEqual(['damaged']);
    await expect(store.setting('theme')).rejects.toMatchObject({ name: 'StoreError', code: 'damaged' });
    await expect(store.accounts()).rejects.toMatchObject({ name: 'StoreError', code: 'damaged' });
    expect(reopened).toEqual(['damaged']);
    move(join(profile.folder, 'aside'), database());
    expect(await store.setting('theme')).toBe('"dark"');
  });

  it('is closed for good after three deaths without an answer, and can be put away', async () => {
    threads.killNext();
    await threads.started.at(-1)?.terminate();
    const codes: string[] = [];
    for (let calls = 0; calls < 4; calls++) {
      await store.accounts().catch((error: { code: string }) => codes.push(error.code));
    }
    expect(codes).toEqual(['closed', 'closed', 'closed', 'closed']);
    expect(deaths).toBe(3);
    await store.close();
  });

  it('is not started again once the store is closed', async () => {
    const before = threads.started.length;
    await store.close();
    await expect(store.accounts()).rejects.toMatchObject({ code: 'closed' });
    expect(threads.started).toHaveLength(before);
    expect(deaths).toBe(0);
  });
});
