/** Notes of a DST: everybody who sees it may read and add, the author may edit and delete. */
import { z } from 'zod';
import { json, noContent } from '../answers.ts';
import { requireVisible } from '../bearer.ts';
import { addNote } from '../dst-actions.ts';
import { addAudit, touch } from '../dst-life.ts';
import { notFound, refusal } from '../errors.ts';
import type { DstNote, User } from '../model.ts';
import type { DstRecord } from '../records.ts';
import { readJson } from '../request-body.ts';
import type { Route } from '../router.ts';

const noteBody = z.looseObject({ text: z.string() });

function requireText(text: string, status: 400 | 409): string {
  if (text.trim() === '') throw refusal(status, 'text-missing', 'A note needs a text', 'text');
  return text;
}

function requireOwn(record: DstRecord, user: User, noteId: string | undefined): DstNote {
  const note = record.notes.find(({ id }) => String(id) === noteId);
  if (!note) throw notFound('note');
  if (note.userId !== user.id) throw refusal(403, 'not-your-note', 'The note is somebody else’s');
  return note;
}

export const notes: readonly Route[] = [
  {
    operationId: 'dSTIdNoteGET',
    method: 'GET',
    path: '/DST/{id}/note',
    auth: 'bearer',
    run: ({ state, user, params }) => json(requireVisible(state.ledger.record(params.id ?? ''), user).notes),
  },
  {
    operationId: 'dSTIdNotePOST',
    method: 'POST',
    path: '/DST/{id}/note',
    auth: 'bearer',
    async run({ state: { ledger }, request, user, params }) {
      const body = await readJson(request, noteBody);
      const note = await ledger.changeDst(params.id ?? '', (draft) => {
        requireVisible(draft, user);
        // The documents give this operation no 400: a missing text is its 409.
        const made = addNote(ledger, draft, user, requireText(body.text, 409), ledger.clock.now());
        draft.effects.push(ledger.effect('note-added', user.id, { dstId: draft.dst.id, noteId: made.id }));
        return made;
      });
      return json(note);
    },
  },
  {
    operationId: 'dSTIdNoteNoteIdPUT',
    method: 'PUT',
    path: '/DST/{id}/note/{noteId}',
    auth: 'bearer',
    async run({ state: { ledger }, request, user, params }) {
      const body = await readJson(request, noteBody);
      const note = await ledger.changeDst(params.id ?? '', (draft) => {
        const own = requireOwn(requireVisible(draft, user), user, params.noteId);
        own.text = requireText(body.text, 400);
        addAudit(draft, ledger.clock.now(), 'event_note_modify', user, { noteId: own.id });
        touch(draft, ledger.clock.now());
        draft.effects.push(ledger.effect('note-edited', user.id, { dstId: draft.dst.id, noteId: own.id }));
        return own;
      });
      return json(note);
    },
  },
  {
    operationId: 'dSTIdNoteNoteIdDELETE',
    method: 'DELETE',
    path: '/DST/{id}/note/{noteId}',
    auth: 'bearer',
    async run({ state: { ledger }, user, params }) {
      await ledger.changeDst(params.id ?? '', (draft) => {
        const own = requireOwn(requireVisible(draft, user), user, params.noteId);
        draft.notes = draft.notes.filter(({ id }) => id !== own.id);
        addAudit(draft, ledger.clock.now(), 'event_note_delete', user, { noteId: own.id });
        touch(draft, ledger.clock.now());
        draft.effects.push(ledger.effect('note-deleted', user.id, { dstId: draft.dst.id, noteId: own.id }));
      });
      return noContent;
    },
  },
];
