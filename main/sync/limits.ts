/** Providers' wishes to be left alone: account-wide, for reading as for delivering, and never overruled by the person. */
import type { Clock } from '../platform/clock.ts';
import type { OutboxRow } from '../store/store.ts';
import { LONGEST_WAIT_MS } from './outbox-machine.ts';

export interface Limits {
  /** An answer asked to wait; a server that does not say how long gets a minute. */
  met(accountId: string, retryAfterMs: number | undefined): void;
  /** Epoch milliseconds; undefined where the account is free. */
  until(accountId: string): number | undefined;
  /** What rows still remember from before a restart. */
  recall(rows: readonly Pick<OutboxRow, 'accountId' | 'code' | 'retryAt'>[]): void;
}

const UNSAID_MS = 60_000;

export function createLimits(clock: Pick<Clock, 'now'>): Limits {
  const untilOf = new Map<string, number>();
  const extend = (accountId: string, until: number) => {
    const now = clock.now();
    // A time further off than any wait comes from a clock that was set back.
    if (until > now && until <= now + LONGEST_WAIT_MS)
      untilOf.set(accountId, Math.max(until, untilOf.get(accountId) ?? 0));
  };
  return {
    met: (accountId, retryAfterMs) =>
      extend(accountId, clock.now() + Math.min(retryAfterMs ?? UNSAID_MS, LONGEST_WAIT_MS)),
    until(accountId) {
      const until = untilOf.get(accountId) ?? 0;
      const now = clock.now();
      if (until > now && until <= now + LONGEST_WAIT_MS) return until;
      untilOf.delete(accountId);
      return undefined;
    },
    recall(rows) {
      for (const { accountId, code, retryAt } of rows) {
        if (code === 'rate-limited' && retryAt !== undefined) extend(accountId, retryAt);
      }
    },
  };
}
