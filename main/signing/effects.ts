/** The four effects of a signing job. Each takes the job as stored and answers with an event; none throws but for a bug. */

import type { SignatureScheme } from '../../native/token-port.ts';
import type { MarkLayout } from '../pades/index.ts';
import type { TimestampOutcome, ToStamp, ValidationDataCollector } from '../pki/index.ts';
import type { Clock } from '../platform/clock.ts';
import { errorCode } from '../platform/error-code.ts';
import type { Remote } from '../platform/worker-rpc.ts';
import type { Change } from '../providers/provider.ts';
import { isStoredDamage, type NewOutboxRow, type RevisionRef, type Store } from '../store/store.ts';
import type { TokenBatch } from '../tokens/tokens.ts';
import type { ValidationOptions } from '../validation/index.ts';
import type { MessageParts } from './cades-message.ts';
import { assemble, EngineError } from './engine.ts';
import type { Engine } from './engine-worker.ts';
import { type Job, type PreparedFacts, parseRecord, toRecord } from './job.ts';
import { type JobEvent, reduce } from './machine.ts';
import { type MarkFacts, markLines } from './mark.ts';
import { raiseBySteps } from './raise-level.ts';
import { raiseMessage } from './raise-message.ts';
import type { RaisedLevel, RaiseTools } from './raising.ts';
import { remoteSteps } from './remote-engine.ts';
import { stated } from './stated.ts';

export interface EffectContext {
  readonly store: Store;
  readonly engine: Remote<Engine>;
  readonly timestamp: (stamped: ToStamp, signal?: AbortSignal) => Promise<TimestampOutcome>;
  readonly collector: ValidationDataCollector;
  readonly validation: () => ValidationOptions;
  /** Fetches a document's bytes again where those stored are damaged. @throws ProviderError, StoreError signed-copy-damaged */
  readonly mend: (transactionId: string, documentId: string) => Promise<void>;
  readonly clock: Clock;
}

/** What an effect made: the event for the machine, and the job's new blobs and timings to store with the next state. */
export interface Outcome {
  readonly event: JobEvent;
  readonly made?: Partial<Pick<Job, 'increment' | 'signedAttributes' | 'signature' | 'timestampToken' | 'timings'>>;
}

/** What the marks of a batch look like. */
export interface MarkLooks extends Pick<MarkFacts, 'template' | 'role'> {
  readonly image?: Uint8Array | undefined;
  readonly layout?: MarkLayout | undefined;
}

type Base = { readonly revision: RevisionRef } | { readonly refused: 'document-changed' | 'earlier-signature-waits' };

/** The bytes to sign on: those reviewed, or the result of the job before in the chain. */
async function base(context: EffectContext, job: Job): Promise<Base> {
  const document = await context.store.document(job.transactionId, job.documentId);
  let expected: string | undefined = job.spec.reviewedSha256;
  if (job.spec.afterJobId !== undefined) {
    const before = await context.store.job(job.spec.afterJobId);
    const state = before && parseRecord(before).state;
    expected = state && 'sha256' in state ? state.sha256 : undefined;
    if (expected === undefined) return { refused: 'earlier-signature-waits' };
  }
  return document?.revision.sha256 === expected ? { revision: document.revision } : { refused: 'document-changed' };
}

/** Stored bytes are damaged, and the code why they could not be had again. */
class Unmended extends Error {
  readonly code: string;
  constructor(cause: unknown) {
    super('document: damaged', { cause });
    this.code = errorCode(cause);
  }
}

/** Runs `work` over the revision, once more where its stored bytes were damaged and are the provider's, who has them still. */
async function mending<T>(
  { store, mend }: EffectContext,
  { transactionId, documentId }: Job,
  revision: RevisionRef,
  work: (revision: RevisionRef) => Promise<T>,
): Promise<T> {
  try {
    return await work(revision);
  } catch (error) {
    if (!isStoredDamage(error)) throw error;
    await mend(transactionId, documentId).catch((cause: unknown) => {
      throw new Unmended(cause);
    });
    const mended = await store.document(transactionId, documentId);
    if (mended?.revision.sha256 !== revision.sha256) throw new EngineError('document-changed');
    return work(mended.revision);
  }
}

export async function prepareEffect(
  context: EffectContext,
  job: Job,
  batch: TokenBatch,
  name: string,
  looks: MarkLooks,
): Promise<Outcome> {
  const startMs = context.clock.monotonicMs();
  try {
    const on = await base(context, job);
    if ('refused' in on) {
      const waits = on.refused === 'earlier-signature-waits';
      return { event: { kind: waits ? 'token-refused' : 'preparation-failed', code: on.refused } };
    }
    const { revision } = on;
    const signedAt = context.clock.now();
    const { certificate, chain, scheme } = batch.key;
    const { reason, location, box, withTimestamp } = job.spec;
    const timings = () => ({ ...job.timings, prepareMs: context.clock.monotonicMs() - startMs });
    const statements = stated(job.spec.statements);
    const facts = { signedAt, scheme, certificate, chain: [...chain] };
    if (job.spec.profile === 'CAdES') {
      const expectedSha256 = revision.sha256;
      const request = { certificate, scheme, signedAt, expectedSha256, statements };
      const message = await context.engine.prepareMessage(revision, request);
      const { signedAttributes, baseSha256, baseSize } = message;
      const gap = { offset: 0, length: 0 };
      const ready = { ...facts, baseSha256, baseSize, gap, fieldName: '' };
      return { event: { kind: 'prepared', prepared: ready }, made: { signedAttributes, timings: timings() } };
    }
    const { image, layout, ...words } = looks;
    const request = {
      certificate,
      chain,
      scheme,
      signedAt,
      ...{ reason, location, statements, box, withTimestamp, image, layout },
      appearanceLines: markLines({ name, at: signedAt, reason, location, certificate, ...words }),
      expectedSha256: revision.sha256,
    };
    const prepared = await mending(context, job, revision, (sound) => context.engine.prepare(sound, request));
    const { increment, signedAttributes, baseSha256, baseSize, gap, fieldName } = prepared;
    return {
      event: {
        kind: 'prepared',
        prepared: { ...facts, baseSha256, baseSize, gap, fieldName },
      },
      made: { increment, signedAttributes, timings: timings() },
    };
  } catch (error) {
    const code = errorCode(error);
    // The provider's bytes could not be fetched now.
    if (error instanceof Unmended && code !== 'signed-copy-damaged') return { event: { kind: 'token-refused', code } };
    // The engine or the store died over it or beside it, and is started again: nothing is wrong with the document.
    if (code === 'worker-gone' || code === 'interrupted')
      return { event: { kind: 'token-refused', code: 'interrupted' } };
    return { event: { kind: 'preparation-failed', code } };
  }
}

export async function signEffect(context: EffectContext, job: Job, batch: TokenBatch): Promise<Outcome> {
  if (!job.signedAttributes) return { event: { kind: 'token-refused', code: 'interrupted' } };
  const startMs = context.clock.monotonicMs();
  const signed = await batch.sign(job.signedAttributes);
  if (!signed.ok) return { event: { kind: 'token-refused', code: signed.code } };
  const timings = { ...job.timings, tokenMs: context.clock.monotonicMs() - startMs };
  return { event: { kind: 'token-signed' }, made: { signature: signed.value, timings } };
}

export async function timestampEffect(context: EffectContext, job: Job, signal: AbortSignal): Promise<Outcome> {
  const startMs = context.clock.monotonicMs();
  const unavailable = (code: string, retryAfterMs?: number): Outcome => ({
    event: {
      kind: 'timestamp-unavailable',
      code,
      now: context.clock.now(),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  });
  if (!job.signature) return unavailable('internal');
  try {
    const outcome = await context.timestamp(job.signature, signal);
    if (outcome.kind === 'unavailable') return unavailable(outcome.code, outcome.retryAfterMs);
    const timings = { ...job.timings, timestampMs: context.clock.monotonicMs() - startMs };
    return { event: { kind: 'timestamped' }, made: { timestampToken: outcome.token, timings } };
  } catch (error) {
    return unavailable(signal.aborted ? 'cancelled' : errorCode(error));
  }
}

/** The signature with its timestamp in the gap, or without one that is too large for it: a document timestamp takes its place then. */
function assembleOrLeave(job: Job, prepared: PreparedFacts): Uint8Array {
  const { increment, signedAttributes, signature, timestampToken } = job;
  if (!increment || !signedAttributes || !signature) throw new EngineError('verification-failed', 'parts');
  const scheme = prepared.scheme as SignatureScheme;
  const request = { ...prepared, increment, signedAttributes, signature, scheme, assembled: false };
  try {
    return assemble({ ...request, timestampToken });
  } catch (error) {
    if (errorCode(error) !== 'contents-too-small' || !timestampToken) throw error;
    return assemble({ ...request, timestampToken: undefined });
  }
}

function messageParts(job: Job, prepared: PreparedFacts): MessageParts {
  const { signedAttributes, signature, timestampToken } = job;
  if (!signedAttributes || !signature) throw new EngineError('verification-failed', 'parts');
  const { certificate, chain } = prepared;
  const scheme = prepared.scheme as SignatureScheme;
  return { signedAttributes, signature, scheme, certificate, chain, timestampToken };
}

/** @returns what is to be the job's increment: the signature and what its level asks for, of CAdES the message without its content */
async function raised(
  { engine }: EffectContext,
  job: Job,
  prepared: PreparedFacts,
  revision: RevisionRef,
  level: RaisedLevel,
  tools: RaiseTools,
): Promise<Uint8Array> {
  if (job.spec.profile === 'CAdES') {
    const message = await engine.assembleMessage(revision, messageParts(job, prepared));
    return raiseMessage(message, level, { ...tools, signer: prepared.certificate });
  }
  const signed = assembleOrLeave(job, prepared);
  const steps = remoteSteps(engine, { kind: 'revision', revision, name: '' }, undefined);
  return new Uint8Array(Buffer.concat([signed, await raiseBySteps(steps, level, tools, signed)]));
}

/** @param fetchedSince revocation answers from before are not used, epoch ms: the batch's last timestamp */
export async function validationDataEffect(
  context: EffectContext,
  job: Job,
  fetchedSince: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const { clock, collector, timestamp } = context;
  const startMs = clock.monotonicMs();
  const unavailable = (code: string): Outcome => ({
    event: { kind: 'validation-data-unavailable', code, now: clock.now() },
  });
  const { level } = job.spec;
  if (job.state.kind !== 'awaiting-validation-data' || !level) return unavailable('internal');
  try {
    const on = await base(context, job);
    if ('refused' in on) return unavailable(on.refused);
    const { anchors } = context.validation();
    const tools = { timestamp, collector, anchors, clock, fetchedSince, signal };
    const increment = await raised(context, job, job.state.prepared, on.revision, level, tools);
    const timings = { ...job.timings, validationMs: clock.monotonicMs() - startMs };
    return { event: { kind: 'validation-data-added' }, made: { increment, timings } };
  } catch (error) {
    return unavailable(signal.aborted ? 'cancelled' : errorCode(error).replace(/^timestamp-/, ''));
  }
}

function outboxRow(job: Job, signedAt: number, baseSha256: string, sha256: string, sizeBytes: number, now: number) {
  const change: Change = {
    kind: 'signature',
    key: job.id,
    remoteId: job.spec.remoteId,
    documentId: job.documentId,
    signatureRequestId: job.signatureRequestId,
    signedAt,
    fileName: job.spec.fileName,
    sha256,
    baseSha256,
    sizeBytes,
  };
  return {
    id: `signature-${job.id}`,
    accountId: job.spec.accountId,
    transactionId: job.transactionId,
    kind: 'signature',
    change: JSON.stringify(change),
    createdAt: now,
    jobId: job.id,
  } satisfies NewOutboxRow;
}

const failed = (context: EffectContext, code: string): Outcome => ({
  event: { kind: 'finish-failed', code, now: context.clock.now() },
});

interface FinishedBytes {
  /** To stand behind the base; by itself where `standsAlone`. */
  readonly bytes: Uint8Array;
  readonly standsAlone: boolean;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Assembled and verified; nothing is stored yet. */
async function finished(
  { engine, validation }: EffectContext,
  job: Job,
  prepared: PreparedFacts,
  revision: RevisionRef,
): Promise<FinishedBytes> {
  const { increment } = job;
  const { gap, fieldName } = prepared;
  const parts = messageParts(job, prepared);
  const assembled = prepared.assembled === true;
  if (job.spec.profile === 'CAdES') {
    const { message, sha256 } = await engine.finishMessage(
      revision,
      parts,
      validation(),
      assembled ? increment : undefined,
    );
    return { bytes: message, standsAlone: true, sha256, sizeBytes: message.length };
  }
  if (!increment) throw new EngineError('verification-failed', 'parts');
  const made = await engine.finish(revision, { ...parts, increment, gap, fieldName, assembled }, validation());
  return { bytes: made.increment, standsAlone: false, sha256: made.sha256, sizeBytes: made.sizeBytes };
}

/** Assembles, verifies and commits: when this answers `committed`, revision, job and outbox row are stored together. */
export async function finishEffect(context: EffectContext, job: Job): Promise<Outcome> {
  if (job.state.kind !== 'complete') return failed(context, 'verification-failed');
  const startMs = context.clock.monotonicMs();
  const { prepared } = job.state;
  try {
    const on = await base(context, job);
    if ('refused' in on) return failed(context, on.refused);
    const { bytes, standsAlone, sha256, sizeBytes } = await finished(context, job, prepared, on.revision);
    const event: JobEvent = { kind: 'committed', sha256 };
    const timings = { ...job.timings, storeMs: context.clock.monotonicMs() - startMs };
    const now = context.clock.now();
    const done = { ...job, timings, state: reduce(job.state, event, job.spec).state };
    const row = outboxRow(job, prepared.signedAt, prepared.baseSha256, sha256, sizeBytes, now);
    await context.store.commitSigned(toRecord(done, now), bytes, sha256, row, { standsAlone });
    return { event, made: { timings } };
  } catch (error) {
    // The store refuses a commit on another base by this code.
    const code = errorCode(error);
    return failed(context, code === 'not-found' ? 'document-changed' : code);
  }
}
