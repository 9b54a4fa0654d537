/** A batch on a logged-in token: signatures until it is closed, abandoned from outside, or left idle for too long. */
import type { TokenErrorCode, TokenResult } from '../../native/token-port.ts';
import type { Clock } from '../platform/clock.ts';
import type { SigningKey, TokenBatch } from './tokens.ts';

export interface TokenBatchOptions {
  readonly key: SigningKey;
  readonly clock: Clock;
  /** Without a signature for so long the login ends. */
  readonly idleMs: number;
  sign(message: Uint8Array, signal?: AbortSignal): Promise<TokenResult<Uint8Array>>;
  /** Called once. `isWell`: closed by its owner, and the login as good as it was. */
  end(isWell: boolean): Promise<void>;
}

export interface OpenBatch extends TokenBatch {
  /** The screen was locked, say: what is under way fails, and the login is kept by nobody. */
  abandon(): Promise<void>;
}

/** Failures that say nothing about the login. */
const harmless: ReadonlySet<TokenErrorCode> = new Set(['cancelled', 'mechanism-unsupported', 'key-absent']);

export function createTokenBatch({ key, clock, idleMs, sign, end }: TokenBatchOptions): OpenBatch {
  let isWell = true;
  let ended: Promise<void> | undefined;
  const finish = (well: boolean) => {
    idle.stop();
    ended ??= end(well);
    return ended;
  };
  const idle = idleWatch(clock, idleMs, () => void finish(false));
  return {
    key,
    async sign(message, signal) {
      if (ended) return { ok: false, code: 'login-required' };
      const result = await idle.during(sign(message, signal));
      if (result.ok) return result;
      if (!harmless.has(result.code)) isWell = false;
      // Its login was ended from outside while it was under way.
      return ended && result.code === 'cancelled' && !signal?.aborted ? { ok: false, code: 'login-required' } : result;
    },
    close: () => finish(isWell),
    abandon: () => finish(false),
  };
}

/** Calls `onIdle` once nothing has been under way for `ms`. */
function idleWatch(clock: Clock, ms: number, onIdle: () => void) {
  const ending = new AbortController();
  let busy = 0;
  let lastMs = clock.monotonicMs();
  const watch = async () => {
    for (;;) {
      const leftMs = busy > 0 ? ms : lastMs + ms - clock.monotonicMs();
      if (leftMs <= 0) return onIdle();
      await clock.delay(leftMs, ending.signal);
    }
  };
  watch().catch(() => undefined);
  return {
    async during<T>(work: Promise<T>): Promise<T> {
      busy++;
      try {
        return await work;
      } finally {
        busy--;
        lastMs = clock.monotonicMs();
      }
    },
    stop: () => ending.abort(),
  };
}
