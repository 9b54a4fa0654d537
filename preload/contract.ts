/**
 * Every call and event between a window (or the command line) and the desk. Channel names come from these keys
 * and appear nowhere else; router, preload, renderer client and test doubles derive from this object.
 */
import { z } from 'zod';
import {
  absentIdentity,
  account,
  bytes,
  cardReader,
  inboxItem,
  inboxView,
  jobView,
  note,
  outboxView,
  pcscService,
  percentBox,
  providerKind,
  sealedPin,
  tokenDiagnosis,
  tokenProblem,
  tokensChange,
  tokenView,
  transaction,
  validationReport,
} from './model.ts';

const id = z.string().min(1).max(512);
const none = z.object({}).strict();

/** Codes any call may answer with. */
export const commonErrorCodes = ['bad-input', 'forbidden-sender', 'internal', 'unknown-call', 'desk-closed'] as const;

export { progressCodes } from './progress-codes.ts';

function call<I extends z.ZodType, O extends z.ZodType, const E extends readonly string[]>(spec: {
  input: I;
  output: O;
  errors: E;
}) {
  return spec;
}

const settings = z.object({
  timestampAuthorities: z.array(z.string()),
  proxyUrl: z.string().nullable().optional(),
  caFile: z.string().nullable().optional(),
  prefetchLimitBytes: z.number(),
  pkcs11Modules: z.array(z.string()),
  trustAnchors: z.array(z.string()),
});

const providerErrors = [
  'offline',
  'sign-in-refused',
  'sign-in-expired',
  'bad-response',
  'server-error',
  'insecure-url',
  'rate-limited',
  'refused',
  'not-found',
] as const;

export const calls = {
  'app.info': call({
    input: none,
    output: z.object({
      version: z.string(),
      host: z.enum(['electron', 'chromium', 'headless']),
      secretStore: z.enum(['system', 'key-file', 'memory']),
      profile: z.string(),
      missing: z.array(z.string()),
    }),
    errors: [],
  }),
  /** A second start asks the first one to come to the front. */
  'app.raise': call({ input: none, output: none, errors: [] }),
  'settings.get': call({ input: none, output: settings, errors: [] }),
  /** What is named is set, `null` takes an optional setting away; refused as a whole where any part makes no sense. */
  'settings.change': call({ input: settings.partial().strict(), output: settings, errors: ['bad-setting'] }),
  'accounts.list': call({ input: none, output: z.array(account), errors: [] }),
  'accounts.add': call({
    input: z
      .object({
        provider: providerKind,
        baseUrl: z.url().max(2048),
        username: z.string().min(1).max(256),
        password: z.string().min(1).max(1024),
        clientId: z.string().max(256),
        clientSecret: z.string().max(1024),
        label: z.string().max(120).optional(),
      })
      .strict(),
    output: account,
    errors: providerErrors,
  }),
  /** Refused where something made here has not reached the provider yet, unless `force` gives it up. */
  'accounts.remove': call({
    input: z.object({ accountId: id, force: z.boolean().optional() }).strict(),
    output: none,
    errors: ['not-found', 'unsent-work'],
  }),
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
  /** Makes the document's current bytes available here (fetching them if need be) and says which they are. */
  'documents.open': call({
    input: z.object({ transactionId: id, documentId: id }).strict(),
    output: z.object({ sha256: z.string(), sizeBytes: z.number() }),
    errors: [...providerErrors, 'not-downloaded', 'not-a-pdf', 'storage'],
  }),
  'documents.read': call({
    input: z
      .object({
        transactionId: id,
        documentId: id,
        sha256: z.string().length(64),
        offset: z.number().int().min(0),
        length: z
          .number()
          .int()
          .min(0)
          .max(1024 * 1024),
      })
      .strict(),
    output: bytes,
    errors: ['not-found', 'storage'],
  }),
  'documents.verify': call({
    input: z.object({ transactionId: id, documentId: id }).strict(),
    output: validationReport,
    errors: ['not-found', 'not-a-pdf', 'storage'],
  }),
  /** Saves a copy; asks the person where (host dialog) unless the command line names a path. */
  'documents.export': call({
    input: z.object({ transactionId: id, documentId: id, path: z.string().max(4096).optional() }).strict(),
    output: z.object({ path: z.string().optional(), sha256: z.string() }),
    errors: ['not-found', 'storage', 'not-downloaded'],
  }),
  /** Reads the provider's notes now; `inbox.show` asks for it by itself in the background. */
  'notes.refresh': call({ input: z.object({ transactionId: id }).strict(), output: none, errors: providerErrors }),
  'notes.add': call({
    input: z.object({ transactionId: id, text: z.string().min(1).max(10_000) }).strict(),
    output: note,
    errors: ['not-found'],
  }),
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
  'tokens.list': call({
    input: z.object({ modulePath: z.string().max(4096).optional() }).strict(),
    output: z.object({
      tokens: z.array(tokenView),
      problems: z.array(tokenProblem),
      /** The providers' identities that no key at hand answers to; only where every module was listed. */
      absent: z.array(absentIdentity).optional(),
    }),
    errors: [],
  }),
  /** Everything around the tokens, and where the way to a signature ends. */
  'tokens.diagnose': call({
    /** `again`: modules that were set aside after crashes are taken up. */
    input: z.object({ again: z.boolean().optional() }).strict(),
    output: z.object({
      diagnosis: tokenDiagnosis,
      service: pcscService,
      readers: z.array(cardReader),
      modules: z.array(
        z.object({
          path: z.string(),
          source: z.enum(['user', 'vendor', 'p11-kit']),
          vendor: z.string().optional(),
        }),
      ),
      tokens: z.array(tokenView),
      problems: z.array(tokenProblem),
      absent: z.array(absentIdentity),
    }),
    errors: [],
  }),
  /** Somebody looks at the tokens: `tokens.changed` tells for the next half minute also of what no card reader tells. */
  'tokens.watch': call({ input: none, output: none, errors: [] }),
  /** Tries a module in a process of its own and adds it to the settings where it loads. */
  'tokens.addModule': call({
    input: z.object({ path: z.string().min(1).max(4096) }).strict(),
    output: z.object({ tokenCount: z.number() }),
    errors: [
      'bad-request',
      'module-missing',
      'module-wrong-architecture',
      'module-failed',
      'module-crashed',
      'module-hung',
      'function-failed',
      'device-error',
    ],
  }),
  'tokens.removeModule': call({
    input: z.object({ path: z.string().min(1).max(4096) }).strict(),
    output: none,
    errors: ['not-found'],
  }),
  /** Starts the token host that will sign the next batch and gives its one-time public key, to seal the PIN to. */
  'tokens.session': call({
    input: z.object({ tokenId: id }).strict(),
    output: z.object({
      sessionId: id,
      /** Uncompressed P-256 point, 65 bytes. */
      publicKey: bytes,
      needsPin: z.boolean(),
    }),
    errors: ['token-absent', 'module-crashed', 'module-hung', 'module-missing'],
  }),
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
  'outbox.list': call({ input: none, output: z.array(outboxView), errors: [] }),
  'outbox.retry': call({ input: z.object({ outboxId: id }).strict(), output: none, errors: ['not-found'] }),
  /** Where my signature of a request goes on the page, for the preview to mark. */
  'signing.places': call({
    input: z.object({ transactionId: id, documentId: id }).strict(),
    output: z.array(z.object({ signatureRequestId: id, box: percentBox.optional(), moved: z.boolean() })),
    errors: ['not-found'],
  }),
} as const;

export const events = {
  'app.raise': z.object({}),
  'inbox.changed': z.object({ transactionIds: z.array(z.string()) }),
  'sync.changed': z.object({ online: z.boolean(), waiting: z.number() }),
  'tokens.changed': tokensChange,
  'signing.progress': z.object({ batchId: z.string(), job: jobView }),
  'signing.ended': z.object({ batchId: z.string(), stopped: z.string().optional() }),
} as const;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type ParsedInput<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;
export type CallErrorCode<N extends CallName> = (typeof calls)[N]['errors'][number] | (typeof commonErrorCodes)[number];

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

/** What every call answers with; the renderer words it. */
export type Reply<T> = { ok: true; value: T } | { ok: false; error: BridgeError };
export const bridgeError = z.object({
  code: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type BridgeError = z.infer<typeof bridgeError>;

/** The window's and the command line's way to the desk. */
export interface Bridge {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Reply<CallOutput<N>>>;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}
