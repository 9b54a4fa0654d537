/** Contract tests of the note operations: one for each, by operationId. */
import { expect } from 'vitest';
import { addNote, deleteNote, editNote, listNotes } from '../../../../main/providers/signing-today/notes.ts';
import { publishedDst } from './dst-cases.ts';
import type { OperationCase } from './operation-case.ts';

export const noteCases: Readonly<Record<string, OperationCase>> = {
  async dSTIdNoteGET(stage) {
    const { id } = await publishedDst(stage);
    await stage.state.addNote(id, { userId: stage.instructor.user.id, text: 'Please read clause 4' });
    expect(await listNotes(stage.signer.core, id)).toMatchObject([
      { text: 'Please read clause 4', userId: stage.instructor.user.id, createdAt: stage.clock.now() },
    ]);
  },
  async dSTIdNotePOST(stage) {
    const { id } = await publishedDst(stage);
    const note = await addNote(stage.signer.core, id, 'Who pays?');
    expect(stage.state.notes(id)).toMatchObject([{ text: 'Who pays?', userId: stage.signer.user.id }]);
    expect(note.id).toBe(String(stage.state.notes(id)[0]?.id));
  },
  async dSTIdNoteNoteIdPUT(stage) {
    const { id } = await publishedDst(stage);
    const note = await addNote(stage.signer.core, id, 'Who pays?');
    const edited = await editNote(stage.signer.core, id, note.id, 'Who pays the notary?');
    expect(edited).toMatchObject({ id: note.id, text: 'Who pays the notary?' });
    expect(stage.state.notes(id)).toMatchObject([{ text: 'Who pays the notary?' }]);
    await expect(editNote(stage.instructor.core, id, note.id, 'x')).rejects.toMatchObject({ status: 403 });
  },
  async dSTIdNoteNoteIdDELETE(stage) {
    const { id } = await publishedDst(stage);
    const note = await addNote(stage.signer.core, id, 'Who pays?');
    await expect(deleteNote(stage.instructor.core, id, note.id)).rejects.toMatchObject({ status: 403 });
    await deleteNote(stage.signer.core, id, note.id);
    expect(stage.state.notes(id)).toEqual([]);
    await expect(deleteNote(stage.signer.core, id, note.id)).rejects.toMatchObject({ code: 'not-found' });
  },
};
