/**
 * Notes handed in: added, edited, deleted. A note carries no key of the sender's. So the notes of mine that were there before one
 * is added are remembered, their ids and how many of them say the same: one more that says the same is this one, and two
 * equal notes stay two. An edit or a deletion is made only while the note says what it said here.
 */
import { z } from 'zod';
import { type Change, type DeliveryMemo, type Observation, ProviderError } from '../provider.ts';
import { conflict, type HandInContext } from './hand-in.ts';
import { toNote } from './mapping.ts';
import { addNote, deleteNote, editNote, listNotes } from './notes.ts';
import type { DstNote } from './schemas.ts';
import { sameText, toText } from './text.ts';

type NoteChange = Extract<Change, { kind: 'note-added' }>;
type KnownNoteChange = Extract<Change, { kind: 'note-edited' | 'note-deleted' }>;

const memoSchema = z.object({ noteIdsBefore: z.array(z.string()) });

async function readNotes(
  context: HandInContext,
  dstId: string,
  signal: AbortSignal | undefined,
): Promise<DstNote[] | 'deleted' | 'not-permitted'> {
  try {
    return await listNotes(context.core, dstId, signal);
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'not-found') return 'deleted';
    if (error instanceof ProviderError && error.status === 403) return 'not-permitted';
    throw error;
  }
}

export async function observeNote(
  context: HandInContext,
  change: NoteChange,
  memo: DeliveryMemo | undefined,
  nameOf: (userId: string) => string,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const notes = await readNotes(context, change.remoteId, signal);
  if (typeof notes === 'string') return conflict(notes);
  const mine = notes.filter(({ userId }) => userId?.toLowerCase() === context.userId.toLowerCase());
  const kept = memoSchema.safeParse(memo).data;
  if (!kept) return { kind: 'not-applied', memo: { noteIdsBefore: mine.map(({ id }) => id) } };
  const added = mine.find(({ id, text }) => !kept.noteIdsBefore.includes(id) && sameText(text, change.text));
  return added ? { kind: 'applied', note: toNote(added, context.userId, nameOf) } : { kind: 'not-applied', memo: kept };
}

export async function sendNote(
  context: HandInContext,
  change: NoteChange,
  signal: AbortSignal | undefined,
): Promise<void> {
  await addNote(context.core, change.remoteId, change.text, signal);
}

export async function observeKnownNote(
  context: HandInContext,
  change: KnownNoteChange,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const notes = await readNotes(context, change.remoteId, signal);
  if (typeof notes === 'string') return conflict(notes);
  const note = notes.find(({ id }) => id === change.noteId);
  if (!note) return change.kind === 'note-deleted' ? { kind: 'applied' } : conflict('note-deleted');
  // As it was shown here.
  const text = toText(note.text);
  if (change.kind === 'note-edited' && sameText(text, change.text)) return { kind: 'applied' };
  return sameText(text, change.baseText) ? { kind: 'not-applied', memo: {} } : conflict('note-changed');
}

/** Sends what was observed as still to be made; one deleted meanwhile is to be observed again. @throws ProviderError */
export async function sendKnownNote(
  context: HandInContext,
  change: KnownNoteChange,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { remoteId, noteId } = change;
  try {
    if (change.kind === 'note-deleted') await deleteNote(context.core, remoteId, noteId, signal);
    else await editNote(context.core, remoteId, noteId, change.text, signal);
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'not-found')
      throw new ProviderError('stale', { cause: error });
    throw error;
  }
}
