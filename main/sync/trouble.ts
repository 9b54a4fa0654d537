/** What went wrong, in the codes the outbox keeps and the summary lists. */
import { ProviderError } from '../providers/provider.ts';
import { StoreError } from '../store/store.ts';

export interface TroubleFacts {
  readonly code: string;
  readonly outcomeUnknown: boolean;
  readonly retryAfterMs?: number;
}

/** An error of unknown making counts as `internal`, its outcome as unknown. */
export function toTrouble(error: unknown, signal: AbortSignal): TroubleFacts {
  if (error instanceof ProviderError) {
    const { code, outcomeUnknown, retryAfterMs } = error;
    return { code, outcomeUnknown, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (error instanceof StoreError) return { code: error.code, outcomeUnknown: true };
  return { code: signal.aborted ? 'cancelled' : 'internal', outcomeUnknown: true };
}
