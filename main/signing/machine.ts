/**
 * The signing job as a pure machine: `reduce(state, event)` gives the next state and the one effect to run then. The next
 * state is stored before its effect starts; effects report back only as events. What an event does not fit is ignored, so a
 * late answer never moves a job back.
 */
import type { JobSpec, PreparedFacts } from './job.ts';

export type JobState =
  /** Text forms were filled here; the provider has not rendered the document to sign yet. */
  | { readonly kind: 'awaiting-filled-document' }
  /** Nothing made yet; the second job of a chain waits here for the first one's result. */
  | { readonly kind: 'awaiting-preparation' }
  /** The increment and its signed attributes are stored; the token is asked next. */
  | { readonly kind: 'prepared'; readonly prepared: PreparedFacts }
  /** The token did not sign; `code` says why. A new confirmation with a PIN prepares anew. */
  | { readonly kind: 'awaiting-pin'; readonly code: string }
  /** The signature value is stored: from here no PIN is asked again. */
  | { readonly kind: 'signed'; readonly prepared: PreparedFacts }
  | {
      readonly kind: 'awaiting-timestamp';
      readonly prepared: PreparedFacts;
      readonly code: string;
      readonly attempts: number;
      readonly retryAt: number;
    }
  /** Timestamped; what a level past B-T needs is fetched after the batch's last timestamp, and again later where it cannot be had. */
  | {
      readonly kind: 'awaiting-validation-data';
      readonly prepared: PreparedFacts;
      readonly code?: string | undefined;
      readonly attempts: number;
      readonly retryAt: number;
    }
  /** Everything the revision needs is here; it is assembled, verified and committed next. */
  | {
      readonly kind: 'complete';
      readonly prepared: PreparedFacts;
      /** It could not be kept yet (a full disk, say): why, and when it is tried again. */
      readonly code?: string | undefined;
      readonly attempts?: number | undefined;
      readonly retryAt?: number | undefined;
    }
  /** Committed together with its outbox row. */
  | {
      readonly kind: 'queued';
      readonly sha256: string;
      readonly code?: string | undefined;
      readonly retryAt?: number | undefined;
    }
  | { readonly kind: 'delivering'; readonly sha256: string }
  | { readonly kind: 'delivered'; readonly sha256: string }
  /** The provider's document moved on: the signed file is kept, a new signature needs the person's word. */
  | { readonly kind: 'superseded'; readonly sha256: string; readonly code: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly code: string; readonly sha256?: string | undefined };

export type JobEvent =
  | { readonly kind: 'authorised' }
  | { readonly kind: 'prepared'; readonly prepared: PreparedFacts }
  | { readonly kind: 'preparation-failed'; readonly code: string }
  | { readonly kind: 'token-signed' }
  | { readonly kind: 'token-refused'; readonly code: string }
  | { readonly kind: 'timestamped' }
  | {
      readonly kind: 'timestamp-unavailable';
      readonly code: string;
      readonly now: number;
      readonly retryAfterMs?: number;
    }
  /** The increment of the job has what its level asks for. */
  | { readonly kind: 'validation-data-added' }
  | { readonly kind: 'validation-data-unavailable'; readonly code: string; readonly now: number }
  | { readonly kind: 'retry-due' }
  | { readonly kind: 'committed'; readonly sha256: string }
  | { readonly kind: 'finish-failed'; readonly code: string; readonly now: number }
  | { readonly kind: 'delivery-started' }
  | { readonly kind: 'delivery-waits'; readonly code: string | undefined; readonly retryAt: number | undefined }
  | { readonly kind: 'delivery-confirmed' }
  | { readonly kind: 'delivery-conflict'; readonly code: string }
  | { readonly kind: 'delivery-failed'; readonly code: string }
  | { readonly kind: 'cancelled' }
  /** The process starts again and finds the job as it was stored. */
  | { readonly kind: 'restarted' };

export type JobEffect = 'prepare' | 'sign' | 'timestamp' | 'validation-data' | 'finish';

export interface Step {
  readonly state: JobState;
  readonly effect?: JobEffect;
}

/** Verdicts on the content: no later try ends otherwise. Whatever else goes wrong while finishing passes. */
const FINAL: ReadonlySet<string> = new Set([
  'verification-failed',
  'earlier-signature-broken',
  'contents-too-small',
  'document-changed',
  'not-a-pdf',
  'damaged',
  'encrypted',
  'limit',
  'bad-certificate',
  'scheme-unsupported',
  'bad-cms',
  'content-missing',
  'certificate-revoked',
]);

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 10 * 60_000;

function afterSignature(prepared: PreparedFacts, spec: Pick<JobSpec, 'withTimestamp'>): Step {
  return spec.withTimestamp
    ? { state: { kind: 'signed', prepared }, effect: 'timestamp' }
    : { state: { kind: 'complete', prepared }, effect: 'finish' };
}

const backoffMs = (attempts: number) => Math.min(FIRST_RETRY_MS * 2 ** attempts, LAST_RETRY_MS);

function waitForTimestamp(
  prepared: PreparedFacts,
  attempts: number,
  event: Extract<JobEvent, { kind: 'timestamp-unavailable' }>,
): Step {
  const retryAt = event.now + (event.retryAfterMs ?? backoffMs(attempts));
  return { state: { kind: 'awaiting-timestamp', prepared, code: event.code, attempts: attempts + 1, retryAt } };
}

/** The next state and its effect; the same state object where the event does not fit. */
export function reduce(state: JobState, event: JobEvent, spec: Pick<JobSpec, 'withTimestamp' | 'level'>): Step {
  switch (state.kind) {
    case 'awaiting-filled-document':
      return event.kind === 'cancelled' ? { state: { kind: 'cancelled' } } : { state };
    case 'awaiting-preparation':
    case 'awaiting-pin':
      return beforePreparation(state, event);
    case 'prepared':
      return whilePrepared(state, event, spec);
    case 'signed':
    case 'awaiting-timestamp':
      return afterTheToken(state, event, spec);
    case 'awaiting-validation-data':
      return whileRaising(state, event);
    case 'complete':
      return whileFinishing(state, event);
    case 'queued':
    case 'delivering':
      return onTheWay(state, event);
    case 'superseded':
    case 'failed':
      // A delivery that the person asked for again may still arrive.
      return state.sha256 !== undefined && event.kind === 'delivery-confirmed'
        ? { state: { kind: 'delivered', sha256: state.sha256 } }
        : { state };
    case 'delivered':
    case 'cancelled':
      return { state };
  }
}

function beforePreparation(
  state: Extract<JobState, { kind: 'awaiting-preparation' | 'awaiting-pin' }>,
  event: JobEvent,
): Step {
  switch (event.kind) {
    case 'authorised':
      return { state: { kind: 'awaiting-preparation' }, effect: 'prepare' };
    case 'prepared':
      return { state: { kind: 'prepared', prepared: event.prepared }, effect: 'sign' };
    case 'preparation-failed':
      return { state: { kind: 'failed', code: event.code } };
    case 'token-refused':
      return { state: { kind: 'awaiting-pin', code: event.code } };
    case 'restarted':
      return { state: { kind: 'awaiting-pin', code: state.kind === 'awaiting-pin' ? state.code : 'interrupted' } };
    case 'cancelled':
      return { state: { kind: 'cancelled' } };
    default:
      return { state };
  }
}

function whilePrepared(
  state: Extract<JobState, { kind: 'prepared' }>,
  event: JobEvent,
  spec: Pick<JobSpec, 'withTimestamp'>,
): Step {
  switch (event.kind) {
    case 'token-signed':
      return afterSignature(state.prepared, spec);
    case 'token-refused':
      return { state: { kind: 'awaiting-pin', code: event.code } };
    case 'restarted':
      return { state: { kind: 'awaiting-pin', code: 'interrupted' } };
    case 'cancelled':
      return { state: { kind: 'cancelled' } };
    default:
      return { state };
  }
}

/** A signature that was made is never thrown away: cancelling no longer applies here. */
function afterTheToken(
  state: Extract<JobState, { kind: 'signed' | 'awaiting-timestamp' }>,
  event: JobEvent,
  spec: Pick<JobSpec, 'level'>,
): Step {
  const { prepared } = state;
  switch (event.kind) {
    case 'timestamped':
      // It rests there until the batch's last timestamp is made.
      if (spec.level) return { state: { kind: 'awaiting-validation-data', prepared, attempts: 0, retryAt: 0 } };
      return { state: { kind: 'complete', prepared }, effect: 'finish' };
    case 'timestamp-unavailable':
      return waitForTimestamp(prepared, state.kind === 'signed' ? 0 : state.attempts, event);
    case 'retry-due':
    case 'restarted':
      return { state, effect: 'timestamp' };
    default:
      return { state };
  }
}

function whileRaising(state: Extract<JobState, { kind: 'awaiting-validation-data' }>, event: JobEvent): Step {
  switch (event.kind) {
    case 'validation-data-added':
      return { state: { kind: 'complete', prepared: { ...state.prepared, assembled: true } }, effect: 'finish' };
    case 'validation-data-unavailable': {
      const { code, now } = event;
      if (FINAL.has(code)) return { state: { kind: 'failed', code } };
      return { state: { ...state, code, attempts: state.attempts + 1, retryAt: now + backoffMs(state.attempts) } };
    }
    case 'retry-due':
    case 'restarted':
      return { state, effect: 'validation-data' };
    default:
      return { state };
  }
}

function whileFinishing(state: Extract<JobState, { kind: 'complete' }>, event: JobEvent): Step {
  switch (event.kind) {
    case 'committed':
      return { state: { kind: 'queued', sha256: event.sha256 } };
    case 'finish-failed': {
      const { code, now } = event;
      if (FINAL.has(code)) return { state: { kind: 'failed', code } };
      const attempts = state.attempts ?? 0;
      return { state: { ...state, code, attempts: attempts + 1, retryAt: now + backoffMs(attempts) } };
    }
    case 'retry-due':
    case 'restarted':
      return { state, effect: 'finish' };
    default:
      return { state };
  }
}

function onTheWay(state: Extract<JobState, { kind: 'queued' | 'delivering' }>, event: JobEvent): Step {
  const { sha256 } = state;
  switch (event.kind) {
    case 'delivery-started':
      return { state: { kind: 'delivering', sha256 } };
    case 'delivery-waits':
      return { state: { kind: 'queued', sha256, code: event.code, retryAt: event.retryAt } };
    case 'restarted':
      return { state: { kind: 'queued', sha256 } };
    case 'delivery-confirmed':
      return { state: { kind: 'delivered', sha256 } };
    case 'delivery-conflict':
      return { state: { kind: 'superseded', sha256, code: event.code } };
    case 'delivery-failed':
      return { state: { kind: 'failed', code: event.code, sha256 } };
    default:
      return { state };
  }
}
