import { describe, expect, it } from 'vitest';
import {
  allSeen,
  countReview,
  type Decisions,
  decide,
  nextOpen,
  reviewed,
  reviewItems,
  standingOf,
} from '../../../renderer/features/sign/review.ts';
import { firstLevel, isOffered, requestDefaults, toChoices } from '../../../renderer/features/sign/sign-options.ts';

const request = (documentId: string, id: string, sha256 = `sha-${documentId}`) => ({
  transactionId: 't',
  documentId,
  signatureRequestId: id,
  reviewedSha256: sha256,
  title: documentId,
  reason: 'Agreed',
  withTimestamp: false,
  profile: 'PAdES' as const,
});
const requests = [request('a', '1'), request('a', '2'), request('b', '3'), request('c', '4')];
const items = reviewItems(requests);
const ticked = (sha256: string) => ({ kind: 'ticked', sha256 }) as const;
const none: Decisions = new Map();

describe('the review of a batch', () => {
  it('has one item a document, with all my requests on it', () => {
    expect(items.map(({ key, requests: own }) => [key, own.length])).toEqual([
      ['t/a', 2],
      ['t/b', 1],
      ['t/c', 1],
    ]);
  });

  it('goes to what is not decided yet, round the end', () => {
    const first = decide(none, 't/a', ticked('sha-a'));
    expect(nextOpen(items, first, 0)).toBe(1);
    const second = decide(first, 't/c', { kind: 'skipped' });
    expect(nextOpen(items, second, 2)).toBe(1);
    const all = decide(second, 't/b', ticked('sha-b'));
    expect(nextOpen(items, all, 1)).toBe(1);
    expect(countReview(items, all)).toEqual({ total: 3, ticked: 2, skipped: 1, open: 0 });
    expect(countReview(items, none)).toEqual({ total: 3, ticked: 0, skipped: 0, open: 3 });
  });

  it('holds a tick for exactly the bytes that were shown', () => {
    expect(standingOf(undefined, 'x')).toBe('open');
    expect(standingOf(ticked('x'), 'x')).toBe('ticked');
    expect(standingOf(ticked('x'), 'y')).toBe('void');
    expect(standingOf({ kind: 'skipped' }, 'y')).toBe('skipped');
  });

  it('lets only what is ticked be signed, and names what has changed since', () => {
    const decisions = new Map([
      ['t/a', ticked('sha-a')],
      ['t/b', ticked('other bytes')],
    ]);
    const { requests: signed, leftOut } = reviewed(requests, decisions);
    expect(signed.map(({ signatureRequestId }) => signatureRequestId)).toEqual(['1', '2']);
    expect(leftOut).toEqual([{ title: 'b', code: 'document-changed' }]);
  });

  it('is not needed where every document was on the screen as it is', () => {
    const one = [request('a', '1')];
    expect(allSeen(one, new Map([['t/a', ticked('sha-a')]]))).toBe(true);
    expect(allSeen(one, new Map([['t/a', ticked('sha-z')]]))).toBe(false);
    expect(allSeen([...one, request('b', '2')], new Map([['t/a', ticked('sha-a')]]))).toBe(false);
  });
});

describe('what may be chosen for a signature', () => {
  it('begins with what the requests ask for', () => {
    expect(requestDefaults(requests)).toEqual({ level: 'B-B', reason: 'Agreed' });
    const mixed = [request('a', '1'), { ...request('b', '2'), reason: 'Seen', withTimestamp: true }];
    expect(requestDefaults(mixed)).toEqual({ level: 'B-T', reason: undefined });
    expect(requestDefaults([])).toEqual({ level: 'B-B', reason: '' });
  });

  it('takes a timestamp wherever there is an authority, and never less than is asked for', () => {
    const plain = { level: 'B-B', reason: '' } as const;
    const stamped = { level: 'B-T', reason: '' } as const;
    expect(firstLevel(plain, true)).toBe('B-T');
    expect(firstLevel(plain, false)).toBe('B-B');
    expect(firstLevel(stamped, false)).toBe('B-T');
    expect(isOffered('B-B', stamped, true)).toBe(false);
    expect(isOffered('B-LT', plain, false)).toBe(false);
    expect(isOffered('B-LTA', plain, true)).toBe(true);
  });

  it('is handed on without what was left as it is', () => {
    const options = { level: 'B-T', reason: undefined, location: ' ', markId: undefined } as const;
    expect(toChoices(options)).toEqual({ level: 'B-T', mark: { layout: 'text-only' } });
    expect(toChoices({ ...options, reason: ' Seen ', location: 'Riga', markId: 'm' })).toEqual({
      level: 'B-T',
      reason: 'Seen',
      location: 'Riga',
      mark: { layout: 'image-left', markId: 'm' },
    });
  });
});
