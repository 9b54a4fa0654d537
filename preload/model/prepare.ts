/**
 * What a preparer makes: a transaction out of files, with signers in groups and fields on the pages; and templates with roles that
 * people are put in for. Times are epoch milliseconds (UTC).
 */
import { z } from 'zod';
import { percentBox } from './basics.ts';

const key = z.string().min(1).max(100);
const words = z.string().max(1000);

/** Who signs: a person by e-mail address or by their id at the provider; in a template, a role. */
export const preparedSigner = z
  .object({
    /** Names the signer within this transaction. */
    key,
    name: z.string().max(200),
    email: z.string().max(254),
    userId: z.string().max(200).optional(),
    role: z.string().max(200).optional(),
  })
  .strict();
export type PreparedSigner = z.infer<typeof preparedSigner>;

export const preparedField = z
  .object({
    kind: z.enum(['signature', 'text']),
    signer: key,
    box: percentBox,
    /** What a text is for. */
    label: words.optional(),
  })
  .strict();
export type PreparedField = z.infer<typeof preparedField>;

/** What one signer is asked to do on one document. */
export const preparedRequest = z
  .object({
    signer: key,
    reason: words.default(''),
    profile: z.enum(['PAdES', 'CAdES']).default('PAdES'),
    withTimestamp: z.boolean().default(false),
    declinable: z.boolean().default(true),
  })
  .strict();
export type PreparedRequest = z.infer<typeof preparedRequest>;

export const preparedDocument = z
  .object({
    /** Of the room of files. */
    fileId: z.string().min(1).max(512),
    title: z.string().min(1).max(500),
    requests: z.array(preparedRequest).min(1).max(100),
    fields: z.array(preparedField).max(1000),
  })
  .strict();
export type PreparedDocument = z.infer<typeof preparedDocument>;

const about = {
  title: z.string().trim().min(1).max(500),
  tags: z.array(z.string().min(1).max(100)).max(50),
  urgent: z.boolean(),
  expiresAt: z.number(),
  /** Who is informed: ids of people, names of groups. */
  ccUserIds: z.array(z.string().max(200)).max(200),
  ccGroups: z.array(z.string().max(200)).max(200),
} as const;

/** What is changed of it; what is left out stays. */
export const preparedChange = z.object(about).partial().strict();
export type PreparedChange = z.infer<typeof preparedChange>;

/** What is said of a transaction beside its documents. */
export const preparedAbout = z
  .object({
    ...about,
    tags: about.tags.default([]),
    urgent: about.urgent.default(false),
    expiresAt: about.expiresAt.optional(),
    ccUserIds: about.ccUserIds.default([]),
    ccGroups: about.ccGroups.default([]),
  })
  .strict();

export const preparedTransaction = preparedAbout
  .extend({
    /** In signing order; parallel within a group. */
    signerGroups: z.array(z.array(preparedSigner).min(1).max(100)).min(1).max(50),
    documents: z.array(preparedDocument).min(1).max(50),
    /** Public ones are for everybody in the organisation who prepares. */
    template: z.enum(['no', 'own', 'public']).default('no'),
    publish: z.boolean(),
    /** Made in one call, files inside it, where the provider has one for programs; for small files. */
    inOneCall: z.boolean().default(false),
  })
  .strict();
export type PreparedTransaction = z.infer<typeof preparedTransaction>;

/** What came of it at the provider. */
export const preparedOutcome = z.object({
  remoteId: z.string(),
  /** The provider's own word: draft, toSign … */
  status: z.string(),
  /** False where an expiry was asked for and the provider keeps another one or none. */
  expiryKept: z.boolean(),
});
export type PreparedOutcome = z.infer<typeof preparedOutcome>;

/** Somebody of the organisation. */
export const preparedPerson = z.object({ userId: z.string(), name: z.string(), email: z.string() });
export type PreparedPerson = z.infer<typeof preparedPerson>;

export const templateView = z.object({
  remoteId: z.string(),
  title: z.string(),
  status: z.string(),
  isPublic: z.boolean(),
  mine: z.boolean(),
  /** In signing order. */
  roles: z.array(z.string()),
  documents: z.array(z.string()),
});
export type TemplateView = z.infer<typeof templateView>;

/** Who takes a template's role. */
export const roleChoice = z
  .object({ role: z.string().min(1).max(200), person: preparedSigner.omit({ key: true, role: true }) })
  .strict();
export type RoleChoice = z.infer<typeof roleChoice>;

export const preparerStep = z.enum(['publish', 'remind', 'replace', 'modify', 'templatize', 'delete']);
export type PreparerStep = z.infer<typeof preparerStep>;

/** A file of a transaction. */
export const transactionFile = z.object({
  resourceId: z.string(),
  title: z.string(),
  filename: z.string(),
  /** Bytes, where the provider says so. */
  sizeBytes: z.number().optional(),
});
export type TransactionFile = z.infer<typeof transactionFile>;

/** What is changed of a draft's file; what is left out stays. */
export const transactionFileChange = z
  .object({ title: z.string().trim().min(1).max(2000), filename: z.string().trim().min(1).max(255) })
  .partial()
  .strict();
export type TransactionFileChange = z.infer<typeof transactionFileChange>;

export const auditView = z.object({
  at: z.number(),
  /** The provider's own word, e.g. event_signature. */
  event: z.string(),
  who: z.string(),
  text: z.string(),
});
export type AuditView = z.infer<typeof auditView>;

/** How a provider reaches files by address, and whom it tells of changes, for a program’s account. It may hold a password. */
export const robotSettings = z
  .object({
    requestHeaders: z.record(z.string().max(200), z.array(z.string().max(4096))).optional(),
    authentication: z
      .object({
        username: z.string().max(1024).optional(),
        password: z.string().max(1024).optional(),
        authMode: z.enum(['basic', 'digest']).optional(),
        clientKey: z.string().max(65_536).optional(),
        clientCert: z.string().max(65_536).optional(),
      })
      .strict()
      .optional(),
    webhooks: z
      .object({ dst: z.url().max(2048).optional() })
      .strict()
      .optional(),
  })
  .strict();
export type RobotSettings = z.infer<typeof robotSettings>;
