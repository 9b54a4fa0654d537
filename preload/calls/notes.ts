/** Notes on a transaction. */
import { z } from 'zod';
import { note } from '../model.ts';
import { call, id, none, providerErrors } from './call.ts';

export const notesCalls = {
  /** Reads the provider's notes now; `inbox.show` asks for it by itself in the background. */
  'notes.refresh': call({ input: z.object({ transactionId: id }).strict(), output: none, errors: providerErrors }),
  'notes.add': call({
    input: z.object({ transactionId: id, text: z.string().min(1).max(10_000) }).strict(),
    output: note,
    errors: ['not-found'],
  }),
  /** One's own only; changed there meanwhile, both texts are kept. */
  'notes.edit': call({
    input: z.object({ transactionId: id, noteId: id, text: z.string().min(1).max(10_000) }).strict(),
    output: note,
    errors: ['not-found', 'not-mine'],
  }),
  'notes.delete': call({
    input: z.object({ transactionId: id, noteId: id }).strict(),
    output: none,
    errors: ['not-found', 'not-mine'],
  }),
} as const;
