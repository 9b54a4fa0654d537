/** Copies of signed files, out of the profile. */
import { z } from 'zod';
import { call, id, none, savedCopy } from './call.ts';

export const exportsCalls = {
  /**
   * Writes signed files into one zip; the host asks where unless the command line names a path (no `path` in the answer: the person
   * cancelled). Told of by `exports.progress` until it answers.
   */
  'exports.signed': call({
    input: z
      .object({
        /** The caller's own name for this export, for progress and for `exports.cancel`. */
        exportId: id,
        /** All there are unless some are named; one alone comes without folders. */
        transactionIds: z.array(id).min(1).max(5000).optional(),
        /** Get from the services what is not here. */
        fetchMissing: z.boolean().optional(),
        path: z.string().max(4096).optional(),
      })
      .strict(),
    output: z.object({
      ...savedCopy,
      files: z.number(),
      bytes: z.number(),
      /** Signed documents whose bytes are not here, or are damaged. */
      missing: z.number(),
    }),
    errors: ['nothing-to-export', 'storage', 'cancelled'],
  }),
  'exports.cancel': call({ input: z.object({ exportId: id }).strict(), output: none, errors: ['not-found'] }),
} as const;

export const exportsEvents = {
  'exports.progress': z.object({ exportId: z.string(), files: z.number(), bytes: z.number() }),
} as const;
