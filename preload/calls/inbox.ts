/** The inbox. */
import { z } from 'zod';
import {
  accountCounts,
  inboxItem,
  inboxSort,
  inboxView,
  jobView,
  note,
  outboxView,
  sortOrder,
  tagCount,
  transaction,
  transactionStatus,
} from '../model.ts';
import { call, id, none } from './call.ts';

export const inboxCalls = {
  /** A page of a view. Every condition given holds of every item; the sort has its natural order unless `order` says otherwise. */
  'inbox.list': call({
    input: z
      .object({
        view: inboxView,
        /** Beginnings of words in titles, names, tags, notes and file names. */
        search: z.string().max(200).optional(),
        accountId: id.optional(),
        /** The item has each of them. */
        tags: z.array(z.string().min(1).max(512)).max(20).optional(),
        urgentOnly: z.boolean().optional(),
        /** Narrows the view further. */
        statuses: z.array(transactionStatus).min(1).max(transactionStatus.options.length).optional(),
        sort: inboxSort.optional(),
        /** `updated`: newest first; the others: first date, A to Z. */
        order: sortOrder.optional(),
        /** Count every item, also where that takes longer than a key press may. */
        countAll: z.boolean().optional(),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      })
      .strict(),
    output: z.object({
      items: z.array(inboxItem),
      total: z.number(),
      /** There are more than `total`: they were not counted to the end. */
      hasMore: z.boolean(),
      /** Of the account, or of all, whatever else the list is narrowed by. */
      counts: z.record(inboxView, z.number()),
    }),
    errors: [],
  }),
  /** Tags in use with the number of their items, the most used first. */
  'inbox.tags': call({
    input: z.object({ accountId: id.optional() }).strict(),
    output: z.array(tagCount),
    errors: [],
  }),
  /** How many items each account has in each view. */
  'inbox.accounts': call({ input: none, output: z.array(accountCounts), errors: [] }),
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
