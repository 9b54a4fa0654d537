/** In which order changes leave: serial and causal within a transaction, and only when their time has come. */
import { isOfNotes } from '../inbox/index.ts';
import type { OutboxRow } from '../store/store.ts';
import { LONGEST_WAIT_MS } from './outbox-machine.ts';

/** Rows of one lane leave one after the other: those of a transaction, or of an account as a whole. */
export const laneOf = (row: Pick<OutboxRow, 'accountId' | 'transactionId'>) =>
  row.transactionId ?? `account ${row.accountId}`;

/** It may still be delivered without anybody deciding anything. */
export const isUnderWay = (row: Pick<OutboxRow, 'state'>) =>
  row.state === 'pending' || row.state === 'sending' || row.state === 'unknown';

/**
 * Whether an unconfirmed row keeps a later one of its transaction back: while it is under way, notes only notes and all else
 * only all else. What is parked or failed keeps nothing back: a signature made on its result finds out by looking.
 */
function blocks(earlier: OutboxRow, later: OutboxRow): boolean {
  return isUnderWay(earlier) && isOfNotes(earlier.kind) === isOfNotes(later.kind);
}

/** A time further off than any wait is from before the clock was set back. */
export function isDue(row: Pick<OutboxRow, 'retryAt' | 'code'>, now: number, force: boolean): boolean {
  if (row.retryAt === undefined || row.retryAt <= now || row.retryAt > now + LONGEST_WAIT_MS) return true;
  // What the server asked for, and what may still be on its way, is waited for all the same.
  return force && row.code !== 'rate-limited' && row.code !== 'not-seen';
}

/** The next row to deliver of one transaction's unconfirmed rows, in their sequence. */
export function nextRow(
  rows: readonly OutboxRow[],
  may: (row: OutboxRow) => boolean,
  now: number,
  force: boolean,
): OutboxRow | undefined {
  return rows.find(
    (row, at) =>
      isUnderWay(row) &&
      may(row) &&
      isDue(row, now, force) &&
      !rows.slice(0, at).some((earlier) => blocks(earlier, row)),
  );
}
