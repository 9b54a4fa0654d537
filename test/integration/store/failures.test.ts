/** What a disk can do to a profile: each failure has its code, and what was committed before is there afterwards. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../main/store/index.ts';
import { aTransaction } from '../../unit/inbox/model-fixtures.ts';
import { anAccount, commitIncrement, makeProfile, type Profile, putBase, somePdf } from './open-profile.ts';

const SMALL_DISK_BYTES = 4 * 1024 * 1024;

/** A disk of its own, small; needs root. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK_BYTES}`, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

const probe = mountSmallDisk();
if (probe !== undefined) {
  execFileSync('umount', [probe]);
  rmSync(probe, { recursive: true });
}

const many = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) =>
    aTransaction(`m${from + i}`, { title: randomBytes(400).toString('hex'), updatedAt: from + i }),
  );

describe.skipIf(probe === undefined)('a small disk (mounting one needs root)', () => {
  let disk: string;
  let profile: Profile;
  let store: Store;
  beforeEach(async () => {
    disk = mountSmallDisk() ?? '';
    profile = makeProfile(disk);
    store = await profile.open();
    await store.putAccount(anAccount, '{}');
    await store.applyPull('account-1', [aTransaction('1')], []);
  });
  afterEach(async () => {
    await store.close().catch(() => undefined);
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  it('that is full is said to be, loses nothing, and is worked on when there is room again', async () => {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, randomBytes(1024 * 1024));
    let pulled = 0;
    const fill = async () => {
      for (;;) {
        await store.applyPull('account-1', many(pulled, 20), []);
        pulled += 20;
      }
    };
    await expect(fill()).rejects.toMatchObject({ name: 'StoreError', code: 'disk-full' });
    await expect(putBase(store, 'account-1:1', somePdf(2 * 1024 * 1024))).rejects.toMatchObject({ code: 'disk-full' });
    expect((await store.inbox({ view: 'all', offset: 0, limit: 1 })).total).toBe(pulled + 1);
    rmSync(ballast);
    await store.applyPull('account-1', many(pulled, 20), []);
    await store.close();
    store = await profile.open();
    expect((await store.inbox({ view: 'all', offset: 0, limit: 1 })).total).toBe(pulled + 21);
    expect(profile.runFiles()).toEqual([]);
  });

  it('that cannot be written is said to be, and the profile opens as it was when it can', async () => {
    await putBase(store, 'account-1:1', somePdf());
    await store.close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await expect(profile.open()).rejects.toMatchObject({ name: 'StoreError', code: 'read-only' });
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    store = await profile.open();
    expect((await store.transaction('account-1:1'))?.title).toBe('Lease 1');
    expect(profile.runFiles()).toHaveLength(1);
  });
});

describe('a damaged database', () => {
  it('is said to be, in the part that is damaged and at no other, and is left as it is', async () => {
    const profile = makeProfile();
    let store = await profile.open();
    await store.putAccount(anAccount, '{}');
    await store.applyPull('account-1', many(0, 300), []);
    await store.close();
    const database = join(profile.folder, 'desk.db');
    const pages = Math.floor(statSync(database).size / 4096);
    const file = openSync(database, 'r+');
    // All but the first pages, which hold the schema.
    for (let page = 60; page < pages; page++) writeSync(file, randomBytes(16), 0, 16, page * 4096 + 500);
    closeSync(file);
    const before = readFileSync(database);
    const work = async () => {
      store = await profile.open();
      for (let i = 0; i < 300; i++) await store.transaction(`account-1:m${i}`);
    };
    await expect(work()).rejects.toMatchObject({ name: 'StoreError', code: 'damaged' });
    await store.close().catch(() => undefined);
    expect(readFileSync(database).equals(before)).toBe(true);
    profile.remove();
  });
});

describe('the room a document takes', () => {
  it('is its own and its signatures’ tails, and nothing once nobody refers to it', async () => {
    const profile = makeProfile();
    const store = await profile.open();
    await store.putAccount(anAccount, '{}');
    const signers = Array.from({ length: 5 }, (_, i) => ({ jobId: `job-${i}`, requestId: `request-${i}` }));
    await store.applyPull('account-1', [aTransaction('1')], []);
    let whole: Uint8Array = somePdf(3_000_000);
    const base = whole.length;
    await putBase(store, 'account-1:1', whole);
    const tails = [9_000, 20_000, 300_000, 1, 65_536];
    for (const [i, signer] of signers.entries()) {
      ({ whole } = await commitIncrement(store, 'account-1:1', whole, randomBytes(tails[i] ?? 0), signer));
    }
    const sizes = profile.runFiles().map((name) => statSync(join(profile.runsDir, name)).size);
    // A header of 8 bytes a run, 28 bytes a chunk of 256 KiB.
    const sealed = (bytes: number) => 8 + bytes + 28 * Math.max(1, Math.ceil(bytes / (256 * 1024)));
    expect(sizes.toSorted((a, b) => a - b)).toEqual([base, ...tails].map(sealed).toSorted((a, b) => a - b));
    await store.removeAccount('account-1');
    expect(profile.runFiles()).toEqual([]);
    await store.close();
    profile.remove();
  });
});
