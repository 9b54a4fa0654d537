/** Changes made here that the provider has moved past, and what the person does about them. */
import { z } from 'zod';
import { conflictChoice, conflictView } from '../model.ts';
import { call, id, savedCopy } from './call.ts';

export const conflictsCalls = {
  /** The open ones, newest first; with `settled` also those settled, as long as a copy is kept. */
  'conflicts.list': call({
    input: z.object({ transactionId: id.optional(), settled: z.boolean().optional() }).strict(),
    output: z.array(conflictView),
    errors: [],
  }),
  /**
   * keep-copy: the signed file stays here. discard: the change and its file are given up. tell-sender: a note with `text` goes
   * out, the file stays. sign-new-version: `toSign` names what is to be opened, reviewed and signed anew; nothing is signed by it.
   */
  'conflicts.settle': call({
    input: z.object({ id, choice: conflictChoice, text: z.string().min(1).max(10_000).optional() }).strict(),
    output: z.object({
      toSign: z.array(z.object({ transactionId: id, documentId: id, signatureRequestId: id })),
    }),
    errors: ['not-found', 'not-a-choice', 'text-needed'],
  }),
  /** Saves the copy kept of a file signed here; asks where unless the command line names a path. */
  'conflicts.export': call({
    input: z.object({ id, path: z.string().max(4096).optional() }).strict(),
    output: z.object({ ...savedCopy, sha256: z.string() }),
    errors: ['not-found', 'storage'],
  }),
} as const;
