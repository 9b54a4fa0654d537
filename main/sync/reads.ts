/**
 * Which of two readings of a transaction is the newer one, without any clock: readings are numbered as they begin. A page
 * that was asked for before a change was read back must not bring the old state back.
 */
/** A transaction's notes are read apart from it. */
export const notesKey = (transactionId: string) => `notes ${transactionId}`;

export const notificationsKey = (accountId: string) => `notifications ${accountId}`;

export interface Reads {
  begin(): number;
  /** True where a reading that began later is stored already. */
  isOutdated(what: string, begun: number): boolean;
  stored(what: string, begun: number): void;
}

export function createReads(): Reads {
  const newest = new Map<string, number>();
  let count = 0;
  const last = (what: string) => newest.get(what) ?? 0;
  return {
    begin: () => ++count,
    isOutdated: (what, begun) => last(what) > begun,
    stored: (what, begun) => void newest.set(what, Math.max(begun, last(what))),
  };
}
