/** From what the person confirmed to jobs: each chosen request becomes a job bound to the bytes they saw. */
import type { BatchChoices, PlaceChoice, Statements, Transaction, TransactionDocument } from '../../preload/model.ts';
import { awaitsRendering } from '../inbox/index.ts';
import type { Job, JobSpec } from './job.ts';
import type { JobState } from './machine.ts';
import { type UnmetRestriction, unmetRestriction } from './restrictions.ts';
import { excludesReason } from './stated.ts';

export interface ChosenRequest {
  readonly transactionId: string;
  readonly documentId: string;
  readonly signatureRequestId: string;
  readonly reviewedSha256: string;
  /** In place of the sender's. */
  readonly reason?: string | undefined;
  readonly place?: PlaceChoice | undefined;
}

export type PlanError =
  | 'not-found'
  | 'not-mine'
  | 'not-ready'
  /** CAdES past B-LT. */
  | 'profile-unsupported'
  /** PAdES and CAdES on one document. */
  | 'mixed-profiles'
  | 'restricted'
  /** A commitment or a policy, and a reason, in a PDF. */
  | 'reason-excluded'
  | 'no-authority'
  | 'batch-running'
  | 'nothing-waits';

/** What holds for each of a batch. */
export interface PlanChoices extends BatchChoices {
  readonly statements?: Statements | undefined;
}

export interface Plan {
  readonly spec: JobSpec;
  readonly state: JobState;
}

function fileName(transaction: Transaction, document: TransactionDocument, isMessage: boolean): string {
  const base = (document.title || transaction.title).replace(/(\.pdf|\.p7m)+$/i, '');
  const clean = base
    .replace(/[\p{C}/\\:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[.\s]+/, '');
  return `${(clean || 'document').slice(0, 120)}${isMessage ? '.pdf.p7m' : '.signed.pdf'}`;
}

/**
 * A plan, or why the request cannot be signed here.
 * @param certificate the identity's, DER: what the sender's restrictions are held against; without one they block
 */
export function plan(
  transaction: Transaction | undefined,
  chosen: ChosenRequest,
  identityId: string,
  certificate?: Uint8Array,
  choices: PlanChoices = {},
): Plan | { readonly refused: PlanError; readonly unmet?: UnmetRestriction } {
  const document = transaction?.documents.find((d) => d.id === chosen.documentId);
  const request = document?.signatureRequests.find((r) => r.id === chosen.signatureRequestId);
  if (!transaction || !document || !request) return { refused: 'not-found' };
  if (!request.mine) return { refused: 'not-mine' };
  if (request.state !== 'ready') return { refused: 'not-ready' };
  const isMessage = request.profile === 'CAdES';
  if (document.signatureRequests.some(({ profile }) => profile !== request.profile)) {
    return { refused: 'mixed-profiles' };
  }
  if (isMessage && choices.level === 'B-LTA') return { refused: 'profile-unsupported' };
  const unmet = unmetRestriction(certificate, request.restrictions);
  if (unmet) return { refused: 'restricted', unmet };
  const reason = chosen.reason ?? choices.reason ?? request.reason;
  const { location, mark, statements } = choices;
  if (!isMessage && excludesReason(statements) && reason !== '') return { refused: 'reason-excluded' };
  const form = document.forms.find((f) => f.kind === 'signature' && f.signatureRequestId === request.id);
  const asked = form && !form.invisible ? form.box : undefined;
  const { place = asked } = chosen;
  const box = place === 'invisible' || isMessage ? undefined : place;
  const unfilled = document.forms.some((f) => f.kind === 'text' && f.required && !f.filled);
  return {
    spec: {
      title: document.title === transaction.title ? transaction.title : `${transaction.title}: ${document.title}`,
      accountId: transaction.accountId,
      remoteId: transaction.remoteId,
      fileName: fileName(transaction, document, isMessage),
      identityId,
      reviewedSha256: chosen.reviewedSha256,
      reason,
      withTimestamp: request.withTimestamp,
      ...(isMessage ? { profile: 'CAdES' as const } : {}),
      ...(box ? { box } : {}),
      ...(location === undefined ? {} : { location }),
      ...(mark === undefined ? {} : { mark }),
      ...(statements === undefined ? {} : { statements }),
    },
    state: { kind: unfilled || awaitsRendering(document) ? 'awaiting-filled-document' : 'awaiting-preparation' },
  };
}

/** Jobs in groups of one document each, in the order they came. */
export function byDocument(jobs: readonly Job[]): Job[][] {
  return [...Map.groupBy(jobs, (job) => `${job.transactionId}\n${job.documentId}`).values()];
}

/** Jobs of one document form a chain: each signs on the result of the one before. Documents keep their first appearance's order. */
export function chains(jobs: readonly Job[]): Job[][] {
  return byDocument(jobs).map((group) =>
    group.map((job, i) => {
      const before = group[i - 1];
      return before ? { ...job, spec: { ...job.spec, afterJobId: before.id } } : job;
    }),
  );
}

/** The level wanted, or more where the request asks for a timestamp; without one, B-T where an authority is set. */
export function withLevel(planned: Plan, level: BatchChoices['level'], hasAuthority: boolean): Plan {
  const wanted = level ?? (hasAuthority ? 'B-T' : 'B-B');
  if (wanted === 'B-B') return planned;
  const spec = { ...planned.spec, withTimestamp: true };
  return { ...planned, spec: wanted === 'B-T' ? spec : { ...spec, level: wanted } };
}

/** The jobs with each one behind the one it signs on. */
export function inChainOrder<J extends Pick<Job, 'id' | 'spec'>>(jobs: readonly J[]): J[] {
  const ordered: J[] = [];
  let left = [...jobs];
  while (left.length > 0) {
    const isLeft = new Set(left.map(({ id }) => id));
    const next = left.filter(({ spec }) => spec.afterJobId === undefined || !isLeft.has(spec.afterJobId));
    // A ring cannot be: it would be left as it came.
    if (next.length === 0) return [...ordered, ...left];
    ordered.push(...next);
    left = left.filter((job) => !next.includes(job));
  }
  return ordered;
}
