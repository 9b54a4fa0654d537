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
