/** Signatures that are finished at about the same time wait for the disk together; one that fails takes no other with it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '../../../main/store/index.ts';
import { aTransaction } from '../../unit/inbox/model-fixtures.ts';
import { anAccount, commitIncrement, makeProfile, type Profile, putBase, sha256, somePdf } from './open-profile.ts';

let profile: Profile;
let store: Store;
beforeEach(async () => {
  profile = makeProfile();
  store = await profile.openInThread();
  await store.putAccount(anAccount, '{}');
});
afterEach(async () => {
  await store.close();
  profile.remove();
});

/** Frames that end a transaction: those whose header gives the database's size after it (SQLite file format, 4.1). */
function transactionsInLog(): number {
  const log = readFileSync(join(profile.folder, 'desk.db-wal'));
  const frame = 24 + log.readUInt32BE(8);
  let ends = 0;
  // Frames of an older round of the log have another salt.
  for (let at = 32; at + frame <= log.length; at += frame) {
    const isOfThisRound = log.subarray(at + 8, at + 16).equals(log.subarray(16, 24));
    if (isOfThisRound && log.readUInt32BE(at + 4) !== 0) ends++;
  }
  return ends;
}

const COUNT = 24;
const idOf = (i: number) => `account-1:t${i}`;

async function makeReady() {
  const items = Array.from({ length: COUNT }, (_, i) => aTransaction(`t${i}`));
  await store.applyPull('account-1', items, []);
  const bases = items.map(() => somePdf());
  for (const [i, base] of bases.entries()) await putBase(store, idOf(i), base);
  return bases;
}

function signed(bases: readonly Buffer[], i: number, { base = bases[i], jobId = `job-${i}` } = {}) {
  return commitIncrement(store, idOf(i), base ?? Buffer.alloc(0), Buffer.from(`increment of ${jobId}`), { jobId });
}

it('commits many with few waits for the disk, and all of them are there after the thread has died', async () => {
  const bases = await makeReady();
  const before = transactionsInLog();
  const answers = await Promise.all(bases.map((_, i) => signed(bases, i)));
  expect(transactionsInLog() - before).toBeLessThan(COUNT / 3);
  expect(transactionsInLog()).toBeGreaterThan(before);
  expect(await store.outbox({})).toHaveLength(COUNT);
  await store.close();
  store = await profile.openInThread();
  for (const [i, { revision }] of answers.entries()) {
    const document = await store.document(idOf(i), 'document-1');
    expect(document?.revision).toEqual(revision);
    expect(sha256(await store.readRevision(revision, 0, revision.sizeBytes))).toBe(revision.sha256);
  }
});

it('refuses one of a group alone: of another base, or the second of two on the same; what is asked twice is done once', async () => {
  const bases = await makeReady();
  const runsBefore = profile.runFiles().length;
  const all = await Promise.allSettled([
    signed(bases, 0),
    signed(bases, 1, { base: somePdf() }),
    signed(bases, 2),
    signed(bases, 2, { jobId: 'another' }),
    signed(bases, 3),
    signed(bases, 3),
  ]);
  expect(all.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  const codes = all.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
  expect(codes).toEqual(['not-found', 'not-found']);
  expect((await store.outbox({})).map(({ id }) => id).toSorted()).toEqual(['row-job-0', 'row-job-2', 'row-job-3']);
  // No file is left of what was refused.
  expect(profile.runFiles()).toHaveLength(runsBefore + 3);
});

it('commits what waits before it closes', async () => {
  const bases = await makeReady();
  const [, ...answers] = await Promise.all([
    store.close(),
    ...bases.slice(0, 3).map((_, i) => signed(bases, i).catch((error) => error.code)),
  ]);
  store = await profile.openInThread();
  const rows = await store.outbox({});
  expect(rows).toHaveLength(answers.filter((answer) => typeof answer !== 'string').length);
});
