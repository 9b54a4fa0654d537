/** Synchronisation, the outbox, what became of each delivery, notifications. */
import { z } from 'zod';
import { activityEntry, notificationView, outboxView, syncStatus } from '../model.ts';
import { call, id, none, providerErrors } from './call.ts';

export const syncCalls = {
  /** Reads what is new and delivers what waits, also while paused. */
  'sync.now': call({
    input: z.object({ accountId: id.optional() }).strict(),
    output: z.object({ pulled: z.number(), delivered: z.number(), waiting: z.number(), errors: z.array(z.string()) }),
    errors: providerErrors,
  }),
  'sync.status': call({ input: none, output: syncStatus, errors: [] }),
  /** Until it is resumed nothing is read or delivered by itself; the profile remembers. */
  'sync.pause': call({ input: none, output: none, errors: [] }),
  'sync.resume': call({ input: none, output: none, errors: [] }),
  /** What the window knows of the machine: how often providers are asked goes by it. `online` true after false asks at once. */
  'sync.conditions': call({
    input: z
      .object({ foreground: z.boolean().optional(), online: z.boolean().optional(), metered: z.boolean().optional() })
      .strict(),
    output: none,
    errors: [],
  }),
  'outbox.list': call({ input: none, output: z.array(outboxView), errors: [] }),
  /** Looks again at once; a parked or failed row is taken up anew. */
  'outbox.retry': call({ input: z.object({ outboxId: id }).strict(), output: none, errors: ['not-found'] }),
  /** Newest first; `before` is the id of the last entry of the page before. */
  'activity.list': call({
    input: z
      .object({
        before: z.number().int().optional(),
        limit: z.number().int().min(1).max(500),
        accountId: id.optional(),
        transactionId: id.optional(),
      })
      .strict(),
    output: z.array(activityEntry),
    errors: [],
  }),
  /** Newest first; of all accounts. */
  'notifications.list': call({ input: none, output: z.array(notificationView), errors: [] }),
  /** All of a transaction's. */
  'notifications.clear': call({
    input: z.object({ transactionId: id }).strict(),
    output: none,
    errors: ['not-found'],
  }),
} as const;
