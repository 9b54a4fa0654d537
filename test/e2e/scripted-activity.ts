/** What the scripted desk has delivered, and what it could not: for the page of activity. */
import type { CallOutput } from '../../preload/contract.ts';
import type { ActivityEntry, ConflictView } from '../../preload/model.ts';

const MINUTE_MS = 60_000;

export function scriptedActivity(now: number): ActivityEntry[] {
  const entry = (id: number, rest: Partial<ActivityEntry>): ActivityEntry => ({
    id,
    at: now - (20 - id) * MINUTE_MS,
    firstAt: now - (20 - id) * MINUTE_MS,
    times: 1,
    accountId: 'account-1',
    kind: 'signature',
    title: 'Service contract, lift',
    outcome: 'delivered',
    ...rest,
  });
  return [
    entry(4, { kind: 'pull', title: '', outcome: 'received', count: 3 }),
    entry(3, { transactionId: 'account-1:9', ms: 840 }),
    entry(2, { outcome: 'waiting', code: 'offline', times: 12 }),
    entry(1, { kind: 'note-added', title: 'Parking permit', outcome: 'failed', code: 'refused' }),
  ];
}

export function scriptedConflict(now: number): ConflictView {
  return {
    id: 'outbox-conflict',
    accountId: 'account-1',
    transactionId: 'account-1:3',
    title: 'Residential lease, Flat 9',
    kind: 'signature',
    code: 'replaced',
    happenedAt: now - 5 * MINUTE_MS,
    texts: ['I agree to the lease as it stood on Monday.'],
    copy: { sha256: '0'.repeat(64), sizeBytes: 20_480, fileName: 'lease.pdf' },
    choices: ['sign-new-version', 'keep-copy', 'tell-sender', 'discard'],
  };
}

/** A trail as a service keeps it, oldest first. */
export function scriptedAudit(now: number): CallOutput<'prepare.audit'>['records'] {
  return [
    { at: now - 90_000_000, event: 'event_published', who: 'Ilze Ozola', text: '' },
    { at: now - 80_000_000, event: 'event_note_add', who: 'Jānis Bērziņš', text: 'Please sign' },
    { at: now - 70_000_000, event: 'event_signature', who: 'Jānis Bērziņš', text: '' },
    { at: now - 60_000_000, event: 'event_of_a_newer_service', who: '', text: 'Something new' },
  ];
}
