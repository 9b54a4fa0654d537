import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConflictChoice } from '../../../preload/model.ts';
import { sha256 } from '../store/open-profile.ts';
import { localId, openDesk, sign, type TestDesk } from './desk.ts';
import {
  addTransaction,
  changeNoteAt,
  deleteAt,
  makeServer,
  notifyAt,
  purgeAt,
  type Server,
  signAt,
  twoSigners,
} from './simulated-provider.ts';

let desk: TestDesk;
let server: Server;
const id = localId('1');
const theirs = Buffer.from('%PDF-1.7 theirs');

beforeEach(async () => {
  server = makeServer();
  addTransaction(server, '1', twoSigners);
  desk = await openDesk(server);
  await desk.sync.syncNow();
});
afterEach(() => desk.close());

const change = (remoteId: string, map: (t: { status: string }) => object) => {
  const entry = server.transactions.get(remoteId);
  if (!entry) throw new Error('no such transaction at the server');
  server.time += 1;
  const { transaction } = entry.remote;
  entry.remote = {
    ...entry.remote,
    transaction: { ...transaction, ...map(transaction), updatedAt: server.time },
  };
};

/** What happens at the provider while a signature made here waits, and what the person can do then. */
const away: Record<string, { happens: () => void; code: string; choices: ConflictChoice[] }> = {
  'somebody else signs': {
    happens: () => void signAt(server, '1', 'theirs', theirs),
    code: 'document-moved-on',
    choices: ['sign-new-version', 'keep-copy', 'tell-sender', 'discard'],
  },
  'I sign on another machine': {
    happens: () => void signAt(server, '1', 'request-1', theirs),
    code: 'signed-elsewhere',
    choices: ['keep-copy', 'tell-sender', 'discard'],
  },
  'it is declined': {
    happens: () => change('1', () => ({ status: 'declined' })),
    code: 'declined',
    choices: ['keep-copy', 'tell-sender', 'discard'],
  },
  'it is deleted': {
    happens: () => deleteAt(server, '1'),
    code: 'deleted',
    choices: ['keep-copy', 'discard'],
  },
  'it is gone without a trace': {
    happens: () => purgeAt(server, '1'),
    code: 'deleted',
    choices: ['keep-copy', 'discard'],
  },
};

async function parked() {
  const whole = await sign(desk, '1', 'job-1');
  return whole;
}

describe.each(Object.entries(away))('a signature made here while %s', (_name, { happens, code, choices }) => {
  it('is put on hold with what happened, its file, and the choices that make sense', async () => {
    const whole = await parked();
    happens();
    await desk.sync.syncNow();
    const [conflict] = await desk.conflicts.list({});
    expect(conflict).toMatchObject({
      id: 'row-job-1',
      transactionId: id,
      kind: 'signature',
      code,
      jobId: 'job-1',
      copy: { sha256: sha256(whole), sizeBytes: whole.length, fileName: 'lease.pdf' },
      choices,
    });
    expect((await desk.store.inbox({ view: 'all', offset: 0, limit: 9 })).items[0]?.sync).toBe('needs-attention');
    const row = (await desk.store.outbox({ unconfirmed: true }))[0];
    const kept = row?.revision && (await desk.store.readRevision(row.revision, 0, row.revision.sizeBytes));
    expect(kept && Buffer.from(kept).equals(whole)).toBe(true);
  });

  it('can be kept as a copy, which outlives syncs and is given up only when asked', async () => {
    const whole = await parked();
    happens();
    await desk.sync.syncNow();
    expect(await desk.conflicts.settle('row-job-1', 'keep-copy')).toEqual([]);
    expect(await desk.conflicts.list({})).toEqual([]);
    desk.clock.at += 86_400_000;
    await desk.restart();
    await desk.sync.syncNow();
    const [kept] = await desk.conflicts.list({ settled: true });
    expect(kept).toMatchObject({ settled: 'keep-copy', choices: ['discard'], copy: { sha256: sha256(whole) } });
    await desk.conflicts.settle('row-job-1', 'discard');
    expect(await desk.conflicts.list({ settled: true })).toEqual([]);
    expect(server.effects).toEqual([]);
  });

  it('can be discarded, and then its file is gone', async () => {
    await parked();
    happens();
    await desk.sync.syncNow();
    await desk.conflicts.settle('row-job-1', 'discard');
    expect((await desk.store.outbox({ settled: true }))[0]?.revision).toBeUndefined();
    const shown = await desk.store.transaction(id);
    if (code === 'deleted') expect(shown).toBeUndefined();
    else expect((await desk.store.inbox({ view: 'all', offset: 0, limit: 9 })).items[0]?.sync).toBe('synced');
    expect(await desk.store.activity({ limit: 1 })).toMatchObject([{ outcome: 'settled', code: 'discard' }]);
  });

  const tells = choices.includes('tell-sender');
  if (tells)
    it('can be told to the sender by a note, which is delivered', async () => {
      await parked();
      happens();
      await desk.sync.syncNow();
      await expect(desk.conflicts.settle('row-job-1', 'tell-sender')).rejects.toMatchObject({ code: 'text-needed' });
      await desk.conflicts.settle('row-job-1', 'tell-sender', 'I had signed already');
      expect(await desk.sync.syncNow()).toMatchObject({ delivered: 1, waiting: 0 });
      expect(server.effects).toEqual(['note-added 1 I had signed already']);
      expect((await desk.conflicts.list({ settled: true }))[0]?.copy).toBeDefined();
    });

  const others = (['sign-new-version', 'tell-sender'] as const).filter((choice) => !choices.includes(choice));
  if (others.length > 0)
    it('cannot be settled otherwise', async () => {
      await parked();
      happens();
      await desk.sync.syncNow();
      for (const choice of others) {
        await expect(desk.conflicts.settle('row-job-1', choice, 'x')).rejects.toMatchObject({ code: 'not-a-choice' });
      }
    });
});

describe('signing the new version', () => {
  it('takes a new signature on the new bytes, and keeps the first one', async () => {
    const first = await sign(desk, '1', 'job-1');
    signAt(server, '1', 'theirs', theirs);
    await desk.sync.syncNow();
    expect(await desk.conflicts.settle('row-job-1', 'sign-new-version')).toEqual([
      { transactionId: id, documentId: 'document-1', signatureRequestId: 'request-1' },
    ]);
    expect(server.effects).toEqual([]);
    await desk.sync.fetchDocument(id, 'document-1');
    const second = await sign(desk, '1', 'job-2');
    expect(second.subarray(0, theirs.length)).toEqual(theirs);
    expect(await desk.sync.syncNow()).toMatchObject({ delivered: 1, waiting: 0, errors: [] });
    expect(server.effects).toEqual([`signature 1 ${sha256(second)}`]);
    const [kept] = await desk.conflicts.list({ settled: true });
    expect(kept).toMatchObject({ settled: 'sign-new-version', copy: { sha256: sha256(first) } });
  });

  it('is offered in the transaction that took this one’s place', async () => {
    await sign(desk, '1', 'job-1');
    addTransaction(server, '2');
    change('1', () => ({ replacedBy: '2', status: 'declined' }));
    await desk.sync.syncNow();
    const [conflict] = await desk.conflicts.list({ transactionId: id });
    expect(conflict?.choices).toContain('sign-new-version');
    const toSign = await desk.conflicts.settle('row-job-1', 'sign-new-version');
    expect(toSign).toEqual([
      { transactionId: localId('2'), documentId: 'document-1', signatureRequestId: 'request-1' },
    ]);
  });
});

const notesHere = async () => (await desk.store.notes(id)).map(({ text, unsent }) => [text, unsent]);
const notesThere = () => server.transactions.get('1')?.notes.map(({ text }) => text);

async function withNote(text: string): Promise<string> {
  await desk.changes.addNote(id, text);
  await desk.sync.syncNow();
  return (await desk.store.notes(id))[0]?.id ?? '';
}

describe('a note of mine', () => {
  it('is edited and deleted here at once, there when it can be', async () => {
    const noteId = await withNote('first');
    await desk.changes.editNote(id, noteId, 'second');
    expect(await notesHere()).toEqual([['second', true]]);
    expect(notesThere()).toEqual(['first']);
    await desk.sync.syncNow();
    expect(await notesHere()).toEqual([['second', false]]);
    expect(notesThere()).toEqual(['second']);
    await desk.changes.deleteNote(id, noteId);
    expect(await notesHere()).toEqual([]);
    await desk.sync.syncNow();
    expect(notesThere()).toEqual([]);
  });

  it('can be edited and deleted before the provider has it', async () => {
    const note = await desk.changes.addNote(id, 'first');
    await desk.changes.editNote(id, note.id, 'second');
    const other = await desk.changes.addNote(id, 'wrong');
    await desk.changes.deleteNote(id, other.id);
    expect(await notesHere()).toEqual([['second', true]]);
    await desk.sync.syncNow();
    expect(await notesHere()).toEqual([['second', false]]);
    expect(notesThere()).toEqual(['second']);
    expect((await desk.store.outbox({ unconfirmed: true })).length).toBe(0);
  });

  it.each<[string, string | undefined, string[]]>([
    ['edited', 'theirs', ['theirs', 'mine']],
    ['deleted', undefined, ['mine']],
  ])('that was edited here and %s there is kept both ways', async (_what, text, kept) => {
    const noteId = await withNote('first');
    changeNoteAt(server, '1', noteId, text);
    await desk.changes.editNote(id, noteId, 'mine');
    await desk.sync.syncNow();
    await desk.sync.refreshNotes(id);
    expect(notesThere()).toEqual(kept);
    expect((await notesHere()).map(([each]) => each)).toEqual(kept);
    const outcomes = (await desk.store.activity({ limit: 9 })).map(({ outcome }) => outcome);
    expect(outcomes.slice(0, 2)).toEqual(['delivered', 'both-kept']);
  });

  it('that was edited there is not deleted by a deletion made here before', async () => {
    const noteId = await withNote('first');
    changeNoteAt(server, '1', noteId, 'theirs');
    await desk.changes.deleteNote(id, noteId);
    await desk.sync.syncNow();
    expect(notesThere()).toEqual(['theirs']);
    expect(await desk.conflicts.list({})).toMatchObject([{ code: 'note-changed', texts: ['first'] }]);
    await desk.sync.refreshNotes(id);
    expect(await notesHere()).toEqual([['theirs', false]]);
  });

  it('of somebody else is not mine to change', async () => {
    const noteId = await withNote('first');
    const notes = (await desk.store.notes(id)).map((note) => ({ ...note, mine: false }));
    await desk.store.putNotes(id, notes);
    await expect(desk.changes.editNote(id, noteId, 'x')).rejects.toMatchObject({ code: 'not-mine' });
    await expect(desk.changes.deleteNote(id, 'none')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('what else is changed here', () => {
  it('clears notifications here at once, there when it can be', async () => {
    notifyAt(server, '1');
    await desk.sync.syncNow();
    expect((await desk.store.notifications()).length).toBe(1);
    await desk.changes.clearNotifications(id);
    expect(await desk.store.notifications()).toEqual([]);
    expect(server.notifications.length).toBe(1);
    await desk.sync.syncNow();
    expect([server.notifications, await desk.store.notifications()]).toEqual([[], []]);
  });

  it('revokes a device, a change of the account as a whole', async () => {
    server.devices.add('phone');
    await desk.changes.revokeDevice('account-1', 'phone', 'Phone');
    expect(await desk.sync.syncNow()).toMatchObject({ delivered: 1, waiting: 0 });
    expect(server.devices.size).toBe(0);
    expect(await desk.store.activity({ limit: 1 })).toMatchObject([{ kind: 'device-revoked', title: 'Phone' }]);
  });

  it('sends out a draft', async () => {
    addTransaction(server, '2', {}, { status: 'draft' });
    await desk.sync.syncNow();
    await desk.changes.publish(localId('2'));
    expect((await desk.store.transaction(localId('2')))?.status).toBe('waiting');
    await expect(desk.changes.publish(localId('2'))).rejects.toMatchObject({ code: 'not-a-draft' });
    expect(await desk.sync.syncNow()).toMatchObject({ delivered: 1 });
    expect((await desk.store.transaction(localId('2')))?.status).toBe('to-sign');
  });
});

describe('the activity list', () => {
  it('has each delivery with its time, and counts the same trouble up', async () => {
    await desk.close();
    let up = false;
    desk = await openDesk(server, { network: () => (up ? undefined : 'no-connection') });
    up = true;
    await desk.sync.syncNow();
    up = false;
    await desk.changes.addNote(id, 'hello');
    for (let i = 0; i < 3; i += 1) {
      desk.clock.at += 3_600_000;
      await desk.sync.deliver();
    }
    up = true;
    desk.clock.at += 3_600_000;
    await desk.sync.syncNow();
    const [done, trouble] = await desk.store.activity({ limit: 9, transactionId: id });
    expect(done).toMatchObject({ outcome: 'delivered', kind: 'note-added', at: desk.clock.at, title: 'Lease 1' });
    expect(trouble).toMatchObject({
      outcome: 'waiting',
      code: 'offline',
      times: 3,
      firstAt: desk.clock.at - 10_800_000,
    });
    desk.clock.at += 91 * 86_400_000;
    await desk.restart();
    await desk.sync.status();
    expect(await desk.store.activity({ limit: 9 })).toEqual([]);
    expect(await desk.store.outbox({})).toEqual([]);
  });
});
