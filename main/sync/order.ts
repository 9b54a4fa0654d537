/** In which order changes leave: serial and causal within a transaction, and only when their time has come. */
import { type LocalChange, readChange } from '../inbox/index.ts';
import type { OutboxRow } from '../store/store.ts';
import { LONGEST_WAIT_MS } from './outbox-machine.ts';

/** It may still be delivered without anybody deciding anything. */
export const isUnderWay = (row: Pick<OutboxRow, 'state'>) =>
  row.state === 'pending' || row.state === 'sending' || row.state === 'unknown';

const documentOf = (row: OutboxRow): string | undefined => {
  const change: LocalChange | undefined = readChange(row.change);
  return change?.kind === 'signature' ? change.documentId : undefined;
};

/**
 * Whether an unconfirmed row keeps a later one of its transaction back. Notes wait only for notes under way. All else waits for
 * what is under way, and for what is parked or failed too, but for signatures on different documents.
 */
export function blocks(earlier: OutboxRow, later: OutboxRow): boolean {
  const isNote = earlier.kind === 'note-added';
  if (isNote || later.kind === 'note-added') return earlier.kind === later.kind && isUnderWay(earlier);
  if (isUnderWay(earlier)) return true;
  const [before, after] = [documentOf(earlier), documentOf(later)];
  return before === undefined || after === undefined || before === after;
}

/** A time further off than any wait is from before the clock was set back. */
export function isDue(row: Pick<OutboxRow, 'retryAt' | 'code'>, now: number, force: boolean): boolean {
  if (row.retryAt === undefined || row.retryAt <= now || row.retryAt > now + LONGEST_WAIT_MS) return true;
  return force && row.code !== 'rate-limited';
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
