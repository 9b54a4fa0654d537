/**
 * Adding a note. Notes carry no key of the sender's, so the notes of mine that were there before the send are remembered: one that
 * says the same and is not among them is this one, and two equal notes stay two.
 */
import { z } from 'zod';
import { type Change, type DeliveryMemo, type Observation, ProviderError } from '../provider.ts';
import { conflict, type HandInContext } from './hand-in.ts';
import { toNote } from './mapping.ts';
import { addNote, listNotes } from './notes.ts';
import type { DstNote } from './schemas.ts';
import { sameText } from './text.ts';

type NoteChange = Extract<Change, { kind: 'note-added' }>;

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
