/** Batches of signatures and their jobs. */
import { z } from 'zod';
import { batchChoices, jobView, percentBox, placeChoice, sealedPin, statements } from '../model.ts';
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
                /** In place of the sender's. */
                reason: z.string().max(1000).optional(),
                place: placeChoice.optional(),
              })
              .strict(),
          )
          .min(1)
          .max(5000),
        choices: batchChoices.optional(),
        /** In a PDF a commitment or a policy takes the reason's place, the sender's too: both are refused. */
        statements: statements.optional(),
      })
      .strict(),
    output: z.object({ batchId: id, jobs: z.array(jobView) }),
    /** `no-authority`: a level above B-B was asked for, and no timestamp authority is set. */
    errors: [
      'not-found',
      'not-mine',
      'not-ready',
      'profile-unsupported',
      'mixed-profiles',
      'restricted',
      'reason-excluded',
      'no-authority',
    ],
  }),
  /**
   * Whether the identity's certificate is revoked, to be asked before its PIN is. Answers kept from before serve; `unknown` (no network, no
   * responder) keeps nobody from signing. signing.start asks again and spends no PIN on a revoked one.
   */
  'signing.check': call({
    input: z.object({ identityId: id }).strict(),
    output: z.object({
      revocation: z.enum(['good', 'revoked', 'unknown']),
      /** Set with `unknown`: why. */
      code: z.string().optional(),
      revokedAt: z.number().optional(),
    }),
    errors: ['key-absent'],
  }),
  /**
   * Which of the identities the senders' restrictions keep from which of the requests, and by which rule: to be shown before the
   * PIN is asked. signing.start checks again and answers `restricted` with the rule in its details.
   */
  'signing.ineligible': call({
    input: z
      .object({
        identityIds: z.array(id).max(200),
        requests: z.array(z.object({ transactionId: id, documentId: id, signatureRequestId: id }).strict()).max(5000),
      })
      .strict(),
    output: z.array(
      z.object({
        identityId: id,
        transactionId: id,
        documentId: id,
        signatureRequestId: id,
        rule: z.string(),
        operator: z.string(),
        value: z.string(),
        why: z.enum(['not-met', 'unknown-rule', 'unknown-operator', 'unreadable-certificate']),
      }),
    ),
    errors: [],
  }),
  'signing.batch': call({
    input: z.object({ batchId: id }).strict(),
    output: z.object({
      jobs: z.array(jobView),
      running: z.boolean(),
      /** Why the batch stopped before its end: pin-incorrect, pin-locked, token-absent, module-crashed … */
      stopped: z.string().optional(),
      /** The identity whose token the rest waits for, to go on with by signing.resume; `<token serial>/<CKA_ID hex>`. */
      waitsFor: z.string().optional(),
    }),
    errors: ['not-found'],
  }),
  /**
   * Goes on with what of a batch waits for its token (pulled, locked out, crashed): the same identity with a new login. Another
   * token's session ends the batch again with `key-absent`, before any PIN is sent.
   */
  'signing.resume': call({
    input: z.object({ batchId: id, sessionId: id, sealedPin: sealedPin.optional() }).strict(),
    output: z.object({ jobs: z.array(jobView) }),
    errors: ['not-found', 'batch-running', 'nothing-waits'],
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
