import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../main/store/index.ts';
import { aDocument, aRequest, aTransaction } from '../../unit/inbox/model-fixtures.ts';
import {
  aJob,
  anAccount,
  commitIncrement,
  makeProfile,
  type Profile,
  putBase,
  sha256,
  somePdf,
} from './open-profile.ts';

let profile: Profile;
let store: Store;
const id = 'account-1:1';
const requests = [aRequest(), aRequest({ id: 'request-2', group: 1 }), aRequest({ id: 'theirs', mine: false })];

/** The transaction as the provider shows it, with these requests signed and this resource current. */
function remote(resourceId: string, ...signed: string[]) {
  const signatureRequests = requests.map((r) => (signed.includes(r.id) ? { ...r, state: 'signed' as const } : r));
  return aTransaction('1', { documents: [aDocument({ currentResourceId: resourceId, signatureRequests })] });
}

beforeEach(async () => {
  profile = makeProfile();
  store = await profile.open();
  await store.putAccount(anAccount, '{}');
  await store.applyPull('account-1', [remote('resource-1')], []);
});
afterEach(async () => {
  await store.close();
  profile.remove();
});

const pull = (transaction: ReturnType<typeof remote>) => store.applyPull('account-1', [transaction], []);
const shownHash = async () => (await store.document(id, 'document-1'))?.revision.sha256;
const readAll = async () => {
  const document = await store.document(id, 'document-1');
  if (!document) return undefined;
  return Buffer.from(await store.readRevision(document.revision, 0, document.revision.sizeBytes));
};

describe('a document’s bytes', () => {
  it('are not here before they were fetched', async () => {
    expect(await store.document(id, 'document-1')).toBeUndefined();
    expect(await store.document('none', 'none')).toBeUndefined();
  });

  it('are read at any place', async () => {
    const pdf = somePdf(200_000);
    const { revision, resourceId } = await putBase(store, id, pdf);
    expect(resourceId).toBe('resource-1');
    const part = await store.readRevision(revision, 65_000, 70_000);
    expect(Buffer.from(part).equals(pdf.subarray(65_000, 135_000))).toBe(true);
    await expect(store.readRevision(revision, revision.sizeBytes, 1)).rejects.toThrow(RangeError);
  });

  it('are stored once where two documents are equal, until none needs them', async () => {
    await store.applyPull('account-1', [aTransaction('2')], []);
    const pdf = somePdf();
    await putBase(store, id, pdf);
    await putBase(store, 'account-1:2', pdf);
    expect(profile.runFiles()).toHaveLength(1);
    await store.applyPull('account-1', [], ['1']);
    expect(profile.runFiles()).toHaveLength(1);
    await store.applyPull('account-1', [], ['2']);
    expect(profile.runFiles()).toHaveLength(0);
  });

  it('are to be fetched anew when the provider has moved on, and the old ones go', async () => {
    await putBase(store, id, somePdf());
    await pull(remote('resource-2', 'theirs'));
    expect(await store.document(id, 'document-1')).toBeUndefined();
    const newer = somePdf();
    await putBase(store, id, newer, { resourceId: 'resource-2' });
    expect(await shownHash()).toBe(sha256(newer));
    expect(profile.runFiles()).toHaveLength(1);
  });

  it('are refused where the provider moved on while they came in', async () => {
    await pull(remote('resource-2', 'theirs'));
    await expect(putBase(store, id, somePdf())).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are damaged where their file is gone', async () => {
    const { revision } = await putBase(store, id, somePdf());
    await store.close();
    const { rmSync } = await import('node:fs');
    rmSync(`${profile.runsDir}/${profile.runFiles()[0]}`);
    store = await profile.open();
    await expect(store.readRevision(revision, 0, 10)).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('a signature made here', () => {
  it('becomes the document’s next revision with its job and its outbox row, for base and tail', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const { whole, revision, row } = await commitIncrement(store, id, pdf, randomBytes(500));
    expect(await readAll()).toEqual(whole);
    expect(await store.job('job-1')).toMatchObject({ stateKind: 'queued' });
    expect(await store.outbox({})).toMatchObject([{ ...row, state: 'pending', sequence: 1, revision }]);
    expect((await store.transaction(id))?.documents[0]?.signatureRequests[0]?.state).toBe('signed');
    expect(profile.runFiles()).toHaveLength(2);
  });

  it('is refused on other bytes than those that are here, and leaves nothing', async () => {
    await putBase(store, id, somePdf());
    const other = commitIncrement(store, id, somePdf(), randomBytes(500));
    await expect(other).rejects.toMatchObject({ code: 'not-found' });
    expect(await store.outbox({})).toEqual([]);
    expect(profile.runFiles()).toHaveLength(1);
  });

  it('is kept while the provider moves on under it, also before it is committed', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    await store.putJobs([aJob(id, { stateKind: 'awaiting-timestamp' })]);
    await pull(remote('resource-2', 'theirs'));
    expect(await shownHash()).toBe(sha256(pdf));
    await putBase(store, id, somePdf(), { resourceId: 'resource-2' });
    const { whole } = await commitIncrement(store, id, pdf, randomBytes(500));
    expect(await readAll()).toEqual(whole);
  });

  it('gives way to the provider’s bytes when it is parked, and its file is kept', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const { whole, row } = await commitIncrement(store, id, pdf, randomBytes(500));
    await pull(remote('resource-2', 'theirs'));
    expect(await shownHash()).toBe(sha256(whole));
    await store.updateOutbox(row.id, { state: 'parked', code: 'document-moved-on' });
    expect(await store.document(id, 'document-1')).toBeUndefined();
    const newer = somePdf();
    await putBase(store, id, newer, { resourceId: 'resource-2' });
    expect(await shownHash()).toBe(sha256(newer));
    const [parked] = await store.outbox({ unconfirmed: true });
    if (!parked?.revision) throw new Error('the parked row has lost its revision');
    const kept = await store.readRevision(parked.revision, 0, parked.revision.sizeBytes);
    expect(sha256(kept)).toBe(sha256(whole));
  });

  it('can be made again on the provider’s new bytes beside the parked one', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const { row } = await commitIncrement(store, id, pdf, randomBytes(500));
    await store.updateOutbox(row.id, { state: 'parked', code: 'document-moved-on' });
    await pull(remote('resource-2', 'theirs'));
    const newer = somePdf();
    await putBase(store, id, newer, { resourceId: 'resource-2' });
    const again = await commitIncrement(store, id, newer, randomBytes(500), { jobId: 'job-2' });
    expect(await readAll()).toEqual(again.whole);
    expect((await store.transaction(id))?.documents[0]?.signatureRequests[0]?.state).toBe('signed');
  });

  it('shows the base again when it is parked and nothing else changed', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const { row } = await commitIncrement(store, id, pdf, randomBytes(500));
    await store.updateOutbox(row.id, { state: 'failed', code: 'refused' });
    expect(await shownHash()).toBe(sha256(pdf));
  });

  it('is the provider’s current resource once confirmed', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const { whole, row } = await commitIncrement(store, id, pdf, randomBytes(500));
    await store.confirmOutbox(row.id, { transaction: remote('resource-2', 'request-1') });
    expect(await store.document(id, 'document-1')).toMatchObject({
      resourceId: 'resource-2',
      revision: { sha256: sha256(whole) },
    });
    await pull(remote('resource-3', 'request-1', 'theirs'));
    expect(await store.document(id, 'document-1')).toBeUndefined();
    await putBase(store, id, somePdf(), { resourceId: 'resource-3' });
    expect(profile.runFiles()).toHaveLength(1);
  });

  it('is to be fetched again where somebody else’s came with the confirmation', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const { row } = await commitIncrement(store, id, pdf, randomBytes(500));
    await store.confirmOutbox(row.id, { transaction: remote('resource-3', 'request-1', 'theirs') });
    expect(await store.document(id, 'document-1')).toBeUndefined();
  });

  it('is found again where the same bytes are fetched', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const { row, whole } = await commitIncrement(store, id, pdf, randomBytes(500));
    await store.confirmOutbox(row.id, {});
    expect(await store.document(id, 'document-1')).toBeUndefined();
    await pull(remote('resource-2', 'request-1'));
    await putBase(store, id, whole, { resourceId: 'resource-2' });
    expect(await readAll()).toEqual(whole);
    expect(profile.runFiles()).toHaveLength(2);
  });
});

describe('two signatures of mine on one document', () => {
  it('form a chain, each delivered in its turn', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const first = await commitIncrement(store, id, pdf, randomBytes(500));
    const second = await commitIncrement(store, id, first.whole, randomBytes(600), {
      jobId: 'job-2',
      requestId: 'request-2',
    });
    const rows = await store.outbox({ unconfirmed: true });
    expect(rows.map(({ revision }) => revision?.sha256)).toEqual([sha256(first.whole), sha256(second.whole)]);
    await store.confirmOutbox(first.row.id, { transaction: remote('resource-2', 'request-1') });
    expect(await readAll()).toEqual(second.whole);
    await store.confirmOutbox(second.row.id, { transaction: remote('resource-3', 'request-1', 'request-2') });
    expect(await store.document(id, 'document-1')).toMatchObject({
      resourceId: 'resource-3',
      revision: { sha256: sha256(second.whole) },
    });
  });

  it('fall back together when the first is parked', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const first = await commitIncrement(store, id, pdf, randomBytes(500));
    await commitIncrement(store, id, first.whole, randomBytes(600), { jobId: 'job-2', requestId: 'request-2' });
    await store.updateOutbox(first.row.id, { state: 'parked', code: 'not-permitted' });
    expect(await shownHash()).toBe(sha256(pdf));
    const states = (await store.transaction(id))?.documents[0]?.signatureRequests.map(({ state }) => state);
    expect(states).toEqual(['ready', 'ready', 'ready']);
  });
});
