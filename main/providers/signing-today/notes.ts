/** Operations on DST notes. */
import { pathOf, type RequestCore } from './request-core.ts';
import { type DstNote, noteSchema, notesSchema } from './schemas.ts';

/** GET /DST/{id}/note */
export async function listNotes(core: RequestCore, dstId: string, signal?: AbortSignal): Promise<DstNote[]> {
  return core.json({ method: 'GET', path: pathOf('DST', dstId, 'note'), signal }, notesSchema);
}

/** POST /DST/{id}/note */
export async function addNote(core: RequestCore, dstId: string, text: string, signal?: AbortSignal): Promise<DstNote> {
  return core.json({ method: 'POST', path: pathOf('DST', dstId, 'note'), json: { text }, signal }, noteSchema);
}

/** PUT /DST/{id}/note/{noteId}: one's own notes only. The note as it then is. */
export async function editNote(
  core: RequestCore,
  dstId: string,
  noteId: string,
  text: string,
  signal?: AbortSignal,
): Promise<DstNote> {
  const path = pathOf('DST', dstId, 'note', noteId);
  return core.json({ method: 'PUT', path, json: { text }, signal }, noteSchema);
}

/** DELETE /DST/{id}/note/{noteId}: one's own notes only. */
export async function deleteNote(
  core: RequestCore,
  dstId: string,
  noteId: string,
  signal?: AbortSignal,
): Promise<void> {
  await core.nothing({ method: 'DELETE', path: pathOf('DST', dstId, 'note', noteId), signal });
}
