/**
 * The review of a batch: each document is opened and ticked or skipped. A tick holds for exactly the bytes that were on the screen (by
 * their SHA-256): other bytes void it.
 */
import type { ChosenRequest, LeftOut } from './requests.ts';

export interface ReviewItem {
  /** `transactionId/documentId`. */
  readonly key: string;
  readonly transactionId: string;
  readonly documentId: string;
  readonly title: string;
  /** My requests on this document. */
  readonly requests: readonly ChosenRequest[];
}

export type Decision = { readonly kind: 'ticked'; readonly sha256: string } | { readonly kind: 'skipped' };
export type Decisions = ReadonlyMap<string, Decision>;

export const documentKey = ({ transactionId, documentId }: { transactionId: string; documentId: string }): string =>
  `${transactionId}/${documentId}`;

/** One item a document, in the order they came. */
export function reviewItems(requests: readonly ChosenRequest[]): ReviewItem[] {
  return [...Map.groupBy(requests, documentKey)].flatMap(([key, group]) => {
    const [first] = group;
    if (!first) return [];
    const { transactionId, documentId, title } = first;
    return [{ key, transactionId, documentId, title, requests: group }];
  });
}

export type Standing = 'open' | 'ticked' | 'skipped' | 'void';

/** @param sha256 the document's bytes as they are now; undefined where they are not known yet */
export function standingOf(decision: Decision | undefined, sha256: string | undefined): Standing {
  if (!decision) return 'open';
  if (decision.kind === 'skipped') return 'skipped';
  return sha256 === undefined || decision.sha256 === sha256 ? 'ticked' : 'void';
}

export function decide(decisions: Decisions, key: string, decision: Decision): Decisions {
  return new Map(decisions).set(key, decision);
}

/** The next item after `at` that is not decided, round the end; `at` where every one is. */
export function nextOpen(items: readonly ReviewItem[], decisions: Decisions, at: number): number {
  for (let step = 1; step <= items.length; step++) {
    const index = (at + step) % items.length;
    const item = items[index];
    if (item && !decisions.has(item.key)) return index;
  }
  return at;
}

export interface ReviewCount {
  readonly total: number;
  readonly ticked: number;
  readonly skipped: number;
  readonly open: number;
}

export function countReview(items: readonly ReviewItem[], decisions: Decisions): ReviewCount {
  const kinds = items.map(({ key }) => decisions.get(key)?.kind);
  const ticked = kinds.filter((kind) => kind === 'ticked').length;
  const skipped = kinds.filter((kind) => kind === 'skipped').length;
  return { total: items.length, ticked, skipped, open: items.length - ticked - skipped };
}

/** What is to be signed: the requests on ticked documents whose bytes are those of the tick. */
export function reviewed(
  requests: readonly ChosenRequest[],
  decisions: Decisions,
): { readonly requests: ChosenRequest[]; readonly leftOut: LeftOut[] } {
  const signed: ChosenRequest[] = [];
  const leftOut: LeftOut[] = [];
  for (const request of requests) {
    const standing = standingOf(decisions.get(documentKey(request)), request.reviewedSha256);
    if (standing === 'ticked') signed.push(request);
    else if (standing === 'void') leftOut.push({ title: request.title, code: 'document-changed' });
  }
  return { requests: signed, leftOut };
}

/** True where every document has been on the screen as it is now: nothing more has to be reviewed. */
export function allSeen(requests: readonly ChosenRequest[], decisions: Decisions): boolean {
  return requests.every(
    (request) => standingOf(decisions.get(documentKey(request)), request.reviewedSha256) === 'ticked',
  );
}
