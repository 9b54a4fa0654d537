import { describe, expect, it } from 'vitest';
import type { OutboxRow } from '../../../main/store/store.ts';
import { isDue, nextRow } from '../../../main/sync/order.ts';
import { LONGEST_WAIT_MS } from '../../../main/sync/outbox-machine.ts';

const now = 10_000;
let sequence = 0;

function row(kind: OutboxRow['kind'], change: Partial<OutboxRow> = {}, documentId = 'document-1'): OutboxRow {
  sequence += 1;
  const common = { key: `row-${sequence}`, remoteId: '1' };
  const changes = {
    signature: {
      documentId,
      signatureRequestId: 'r',
      signedAt: 1,
      fileName: 'f',
      sha256: 'a',
      baseSha256: 'b',
      sizeBytes: 1,
    },
    decline: { documentId, signatureRequestId: 'r', declinedAt: 1, reason: 'x' },
    fill: { values: [] },
    'note-added': { text: 'x' },
    'note-edited': { noteId: 'n', text: 'y', baseText: 'x' },
    'note-deleted': { noteId: 'n', baseText: 'x' },
    'notification-cleared': { ids: [] },
    'device-revoked': { name: 'Phone' },
    published: {},
  };
  return {
    id: `row-${sequence}`,
    accountId: 'account-1',
    transactionId: 'account-1:1',
    sequence,
    kind,
    change: JSON.stringify({ kind, ...common, ...changes[kind] }),
    memo: undefined,
    state: 'pending',
    attempts: 0,
    retryAt: undefined,
    code: undefined,
    createdAt: 1,
    changedAt: 1,
    settled: undefined,
    jobId: undefined,
    revision: undefined,
    ...change,
  };
}

const waiting = { retryAt: now + 5000, code: 'offline' };
const parked = { state: 'parked' as const, code: 'deleted' };
const failed = { state: 'failed' as const, code: 'refused' };

describe('the next row of a transaction', () => {
  it.each<[string, OutboxRow[], number | undefined]>([
    ['is the first', [row('signature'), row('signature')], 0],
    ['is none behind one that waits for its time', [row('signature', waiting), row('signature')], undefined],
    [
      'is none behind a waiting one of another document',
      [row('signature', waiting), row('signature', {}, 'd2')],
      undefined,
    ],
    ['is a note beside a signature that waits', [row('signature', waiting), row('note-added')], 1],
    ['is a signature beside a note that waits', [row('note-added', waiting), row('signature')], 1],
    ['is no later note behind one that waits', [row('note-added', waiting), row('note-added')], undefined],
    ['is a later note behind a parked one', [row('note-added', parked), row('note-added')], 1],
    ['is a signature behind a parked one', [row('signature', parked), row('signature')], 1],
    ['is a decline behind a failed fill', [row('fill', failed), row('decline')], 1],
    [
      'is none behind one that waits, whatever is parked',
      [row('fill', parked), row('fill', waiting), row('decline')],
      undefined,
    ],
    ['is one left sending by a crash', [row('signature', { state: 'sending' })], 0],
  ])('%s', (_name, rows, index) => {
    expect(nextRow(rows, () => true, now, false)?.id).toBe(index === undefined ? undefined : rows[index]?.id);
  });

  it('is none that may not be tried', () => {
    expect(nextRow([row('signature')], () => false, now, false)).toBeUndefined();
  });
});

describe('a row’s time', () => {
  it.each([
    [undefined, 'offline', false, true],
    [now, 'offline', false, true],
    [now + 1, 'offline', false, false],
    [now + 1, 'offline', true, true],
    [now + 1, 'rate-limited', true, false],
    [now + LONGEST_WAIT_MS + 1, 'rate-limited', false, true],
  ])('retry at %s for %s, forced %s: due %s', (retryAt, code, force, due) => {
    expect(isDue({ retryAt, code }, now, force)).toBe(due);
  });
});
