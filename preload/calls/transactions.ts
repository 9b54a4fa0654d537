/** What a person does with a transaction besides signing it. */
import { z } from 'zod';
import { call, id, none } from './call.ts';

export const transactionsCalls = {
  'transactions.decline': call({
    input: z.object({ transactionId: id, reason: z.string().min(1).max(2000) }).strict(),
    output: z.object({ declined: z.number() }),
    errors: ['not-found', 'not-declinable', 'nothing-to-decline', 'signed-already'],
  }),
  'transactions.fill': call({
    input: z
      .object({
        transactionId: id,
        values: z
          .array(z.object({ documentId: id, formId: id, value: z.string().max(10_000) }))
          .min(1)
          .max(1000),
      })
      .strict(),
    output: none,
    errors: ['not-found', 'nothing-to-fill'],
  }),
  /** Sends a draft on its way. */
  'transactions.publish': call({
    input: z.object({ transactionId: id }).strict(),
    output: none,
    errors: ['not-found', 'not-a-draft'],
  }),
} as const;
