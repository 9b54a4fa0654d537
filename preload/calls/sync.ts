/** Synchronisation and the outbox. */
import { z } from 'zod';
import { outboxView } from '../model.ts';
import { call, id, none, providerErrors } from './call.ts';

export const syncCalls = {
  'sync.now': call({
    input: z.object({ accountId: id.optional() }).strict(),
    output: z.object({ pulled: z.number(), delivered: z.number(), waiting: z.number(), errors: z.array(z.string()) }),
    errors: providerErrors,
  }),
  'sync.status': call({
    input: none,
    output: z.object({
      online: z.boolean(),
      offlineSince: z.number().optional(),
      waiting: z.number(),
      lastSyncAt: z.number().optional(),
    }),
    errors: [],
  }),
  'outbox.list': call({ input: none, output: z.array(outboxView), errors: [] }),
  'outbox.retry': call({ input: z.object({ outboxId: id }).strict(), output: none, errors: ['not-found'] }),
} as const;
