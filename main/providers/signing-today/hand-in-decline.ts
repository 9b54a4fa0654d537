/** Declining: PUT /DST/{id} with an entry of status declined and declinedReason, only where the request is declinable. */
import type { Change, Observation } from '../provider.ts';
import { putDst } from './dsts.ts';
import {
  closedBecause,
  conflict,
  type HandInContext,
  impossible,
  readForChange,
  readToSend,
  type Verdict,
} from './hand-in.ts';
import { withEntry } from './put-signature.ts';
import type { Dst } from './schemas.ts';
import { isDeclined, isSigner, isTurn, signatureOf } from './sign-plan.ts';
import { toTimestamp } from './timestamps.ts';

type DeclineChange = Extract<Change, { kind: 'decline' }>;

/** A request that is declined is declined, whatever reason stands there: only its signer can have done it. */
function judge(dst: Dst, change: DeclineChange, userId: string): Verdict {
  const document = dst.documents.find(({ id }) => id === change.documentId);
  const request = document?.signatureRequests.find(({ id }) => id === change.signatureRequestId);
  const made = document && request && signatureOf(dst, document, request.id);
  if (made) return isDeclined(made) ? { kind: 'applied' } : impossible('signed-elsewhere');
  const closed = closedBecause(dst);
  if (closed) return impossible(closed);
  // Nothing is declined before the texts are filled in.
  if (dst.status === 'toFill' || !document || !request?.declinable) return impossible('not-permitted');
  if (!isSigner(document, request.signerId, userId) || !isTurn(dst, document, request))
    return impossible('not-permitted');
  return { kind: 'open' };
}

export async function observeDecline(
  context: HandInContext,
  change: DeclineChange,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const record = await readForChange(context, change.remoteId, signal);
  if (typeof record === 'string') return conflict(record);
  const verdict = judge(record.dst, change, context.userId);
  if (verdict.kind === 'conflict') return verdict;
  if (verdict.kind === 'open') return { kind: 'not-applied', memo: {} };
  return { kind: 'applied', remoteTransaction: await context.toRemote(record.dst, signal) };
}

/** @throws ProviderError stale where the DST moved on since it was observed */
export async function sendDecline(
  context: HandInContext,
  change: DeclineChange,
  signal: AbortSignal | undefined,
): Promise<void> {
  const record = await readToSend(context, change.remoteId, (dst) => judge(dst, change, context.userId), signal);
  if (!record) return;
  const entry = {
    documentId: change.documentId,
    signatureRequestId: change.signatureRequestId,
    signedAt: toTimestamp(change.declinedAt),
    status: 'declined',
    declinedReason: change.reason,
    extraData: {},
  } as const;
  await putDst(context.core, change.remoteId, withEntry(record, entry), signal);
}
