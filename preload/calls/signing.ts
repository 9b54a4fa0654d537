/** Batches of signatures and their jobs. */
import { z } from 'zod';
import { jobView, percentBox, sealedPin } from '../model.ts';
import { call, id, none } from './call.ts';

export const signingCalls = {
  'signing.start': call({
    input: z
      .object({
        sessionId: id,
        identityId: id,
        /** Missing when the token asks for the PIN itself. */
        sealedPin: sealedPin.optional(),
        requests: z
          .array(
            z
              .object({
                transactionId: id,
                documentId: id,
                signatureRequestId: id,
                /** The bytes the person saw; other bytes void the review. */
                reviewedSha256: z.string().length(64),
              })
              .strict(),
          )
          .min(1)
          .max(5000),
      })
      .strict(),
    output: z.object({ batchId: id, jobs: z.array(jobView) }),
    errors: ['not-found', 'not-mine', 'not-ready', 'profile-unsupported', 'restricted'],
  }),
  'signing.batch': call({
    input: z.object({ batchId: id }).strict(),
    output: z.object({
      jobs: z.array(jobView),
      running: z.boolean(),
      /** Why the batch stopped before its end: pin-incorrect, pin-locked, token-absent, module-crashed … */
      stopped: z.string().optional(),
    }),
    errors: ['not-found'],
  }),
  'signing.cancel': call({ input: z.object({ batchId: id }).strict(), output: none, errors: ['not-found'] }),
  'jobs.list': call({ input: none, output: z.array(jobView), errors: [] }),
  /** Where my signature of a request goes on the page, for the preview to mark. */
  'signing.places': call({
    input: z.object({ transactionId: id, documentId: id }).strict(),
    output: z.array(z.object({ signatureRequestId: id, box: percentBox.optional(), moved: z.boolean() })),
    errors: ['not-found'],
  }),
} as const;
