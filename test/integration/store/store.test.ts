import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRevision, type Store } from '../../../main/store/index.ts';
import { aDocument, aForm, aNote, aRequest, aTransaction } from '../../unit/inbox/model-fixtures.ts';
import {
  aJob,
  anAccount,
  aRow,
  commitIncrement,
  dataKey,
  makeProfile,
  type Profile,
  putBase,
  sha256,
  somePdf,
} from './open-profile.ts';

let profile: Profile;
let store: Store;
const id = 'account-1:1';

beforeEach(async () => {
  profile = makeProfile();
  store = await profile.open();
  await store.putAccount(anAccount, '{"token":"secret-token"}');
  await store.applyPull('account-1', [aTransaction('1')], []);
});
afterEach(async () => {
  await store.close();
  profile.remove();
});

async function reopen(): Promise<Store> {
  await store.close();
  store = await profile.open();
  return store;
}

const inbox = (view: 'all' | 'to-do' | 'outbox' = 'all', search?: string) =>
  store.inbox({ view, offset: 0, limit: 50, ...(search === undefined ? {} : { search }) });
const titles = async (search: string) => (await inbox('all', search)).items.map(({ title }) => title);

describe('opening a profile in its thread', () => {
  it('refuses another key, and a second opening while it is open', async () => {
    await expect(profile.openInThread()).rejects.toMatchObject({ name: 'StoreError', code: 'profile-locked' });
    await store.close();
    await expect(profile.openInThread(new Uint8Array(32))).rejects.toMatchObject({ code: 'wrong-key' });
    store = await profile.openInThread();
    expect(await store.accounts()).toEqual([anAccount]);
  });

  it('answers every call as the port says, errors with it', async () => {
    await store.close();
    store = await profile.openInThread();
    const pdf = somePdf(100_000);
    const { revision } = await putBase(store, id, pdf);
    const part = await store.readRevision(revision, 65_000, 10_000);
    expect(Buffer.from(part).equals(pdf.subarray(65_000, 75_000))).toBe(true);
    await expect(store.readRevision(revision, revision.sizeBytes, 1)).rejects.toThrow(RangeError);
    await expect(store.credentials('nobody')).rejects.toMatchObject({ name: 'StoreError', code: 'not-found' });
    expect(await store.setting('none')).toBeUndefined();
    await store.putJobs([aJob(id, { signature: randomBytes(20) })]);
    expect((await store.job('job-1'))?.signature).toHaveLength(20);
  });

  it('answers closed once it is closed, however often it is closed', async () => {
    await store.close();
    store = await profile.openInThread();
    await store.close();
    await store.close();
    await expect(store.accounts()).rejects.toMatchObject({ name: 'StoreError', code: 'closed' });
  });
});

describe('a database that is none', () => {
  it('is refused and left alone', async () => {
    await store.close();
    const path = join(profile.folder, 'desk.db');
    const bytes = randomBytes(8192);
    writeFileSync(path, bytes);
    await expect(profile.open()).rejects.toMatchObject({ code: 'wrong-key' });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});

describe('accounts and settings', () => {
  it('are kept, with their credentials and sync state', async () => {
    await store.saveCredentials('account-1', '{"token":"newer"}');
    await store.saveSyncState('account-1', '{"cursor":1}');
    await store.setAccountState('account-1', 'sign-in-expired');
    await store.saveSetting('theme', '"dark"');
    await reopen();
    expect(await store.credentials('account-1')).toBe('{"token":"newer"}');
    expect(await store.syncState('account-1')).toBe('{"cursor":1}');
    expect((await store.accounts())[0]?.state).toBe('sign-in-expired');
    expect(await store.setting('theme')).toBe('"dark"');
    expect(await store.setting('other')).toBeUndefined();
  });

  it('leave nothing behind when an account goes', async () => {
    await putBase(store, id, somePdf());
    await store.putNotes(id, [aNote('n')]);
    await store.putJobs([aJob(id)]);
    await store.removeAccount('account-1');
    expect(await store.accounts()).toEqual([]);
    expect((await inbox()).total).toBe(0);
    expect((await inbox('all', 'lease')).total).toBe(0);
    expect(await store.jobs({})).toEqual([]);
    expect(profile.runFiles()).toEqual([]);
  });

  it.each([
    ['credentials', () => store.credentials('nobody')],
    ['saveCredentials', () => store.saveCredentials('nobody', '')],
    ['setAccountState', () => store.setAccountState('nobody', 'signed-in')],
    ['removeAccount', () => store.removeAccount('nobody')],
    ['applyPull', () => store.applyPull('nobody', [aTransaction('9', { accountId: 'nobody' })], [])],
    ['putNotes', () => store.putNotes('account-1:9', [])],
    ['putJobs', () => store.putJobs([aJob('account-1:9')])],
    ['updateOutbox', () => store.updateOutbox('nothing', { state: 'parked' })],
    ['confirmOutbox', () => store.confirmOutbox('nothing', {})],
    ['commitChange', () => store.commitChange(aRow('account-1:9', { kind: 'note-added', text: 'x' }), {})],
    ['appendRun', () => store.appendRun('nothing', new Uint8Array(1))],
    ['setBase', () => store.setBase(id, 'document-1', 'resource-1', 'nothing')],
  ])('%s answers not-found for what is not there', async (_name, call) => {
    await expect(call()).rejects.toMatchObject({ name: 'StoreError', code: 'not-found' });
  });
});

describe('the inbox', () => {
  it('lists newest change first, by view, in pages, with counts', async () => {
    const pulled = [
      aTransaction('old', { updatedAt: 10 }),
      aTransaction('new', { updatedAt: 5000, status: 'signed' }),
      aTransaction('fill', { updatedAt: 3000, status: 'to-fill' }),
    ];
    expect(await store.applyPull('account-1', pulled, [])).toEqual({ changed: pulled.map((t) => t.id) });
    const all = await inbox();
    expect(all.items.map(({ remoteId }) => remoteId)).toEqual(['new', 'fill', '1', 'old']);
    expect(all.items[0]).toMatchObject({ documentCount: 1, sync: 'synced' });
    expect(all.counts).toMatchObject({ all: 4, 'to-do': 3, 'to-fill': 1, 'to-sign': 2, done: 1, outbox: 0 });
    const second = await store.inbox({ view: 'to-do', offset: 1, limit: 1 });
    expect(second.items.map(({ remoteId }) => remoteId)).toEqual(['1']);
    expect(second.total).toBe(3);
    expect((await store.inbox({ view: 'all', accountId: 'other', offset: 0, limit: 5 })).total).toBe(0);
  });

  it('says what changed in a pull, and forgets what was deleted', async () => {
    expect(await store.applyPull('account-1', [aTransaction('1')], [])).toEqual({ changed: [] });
    const renamed = aTransaction('1', { title: 'Renamed' });
    expect(await store.applyPull('account-1', [renamed], [])).toEqual({ changed: [id] });
    expect(await store.applyPull('account-1', [], ['1', 'unknown'])).toEqual({ changed: [id] });
    expect(await store.transaction(id)).toBeUndefined();
    expect(await titles('renamed')).toEqual([]);
  });

  it('keeps what was deleted while work of mine has not arrived', async () => {
    await store.commitChange(aRow(id, { kind: 'note-added', text: 'x' }), {});
    await store.applyPull('account-1', [], ['1']);
    expect(await store.transaction(id)).toBeDefined();
  });

  it('finds beginnings of words in titles, tags, people, documents and notes', async () => {
    await store.applyPull(
      'account-1',
      [
        aTransaction('2', {
          title: 'Mietvertrag für Büro',
          tags: ['urgent-tag'],
          senderName: 'Zoë Zimmer',
          documents: [
            aDocument({
              title: 'annex.pdf',
              signatureRequests: [aRequest({ signerName: 'Quentin Quirk', mine: false })],
            }),
          ],
        }),
      ],
      [],
    );
    await store.putNotes('account-1:2', [aNote('n', { text: 'please hurry' })]);
    for (const search of ['miet', 'buro', 'urg', 'zoe zim', 'ann', 'quen', 'hur', 'vertrag'].slice(0, 7)) {
      expect(await titles(search), search).toEqual(['Mietvertrag für Büro']);
    }
    expect(await titles('vertrag')).toEqual([]);
    expect(await titles('miet lease')).toEqual([]);
    expect(await titles('"miet* OR -(')).toEqual([]);
  });
});

describe('notes', () => {
  it('are replaced by the provider’s, but for those it does not know yet', async () => {
    await store.putNotes(id, [aNote('a'), aNote('b')]);
    const mine = aNote('mine', { mine: true, unsent: true, createdAt: 2000 });
    await store.commitChange(aRow(id, { kind: 'note-added', text: mine.text }), { note: mine });
    await store.putNotes(id, [aNote('b', { text: 'changed' })]);
    expect(await store.notes(id)).toEqual([aNote('b', { text: 'changed' }), mine]);
    expect((await inbox('outbox')).items).toMatchObject([{ id, sync: 'waiting' }]);
    expect(await titles('mine')).toHaveLength(1);
  });

  it('become the provider’s own copy on confirmation, or no longer unsent', async () => {
    const mine = aNote('mine', { mine: true, unsent: true });
    await store.commitChange(aRow(id, { kind: 'note-added', text: 'x' }, 'r1'), { note: mine });
    await store.commitChange(aRow(id, { kind: 'note-added', text: 'x' }, 'r2'), { note: { ...mine, id: 'mine-2' } });
    await store.confirmOutbox('r1', { notes: [aNote('server-1', { mine: true })] });
    expect((await store.notes(id)).map((note) => [note.id, note.unsent])).toEqual([
      ['mine-2', true],
      ['server-1', false],
    ]);
    await store.confirmOutbox('r2', {});
    expect((await store.notes(id)).map((note) => [note.id, note.unsent])).toEqual([
      ['mine-2', false],
      ['server-1', false],
    ]);
  });
});

describe('changes made here', () => {
  const decline = aRow(id, {
    kind: 'decline',
    documentId: 'document-1',
    signatureRequestId: 'request-1',
    declinedAt: 1,
    reason: 'No',
  });

  it('stay visible over what is pulled until they are confirmed', async () => {
    await store.commitChange(decline, {});
    expect((await store.transaction(id))?.status).toBe('declined');
    await store.applyPull('account-1', [aTransaction('1', { title: 'Renamed' })], []);
    expect(await store.transaction(id)).toMatchObject({ title: 'Renamed', status: 'declined' });
    await reopen();
    expect((await inbox('all')).items[0]).toMatchObject({ status: 'declined', sync: 'waiting' });
    await store.confirmOutbox(decline.id, { transaction: aTransaction('1', { status: 'declined', title: 'At rest' }) });
    expect(await store.transaction(id)).toMatchObject({ title: 'At rest', status: 'declined' });
    expect(await store.transactionSync(id)).toBe('synced');
    expect(await store.outbox({ unconfirmed: true })).toEqual([]);
    expect(await store.outbox({})).toHaveLength(1);
  });

  it('stay visible after a confirmation that brought nothing', async () => {
    await store.commitChange(decline, {});
    await store.confirmOutbox(decline.id, {});
    expect((await store.transaction(id))?.status).toBe('declined');
  });

  it('give way to the provider’s view while they are parked, and come back on retry', async () => {
    await store.commitChange(decline, {});
    await store.updateOutbox(decline.id, { state: 'parked', code: 'signed-elsewhere' });
    expect((await store.transaction(id))?.status).toBe('to-sign');
    expect(await store.transactionSync(id)).toBe('needs-attention');
    await store.updateOutbox(decline.id, { state: 'unknown', code: undefined });
    expect((await store.transaction(id))?.status).toBe('declined');
  });

  it('are shown as given until the provider is heard of again', async () => {
    const filled = aTransaction('1', { documents: [aDocument({ forms: [aForm({ filled: true, value: 'Mia' })] })] });
    const row = aRow(id, { kind: 'fill', values: [] });
    await store.commitChange(row, { transaction: filled, jobs: [aJob(id, { stateKind: 'awaiting-filled-document' })] });
    expect(await store.transaction(id)).toEqual(filled);
    expect(await store.jobs({ unfinished: true })).toHaveLength(1);
  });

  it('keep what a delivery stores of them', async () => {
    await store.commitChange(decline, {});
    await store.updateOutbox(decline.id, {
      state: 'sending',
      memo: '{"a":1}',
      attempts: 2,
      retryAt: 50,
      code: 'offline',
    });
    await reopen();
    const [row] = await store.outbox({ transactionId: id });
    expect(row).toMatchObject({
      ...decline,
      state: 'sending',
      memo: '{"a":1}',
      attempts: 2,
      retryAt: 50,
      code: 'offline',
    });
    await store.updateOutbox(decline.id, { retryAt: undefined, code: undefined });
    expect((await store.outbox({}))[0]).toMatchObject({
      attempts: 2,
      retryAt: undefined,
      code: undefined,
      memo: '{"a":1}',
    });
  });

  it('are all or nothing: a row’s id is taken once', async () => {
    await store.commitChange(decline, {});
    const again = store.commitChange(decline, { note: aNote('lost') });
    await expect(again).rejects.toMatchObject({ code: 'failed' });
    expect(await store.notes(id)).toEqual([]);
  });
});

describe('jobs', () => {
  it('are kept with their blobs, and listed by what is asked', async () => {
    const job = aJob(id, {
      stateKind: 'signed',
      increment: randomBytes(70_000),
      signedAttributes: randomBytes(90),
      signature: randomBytes(256),
    });
    await store.putJobs([job, aJob(id, { id: 'job-2', batchId: 'batch-2', stateKind: 'delivered' })]);
    await store.putJobs([{ ...job, timestampToken: randomBytes(10), updatedAt: 9 }]);
    await reopen();
    const kept = await store.job('job-1');
    expect(kept).toMatchObject({ stateKind: 'signed', updatedAt: 9, batchId: 'batch-1' });
    expect(sha256(kept?.increment ?? new Uint8Array())).toBe(sha256(job.increment ?? new Uint8Array(1)));
    expect(kept?.timestampToken).toHaveLength(10);
    const ids = async (filter: Parameters<Store['jobs']>[0]) => (await store.jobs(filter)).map((j) => j.id);
    expect(await ids({})).toEqual(['job-1', 'job-2']);
    expect(await ids({ unfinished: true })).toEqual(['job-1']);
    expect(await ids({ batchId: 'batch-2' })).toEqual(['job-2']);
    expect(await ids({ transactionId: 'other' })).toEqual([]);
    expect(await store.job('none')).toBeUndefined();
  });
});

describe('the profile’s folder', () => {
  it('holds no plaintext of titles, notes, documents, people or tokens', async () => {
    const words = ['Confidential merger', 'whispered remark', 'document body text', 'Sam Sender', 'secret-token'];
    await store.applyPull('account-1', [aTransaction('1', { title: words[0] ?? '' })], []);
    await store.putNotes(id, [aNote('n', { text: words[1] ?? '' })]);
    const pdf = Buffer.from(`%PDF-1.7\n${words[2]} `.repeat(10_000));
    await putBase(store, id, pdf);
    await commitIncrement(store, id, pdf, Buffer.from(`${words[2]} `.repeat(100)));
    await store.close();
    const bytes = profile.bytes();
    expect(bytes.length).toBeGreaterThan(pdf.length);
    expect([...words, '%PDF-'].filter((word) => bytes.includes(word))).toEqual([]);
    expect([...words].filter((word) => bytes.includes(Buffer.from(word, 'utf16le')))).toEqual([]);
    store = await profile.open();
    expect((await store.transaction(id))?.title).toBe(words[0]);
  });

  it('is swept of what a crash left, and of nothing else', async () => {
    const pdf = somePdf();
    await putBase(store, id, pdf);
    const [base] = profile.runFiles();
    const unfinished = await store.createRun();
    await store.appendRun(unfinished, randomBytes(100));
    const unreferred = await store.createRun();
    await store.finishRun(unreferred);
    expect(profile.runFiles()).toEqual([base, `${unfinished}.part`, unreferred].toSorted());
    appendFileSync(join(profile.runsDir, 'a note of mine.txt'), 'x');
    await reopen();
    expect(profile.runFiles()).toEqual([base, 'a note of mine.txt'].toSorted());
    const document = await store.document(id, 'document-1');
    expect(document?.revision.sha256).toBe(sha256(pdf));
  });

  it('gives an abandoned run’s room back', async () => {
    const runId = await store.createRun();
    await store.appendRun(runId, randomBytes(100));
    await store.abandonRun(runId);
    const finished = await store.createRun();
    await store.finishRun(finished);
    await store.abandonRun(finished);
    expect(profile.runFiles()).toEqual([]);
    await expect(store.appendRun(runId, randomBytes(1))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('another thread', () => {
  it('opens a stored revision with the data key', async () => {
    const pdf = somePdf(100_000);
    await putBase(store, id, pdf);
    const { revision, whole } = await commitIncrement(store, id, pdf, randomBytes(5000));
    const source = await openRevision(profile.runsDir, dataKey, revision);
    expect(source.size).toBe(whole.length);
    const across = await source.read(pdf.length - 10, 20);
    expect(Buffer.from(across).equals(whole.subarray(pdf.length - 10, pdf.length + 10))).toBe(true);
    await expect(source.read(whole.length, 1)).rejects.toThrow(RangeError);
    await source.close();
    const missing = { ...revision, runs: [{ runId: 'f'.repeat(32), sizeBytes: 1 }] };
    await expect(openRevision(profile.runsDir, dataKey, missing)).rejects.toMatchObject({ code: 'damaged' });
  });
});
