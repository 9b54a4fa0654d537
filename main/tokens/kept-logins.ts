/**
 * Logins that outlive their batch because the person wants it so: the token's session stays logged in for the time set, the PIN
 * is not kept. Each ends by itself at its time, and is ended on removal, lock of the screen, sleep and absence.
 */
import type { TokenPinState } from '../../native/token-port.ts';
import type { Clock } from '../platform/clock.ts';
import type { KnownToken } from './token-view.ts';

export interface KeptLogin {
  readonly token: KnownToken;
  readonly sessionId: string;
  /** The session's spent one-time key: nothing can be sealed to it any more. */
  readonly publicKey: Uint8Array;
  readonly pin: TokenPinState;
  /** Monotonic milliseconds; infinite where it holds until the token is removed. */
  readonly untilMs: number;
}

export interface KeptLogins {
  /** Keeps it until its time; false, and nothing kept, where that is over already. */
  keep(login: KeptLogin): boolean;
  peek(tokenId: string): KeptLogin | undefined;
  /** Hands it to a batch: it does not end by itself any more. */
  take(sessionId: string): KeptLogin | undefined;
  /** Ends those that `which` names. */
  end(which: (login: KeptLogin) => boolean): Promise<void>;
  /** When the token's login ends, epoch milliseconds; undefined where none is kept. */
  shown(tokenId: string): { endsAt?: number } | undefined;
}

/** @param onEnd logs out; called once for each login that was not taken */
export function createKeptLogins(clock: Clock, onEnd: (login: KeptLogin) => Promise<void>): KeptLogins {
  const kept = new Map<string, { readonly login: KeptLogin; readonly timer: AbortController }>();

  function remove(tokenId: string): KeptLogin | undefined {
    const found = kept.get(tokenId);
    kept.delete(tokenId);
    found?.timer.abort();
    return found?.login;
  }

  async function end(which: (login: KeptLogin) => boolean): Promise<void> {
    const ending = [...kept].filter(([, { login }]) => which(login)).map(([tokenId]) => remove(tokenId));
    await Promise.all(ending.map((login) => login && onEnd(login)));
  }

  async function endAtItsTime(login: KeptLogin, signal: AbortSignal): Promise<void> {
    await clock.delay(login.untilMs - clock.monotonicMs(), signal);
    if (!signal.aborted) await end((other) => other === login);
  }

  return {
    keep(login) {
      const leftMs = login.untilMs - clock.monotonicMs();
      if (leftMs <= 0) return false;
      const timer = new AbortController();
      kept.set(login.token.view.id, { login, timer });
      if (Number.isFinite(leftMs)) endAtItsTime(login, timer.signal).catch(() => undefined);
      return true;
    },
    peek: (tokenId) => kept.get(tokenId)?.login,
    take(sessionId) {
      const found = [...kept].find(([, { login }]) => login.sessionId === sessionId);
      return found && remove(found[0]);
    },
    end,
    shown(tokenId) {
      const login = kept.get(tokenId)?.login;
      if (!login) return undefined;
      const leftMs = login.untilMs - clock.monotonicMs();
      return Number.isFinite(leftMs) ? { endsAt: clock.now() + leftMs } : {};
    },
  };
}
