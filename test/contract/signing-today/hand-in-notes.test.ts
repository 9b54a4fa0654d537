/** What is handed in besides signatures, declines and texts: edits and deletions of notes, notifications, devices, drafts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../../main/providers/provider.ts';
import { deliver, openWorld, password, type Row, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const row = (change: Change): Row => ({ change, memo: undefined });

describe('a note of mine', () => {
  async function aNote(text = 'first') {
    const dst = await world.addDst({});
    const note = await world.state.addNote(dst.id, { userId: world.ada.id, text });
    const about = { key: 'key', remoteId: dst.id, noteId: String(note.id), baseText: text };
    const texts = () => world.state.notes(dst.id).map((each) => each.text);
    const elsewhere = (to: string | undefined) =>
      world.state.ledger.changeDst(dst.id, (draft) => {
        draft.notes = draft.notes.flatMap((each) => (to === undefined ? [] : [{ ...each, text: to }]));
      });
    return { about, texts, elsewhere };
  }

  it('is edited, and deleted', async () => {
    const { about, texts } = await aNote();
    const edited = { kind: 'note-edited' as const, ...about, text: 'second' };
    expect((await deliver(world.session, row(edited))).kind).toBe('applied');
    expect(texts()).toEqual(['second']);
    const deleted = { kind: 'note-deleted' as const, ...about, baseText: 'second' };
    expect((await deliver(world.session, row(deleted))).kind).toBe('applied');
    expect(texts()).toEqual([]);
    expect((await deliver(world.reopen(), row(deleted))).kind).toBe('applied');
  });

  it.each(['drop-response', 'half-json'] as const)(
    'whose edit’s answer is lost (%s) is edited once, found by reading',
    async (kind) => {
      const { about, texts } = await aNote();
      const edited = row({ kind: 'note-edited', ...about, text: 'second' });
      world.server.misbehave({ kind, method: 'PUT' });
      await expect(deliver(world.session, edited)).rejects.toMatchObject({ outcomeUnknown: true });
      expect((await deliver(world.reopen(), edited)).kind).toBe('applied');
      expect(texts()).toEqual(['second']);
      expect(world.state.effects({ kind: 'note-edited' })).toHaveLength(1);
    },
  );

  it.each([
    ['changed', 'theirs', 'note-changed', 'note-changed'],
    ['deleted', undefined, 'note-deleted', undefined],
  ] as const)('that was %s elsewhere is not overwritten', async (_what, to, edit, deletion) => {
    const { about, texts, elsewhere } = await aNote();
    await elsewhere(to);
    const edited = row({ kind: 'note-edited', ...about, text: 'mine' });
    expect(await deliver(world.session, edited)).toEqual({ kind: 'conflict', code: edit });
    const deleted = row({ kind: 'note-deleted', ...about });
    const expected = deletion === undefined ? { kind: 'applied' } : { kind: 'conflict', code: deletion };
    expect(await deliver(world.session, deleted)).toEqual(expected);
    expect(texts()).toEqual(to === undefined ? [] : [to]);
  });
});

describe('notifications', () => {
  it('are read, and cleared for a transaction', async () => {
    const dst = await world.addDst({});
    await world.state.addNote(dst.id, { userId: world.carla.id, text: 'Please sign' });
    const found = await world.session.notifications();
    const own = found.filter(({ remoteId }) => remoteId === dst.id);
    expect(own.map(({ event, title }) => [event, title])).toEqual([
      ['note-added', 'Contract'],
      ['to-sign', 'Contract'],
      ['published', 'Contract'],
    ]);
    const ids = own.map(({ id }) => id);
    const change = { kind: 'notification-cleared' as const, key: 'key', remoteId: dst.id, ids };
    expect(await deliver(world.session, row(change))).toEqual({ kind: 'applied' });
    expect(await deliver(world.reopen(), row(change))).toEqual({ kind: 'applied' });
    expect((await world.session.notifications()).filter(({ remoteId }) => remoteId === dst.id)).toEqual([]);
  });
});

describe('a device', () => {
  it('that is not there any more counts as revoked', async () => {
    const change = { kind: 'device-revoked' as const, key: 'key', remoteId: 'phone', name: 'Phone' };
    expect(await deliver(world.session, row(change))).toEqual({ kind: 'applied' });
  });
});

describe('a draft', () => {
  async function asCarla() {
    const about = { baseUrl: world.server.url, clientId: 'countersign', clientSecret: 'sandbox' };
    const signedIn = await world.provider.signIn({ ...about, username: 'carla@demo', password });
    return world.provider.open(
      { id: 'carla', baseUrl: world.server.url, userId: world.carla.id },
      { read: async () => signedIn.credentials, save: async () => undefined },
    );
  }

  it.each([undefined, 'drop-response'] as const)('is sent out once (its answer: %s)', async (kind) => {
    const session = await asCarla();
    const dst = await world.addDst({}, { publish: false });
    const published = row({ kind: 'published', key: 'key', remoteId: dst.id });
    if (kind) {
      world.server.misbehave({ kind, method: 'POST' });
      await expect(deliver(session, published)).rejects.toMatchObject({ outcomeUnknown: true });
    }
    expect((await deliver(session, published)).kind).toBe('applied');
    expect(world.state.dst(dst.id).status).toBe('toSign');
    expect(world.state.effects({ kind: 'dst-published', dstId: dst.id })).toHaveLength(1);
  });
});

describe('the service’s clock', () => {
  it('is measured by the Date headers of its answers', async () => {
    expect(world.session.clockSkewMs()).toBeUndefined();
    await world.session.notifications();
    // The world's own clock stands in 2024; the server's Date is that of the machine.
    const skewMs = world.session.clockSkewMs() ?? 0;
    expect(Math.abs(Date.UTC(2024, 0, 1) + skewMs - Date.now())).toBeLessThan(60_000);
  });
});
