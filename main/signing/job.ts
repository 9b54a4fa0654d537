/** A signing job: what it is asked to do (fixed at its start), where it stands (machine.ts), and how it is kept in the store. */
import { z } from 'zod';
import {
  bytes,
  type JobView,
  jobTimings,
  markChoice,
  percentBox,
  policyChoice,
  statements,
} from '../../preload/model.ts';
import type { JobRecord, JobSummary } from '../store/store.ts';
import type { JobState } from './machine.ts';

const base64 = z.codec(z.base64(), bytes, {
  decode: (text) => new Uint8Array(Buffer.from(text, 'base64')),
  encode: (value) => Buffer.from(value).toString('base64'),
});

const spec = z.object({
  title: z.string(),
  accountId: z.string(),
  remoteId: z.string(),
  fileName: z.string(),
  identityId: z.string(),
  /** The bytes the person saw, SHA-256 in hex; the first job of a chain signs exactly these. */
  reviewedSha256: z.string(),
  /** The job of the same document whose result this one signs on. */
  afterJobId: z.string().optional(),
  reason: z.string(),
  withTimestamp: z.boolean(),
  /** Of what is made: an increment of the PDF where it is missing, else a message of its own. */
  profile: z.literal('CAdES').optional(),
  box: percentBox.optional(),
  location: z.string().optional(),
  /** What is stated in the signature itself. */
  statements: z
    .object({ ...statements.shape, policy: z.object({ ...policyChoice.shape, hash: base64 }).optional() })
    .optional(),
  /** Looks of its mark, so that a batch that goes on later makes them as the first of it. */
  mark: markChoice.optional(),
  /** What a level past B-T needs is fetched before the signature is handed over. */
  level: z.enum(['B-LT', 'B-LTA']).optional(),
});
export type JobSpec = z.infer<typeof spec>;

/**
 * What of a prepared signature is needed to finish it after a restart; the increment itself is a blob of the record. With CAdES
 * there is no increment, no gap and no field.
 */
const preparedFacts = z.object({
  baseSha256: z.string(),
  baseSize: z.number(),
  gap: z.object({ offset: z.number(), length: z.number() }),
  fieldName: z.string(),
  signedAt: z.number(),
  scheme: z.string(),
  certificate: base64,
  chain: z.array(base64),
  /** The job's increment has its CMS, and what the level asks for behind it. */
  assembled: z.boolean().optional(),
});
export type PreparedFacts = z.infer<typeof preparedFacts>;

const state = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('awaiting-filled-document') }),
  z.object({ kind: z.literal('awaiting-preparation') }),
  z.object({ kind: z.literal('prepared'), prepared: preparedFacts }),
  z.object({ kind: z.literal('awaiting-pin'), code: z.string() }),
  z.object({ kind: z.literal('signed'), prepared: preparedFacts }),
  z.object({
    kind: z.literal('awaiting-timestamp'),
    prepared: preparedFacts,
    code: z.string(),
    attempts: z.number(),
    retryAt: z.number(),
  }),
  z.object({
    kind: z.literal('awaiting-validation-data'),
    prepared: preparedFacts,
    code: z.string().optional(),
    attempts: z.number(),
    retryAt: z.number(),
  }),
  z.object({
    kind: z.literal('complete'),
    prepared: preparedFacts,
    code: z.string().optional(),
    attempts: z.number().optional(),
    retryAt: z.number().optional(),
  }),
  z.object({
    kind: z.literal('queued'),
    sha256: z.string(),
    code: z.string().optional(),
    retryAt: z.number().optional(),
  }),
  z.object({ kind: z.literal('delivering'), sha256: z.string() }),
  z.object({ kind: z.literal('delivered'), sha256: z.string() }),
  z.object({ kind: z.literal('superseded'), sha256: z.string(), code: z.string() }),
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('failed'), code: z.string(), sha256: z.string().optional() }),
]);

const kept = z.object({ spec, state, timings: jobTimings });

export interface Job {
  readonly id: string;
  readonly batchId: string;
  readonly transactionId: string;
  readonly documentId: string;
  readonly signatureRequestId: string;
  readonly createdAt: number;
  readonly spec: JobSpec;
  readonly state: JobState;
  readonly timings: z.infer<typeof jobTimings>;
  readonly increment: Uint8Array | undefined;
  readonly signedAttributes: Uint8Array | undefined;
  readonly signature: Uint8Array | undefined;
  readonly timestampToken: Uint8Array | undefined;
}

export function toRecord(job: Job, updatedAt: number): JobRecord {
  const { spec: jobSpec, state: jobState, timings, ...rest } = job;
  return {
    ...rest,
    state: JSON.stringify(z.encode(kept, { spec: jobSpec, state: jobState, timings })),
    stateKind: jobState.kind,
    updatedAt,
  };
}

/** A job without its blobs: enough to be shown and to see whether it is to go on. */
export type JobOutline = Omit<Job, 'increment' | 'signedAttributes' | 'signature' | 'timestampToken'>;

/** @throws ZodError or SyntaxError where the kept state is not one of ours */
export function parseRecord(record: JobRecord): Job;
export function parseRecord(record: JobSummary): JobOutline;
export function parseRecord(record: JobSummary): JobOutline {
  const { state: text, stateKind: _stateKind, updatedAt: _updatedAt, ...rest } = record;
  return { ...rest, ...z.decode(kept, JSON.parse(text)) };
}

export function toView(job: JobOutline): JobView {
  const { state: s } = job;
  return {
    id: job.id,
    batchId: job.batchId,
    transactionId: job.transactionId,
    documentId: job.documentId,
    signatureRequestId: job.signatureRequestId,
    title: job.spec.title,
    state: s.kind,
    timings: job.timings,
    ...('code' in s && s.code !== undefined ? { code: s.code } : {}),
    ...('retryAt' in s && s.retryAt !== undefined ? { retryAt: s.retryAt } : {}),
    ...('sha256' in s && s.sha256 !== undefined ? { sha256: s.sha256 } : {}),
  };
}
