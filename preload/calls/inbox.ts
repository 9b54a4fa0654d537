/** The inbox. */
import { z } from 'zod';
import { inboxItem, inboxView, jobView, note, outboxView, transaction } from '../model.ts';
import { call, id } from './call.ts';

export const inboxCalls = {
  'inbox.list': call({
    input: z
      .object({
        view: inboxView,
        search: z.string().max(200).optional(),
        accountId: id.optional(),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      })
      .strict(),
    output: z.object({ items: z.array(inboxItem), total: z.number(), counts: z.record(inboxView, z.number()) }),
    errors: [],
  }),
  'inbox.show': call({
    input: z.object({ transactionId: id }).strict(),
    output: z.object({
      transaction,
      notes: z.array(note),
      jobs: z.array(jobView),
      outbox: z.array(outboxView),
    }),
    errors: ['not-found'],
  }),
} as const;
