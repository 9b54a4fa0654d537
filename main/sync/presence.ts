/** Whether the providers can be reached, by the last contact with each account's. */
import type { Clock } from '../platform/clock.ts';

export interface Presence {
  reached(accountId: string): void;
  /** Takes any error's code: `offline` says it cannot be reached, some that it answered, the rest nothing. */
  met(accountId: string, code: string): void;
  readonly online: boolean;
  /** Epoch milliseconds. */
  readonly offlineSince: number | undefined;
  /** Of one account: when it was found out of reach, undefined while it is not. */
  accountOfflineSince(accountId: string): number | undefined;
}

/** Codes that only an answer can have brought. */
const answered = new Set([
  'sign-in-refused',
  'sign-in-expired',
  'bad-response',
  'server-error',
  'rate-limited',
  'refused',
  'stale',
]);

/** Codes of a server that cannot be reached, or not safely: a portal's certificate is as good as no network. */
export const outOfReach: ReadonlySet<string> = new Set([
  'offline',
  'tls',
  'certificate-expired',
  'certificate-untrusted',
  'wrong-host',
]);

/** @param changed told when it goes offline and when it is back */
export function createPresence(clock: Pick<Clock, 'now'>, changed: (online: boolean) => void): Presence {
  const reachable = new Map<string, boolean>();
  const awaySince = new Map<string, number>();
  let offlineSince: number | undefined;
  const note = (accountId: string, isReachable: boolean) => {
    reachable.set(accountId, isReachable);
    if (isReachable) awaySince.delete(accountId);
    else if (!awaySince.has(accountId)) awaySince.set(accountId, clock.now());
    const online = [...reachable.values()].includes(true);
    if (online === (offlineSince === undefined)) return;
    offlineSince = online ? undefined : clock.now();
    changed(online);
  };
  return {
    reached: (accountId) => note(accountId, true),
    met(accountId, code) {
      if (outOfReach.has(code)) note(accountId, false);
      else if (answered.has(code)) note(accountId, true);
    },
    get online() {
      return offlineSince === undefined;
    },
    get offlineSince() {
      return offlineSince;
    },
    accountOfflineSince: (accountId) => awaySince.get(accountId),
  };
}
