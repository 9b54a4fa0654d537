import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DstNote } from '../../sandbox/signing-today/index.ts';
import { codesOf, type Setup, setUp } from './signing-today-setup.ts';

let sandbox: Setup;
let path: string;
let dstId: string;
beforeEach(async () => {
  sandbox = await setUp();
  dstId = (await sandbox.addDst()).id;
  path = `/DST/${dstId}/note`;
});
afterEach(() => sandbox.server.stop());

describe('the notes of a DST', () => {
  it('are added, read by the others, edited and deleted', async () => {
    const { anna, bruno } = sandbox;
    sandbox.clock.advance(1000);
    const added = (await anna.call('POST', path, { text: 'Page 3?' })).json<DstNote>();
    expect(added).toMatchObject({
      dstId,
      userId: anna.user.id,
      text: 'Page 3?',
      createdAt: '2026-03-02 09:30:16.250000',
    });
    expect((await bruno.call('GET', path)).json()).toEqual([added]);

    const edited = await anna.call('PUT', `${path}/${added.id}`, { ...added, text: 'Page 4?' });
    expect([edited.status, edited.json()]).toEqual([200, { ...added, text: 'Page 4?' }]);
    const second = (await bruno.call('POST', path, { text: 'Page 5' })).json<DstNote>();
    expect((await anna.call('DELETE', `${path}/${added.id}`)).status).toBe(204);
    expect((await anna.call('GET', path)).json()).toEqual([second]);

    const kinds = sandbox.state.effects({ dstId }).map(({ kind, noteId }) => [kind, noteId]);
    expect(kinds).toEqual([
      ['note-added', added.id],
      ['note-edited', added.id],
      ['note-added', second.id],
      ['note-deleted', added.id],
    ]);
    const audit = (await anna.call('GET', `/DST/${dstId}/audit`)).json<{ event: string; noteId?: number }[]>();
    expect(audit.filter(({ noteId }) => noteId !== undefined).map(({ event }) => event)).toEqual([
      'event_note_add',
      'event_note_modify',
      'event_note_add',
      'event_note_delete',
    ]);
  });

  it('move the DST’s updatedAt on, even within one millisecond', async () => {
    const stamps = [(await sandbox.anna.dst(dstId)).updatedAt];
    for (const text of ['a', 'b']) {
      await sandbox.anna.call('POST', path, { text });
      stamps.push((await sandbox.anna.dst(dstId)).updatedAt);
    }
    expect(new Set(stamps).size).toBe(3);
    expect([...stamps].sort()).toEqual(stamps);
  });

  it('belong to their author', async () => {
    const note = await sandbox.state.addNote(dstId, { userId: sandbox.bruno.user.id, text: 'Mine' });
    const own = `${path}/${note.id}`;
    expect((await sandbox.anna.call('PUT', own, { text: 'Yours' })).status).toBe(403);
    expect((await sandbox.anna.call('DELETE', own)).status).toBe(403);
    expect(sandbox.state.notes(dstId)).toEqual([note]);
    expect(sandbox.state.effects({ dstId })).toEqual([]);
  });

  it.each([
    ['a note that is not there', 'PUT', '/note/999999', { text: 'x' }, 404],
    ['a note’s id that is no number', 'DELETE', '/note/x', undefined, 404],
    ['no text', 'POST', '/note', {}, 400],
    ['a text that is no string', 'POST', '/note', { text: 1 }, 400],
    ['an empty text', 'POST', '/note', { text: ' ' }, 409],
  ])('refuse %s', async (_name, method, rest, body, status) => {
    const answer = await sandbox.anna.call(method, `/DST/${dstId}${rest}`, body);
    expect(answer.status).toBe(status);
    expect(sandbox.state.notes(dstId)).toEqual([]);
  });

  it('name the field at fault', async () => {
    const answer = await sandbox.anna.call('POST', path, { text: 1 });
    expect(answer.json()).toMatchObject([{ code: 'invalid', target: 'text' }]);
    expect(codesOf(answer)).toEqual(['invalid']);
  });

  it('are those of a DST the person sees', async () => {
    const draft = await sandbox.addDst({ publish: false });
    expect((await sandbox.bruno.call('POST', `/DST/${draft.id}/note`, { text: 'x' })).status).toBe(404);
    expect((await sandbox.anna.call('POST', '/DST/none/note', { text: 'x' })).status).toBe(404);
  });

  it('keep any text', async () => {
    const text = 'Ünïcödé \u{1f58b} "quoted"\n\\ <b>&amp;</b> \u202e';
    await sandbox.anna.call('POST', path, { text });
    expect((await sandbox.anna.call('GET', path)).json()).toMatchObject([{ text }]);
  });
});
