/** Databases of every older version, opened by the newest code: what was in it, and what is left when the process dies meanwhile. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../main/store/index.ts';
import { migrations } from '../../../main/store/migrations/index.ts';
import { makeProfile, type Profile } from './open-profile.ts';

const vectorOf = (version: number) =>
  fileURLToPath(new URL(`../../vectors/store/version-${version}.db`, import.meta.url));
const vector = vectorOf(1);
const backend = fileURLToPath(new URL('../../../main/store/backend.ts', import.meta.url));

let profile: Profile;
let database: string;
beforeEach(() => {
  profile = makeProfile();
  database = join(profile.folder, 'desk.db');
  copyFileSync(vector, database);
});
afterEach(() => profile.remove());

async function expectAllThere(store: Store): Promise<void> {
  const page = await store.inbox({ view: 'all', offset: 0, limit: 50 });
  expect(page.items.map(({ remoteId }) => Number(remoteId))).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i));
  expect(page.counts).toMatchObject({ all: 40, done: 10, 'to-sign': 29, declined: 1, outbox: 1 });
  expect((await store.inbox({ view: 'all', search: 'hurry', offset: 0, limit: 5 })).items[0]?.remoteId).toBe('7');
  expect((await store.inbox({ view: 'all', tags: ['clinic'], urgentOnly: true, offset: 0, limit: 5 })).total).toBe(4);
  expect(await store.transaction('account-1:3')).toMatchObject({ status: 'declined' });
  expect(await store.outbox({})).toMatchObject([{ id: 'row-1', state: 'pending', kind: 'decline' }]);
  expect(await store.notes('account-1:7')).toMatchObject([{ text: 'please hurry' }]);
  expect(await store.credentials('account-1')).toBe('{"token":"secret-token"}');
  expect(await store.setting('theme')).toBe('"dark"');
}

describe('a database of each older version', () => {
  const older = migrations.map((_, index) => index).slice(1);
  it.each(older)('%i is brought to the newest with all that is in it', async (version) => {
    copyFileSync(vectorOf(version), database);
    const store = await profile.open();
    await expectAllThere(store);
    expect(readFileSync(`${database}.v${version}.backup`).equals(readFileSync(vectorOf(version)))).toBe(true);
    const [row] = await store.outbox({});
    // What a row had been through is kept; the time of its last change was not known before the fourth migration.
    const tried = version < 3 ? { attempts: 0 } : { attempts: 3, retryAt: 60_001, code: 'offline' };
    expect(row).toMatchObject({ ...tried, createdAt: 1, changedAt: 1 });
    const marks = version < 3 ? [] : [{ id: 'mark-1', label: 'By hand', preferred: true }];
    expect(await store.marks()).toMatchObject(marks);
    expect(await store.activity({ limit: 10 })).toEqual([]);
    await store.close();
  });
});

describe('a database of the first version', () => {
  it('is brought to the newest with all that is in it, after a copy that is encrypted as it is', async () => {
    const store = await profile.open();
    await expectAllThere(store);
    expect(readFileSync(`${database}.v1.backup`).equals(readFileSync(vector))).toBe(true);
    await store.close();
    const bytes = profile.bytes();
    expect(['Lease 7', 'please hurry', 'secret-token', 'SQLite format'].filter((text) => bytes.includes(text))).toEqual(
      [],
    );
    const again = await profile.open();
    await expectAllThere(again);
    await again.removeAccount('account-1');
    expect(existsSync(`${database}.v1.backup`)).toBe(false);
    expect(await again.setting('theme')).toBe('"dark"');
    await again.close();
  });

  const sizeOf = (name: string) => statSync(join(profile.folder, name), { throwIfNoEntry: false })?.size ?? 0;
  it.each([
    ['the copy begins', () => readdirSync(profile.folder).some((name) => name.includes('.backup'))],
    ['the copy is made', () => sizeOf('desk.db.v1.backup') > 0],
    ['the first page is written', () => sizeOf('desk.db-wal') > 0],
    ['it is half way', () => sizeOf('desk.db-wal') > 200_000],
    ['it is nearly done', () => sizeOf('desk.db-wal') > 400_000],
  ])('loses nothing where the process is killed when %s', async (_when, reached) => {
    const open = `import { openBackend } from ${JSON.stringify(backend)};
      openBackend({ databasePath: ${JSON.stringify(database)}, runsDir: ${JSON.stringify(profile.runsDir)}, key: new Uint8Array(32).fill(5) });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', open], { stdio: 'ignore' });
    const gone = once(child, 'exit');
    while (child.exitCode === null && child.signalCode === null && !reached()) await setImmediate();
    child.kill('SIGKILL');
    await gone;
    const store = await profile.open();
    await expectAllThere(store);
    await store.close();
    expect(readdirSync(profile.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
