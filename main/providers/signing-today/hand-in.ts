/**
 * The "submit" strategy: changes made on the desk are handed in by documented calls only, and each is first looked for at the server.
 * What all kinds of change share is here: what they work on, when a DST no longer takes any.
 */
import { type ConflictCode, type Observation, ProviderError, type RemoteTransaction } from '../provider.ts';
import { type DstRecord, getDst } from './dsts.ts';
import type { KnownHashes } from './known-hashes.ts';
import type { RequestCore } from './request-core.ts';
import type { Dst } from './schemas.ts';

export interface HandInContext {
  readonly core: RequestCore;
  readonly userId: string;
  readonly hashes: KnownHashes;
  toRemote(dst: Dst, signal: AbortSignal | undefined): Promise<RemoteTransaction>;
}

export const conflict = (code: ConflictCode): Observation => ({ kind: 'conflict', code });

/** What a reading of the DST says of a change: done, impossible, or still to be made. */
export type Verdict =
  | { readonly kind: 'applied' }
  | { readonly kind: 'conflict'; readonly code: ConflictCode }
  | { readonly kind: 'open' };

export const impossible = (code: ConflictCode): Verdict => ({ kind: 'conflict', code });

/** Why a DST takes no more changes, if so. */
export function closedBecause(dst: Dst): ConflictCode | undefined {
  if (dst.deletedAt !== undefined) return 'deleted';
  if (dst.replacedBy !== undefined) return 'replaced';
  if (dst.status === 'expired') return 'expired';
  if (dst.status === 'rejected') return 'declined';
  // Taken back to be changed, or broken: nothing can be handed in to it as it is.
  if (['draft', 'downloadingInDraft', 'error'].includes(dst.status)) return 'not-permitted';
  return undefined;
}

/** Reads the DST; one that is gone, or no longer shown to this person, settles the change. */
export async function readForChange(
  context: HandInContext,
  remoteId: string,
  signal: AbortSignal | undefined,
): Promise<DstRecord | ConflictCode> {
  try {
    return await getDst(context.core, remoteId, signal);
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'not-found') return 'deleted';
    if (error instanceof ProviderError && error.status === 403) return 'not-permitted';
    throw error;
  }
}

/**
 * The DST as it is now, where the change can still be made; undefined where it is made already.
 * @throws ProviderError stale where it moved on since it was observed: it has to be observed again
 */
export async function readToSend(
  context: HandInContext,
  remoteId: string,
  judge: (dst: Dst) => Verdict,
  signal: AbortSignal | undefined,
): Promise<DstRecord | undefined> {
  const record = await readForChange(context, remoteId, signal);
  if (typeof record === 'string') throw new ProviderError('stale');
  const verdict = judge(record.dst);
  if (verdict.kind === 'conflict') throw new ProviderError('stale');
  return verdict.kind === 'applied' ? undefined : record;
}
