import { describe, expect, it } from 'vitest';
import {
  countViews,
  declinableRequests,
  documentsToOpen,
  formsToFill,
  myTask,
  signableRequests,
  statusesOf,
} from '../../../main/inbox/index.ts';
import { transactionStatus } from '../../../preload/model.ts';
import { aDocument, aForm, aRequest, aTransaction } from './model-fixtures.ts';

const withDocument = (change: Parameters<typeof aDocument>[0]) => aTransaction('1', { documents: [aDocument(change)] });

describe('what can be signed now', () => {
  it('is my ready request', () => {
    expect(signableRequests(aTransaction('1'))).toEqual([
      { documentId: 'document-1', signatureRequestId: 'request-1', after: undefined },
    ]);
  });

  it.each([
    ['somebody else’s', { mine: false }],
    ['not yet its turn', { state: 'not-yet' as const }],
    ['signed already', { state: 'signed' as const }],
    ['declined', { state: 'declined' as const }],
  ])('is not a request that is %s', (_name, change) => {
    expect(signableRequests(withDocument({ signatureRequests: [aRequest(change)] }))).toEqual([]);
  });

  it('chains two requests of mine on one document in the order of their groups', () => {
    const requests = [aRequest({ id: 'late', group: 2 }), aRequest({ id: 'early', group: 1 })];
    expect(signableRequests(withDocument({ signatureRequests: requests }))).toEqual([
      { documentId: 'document-1', signatureRequestId: 'early', after: undefined },
      { documentId: 'document-1', signatureRequestId: 'late', after: 'early' },
    ]);
  });

  it('waits for my required text forms, not for optional ones', () => {
    expect(signableRequests(withDocument({ forms: [aForm()] }))).toEqual([]);
    expect(signableRequests(withDocument({ forms: [aForm({ required: false })] }))).toHaveLength(1);
  });

  it('waits for the file that shows what was filled in', () => {
    const forms = [aForm({ filled: true })];
    expect(signableRequests(withDocument({ forms, status: 'plain' }))).toEqual([]);
    expect(signableRequests(withDocument({ forms, status: 'filled' }))).toHaveLength(1);
  });
});

describe('my task', () => {
  it.each([
    ['to-sign', {}, {}],
    ['to-fill', {}, { forms: [aForm()] }],
    ['waiting', {}, { signatureRequests: [aRequest({ mine: false })] }],
    ['waiting', {}, { forms: [aForm({ filled: true })] }],
    ['none', {}, { signatureRequests: [aRequest({ state: 'signed' })] }],
    ['none', {}, { signatureRequests: [aRequest({ state: 'declined' }), aRequest({ id: 'other' })] }],
    ['none', { status: 'expired' as const }, {}],
    ['none', { status: 'draft' as const }, {}],
  ])('is %s (%#)', (task, change, document) => {
    expect(myTask(aTransaction('1', { documents: [aDocument(document)], ...change }))).toBe(task);
  });

  it('lists what I may decline, what I have to fill and which documents I need', () => {
    const transaction = aTransaction('1', {
      documents: [
        aDocument({ id: 'a', signatureRequests: [aRequest({ declinable: false })] }),
        aDocument({ id: 'b', forms: [aForm({ id: 'f' }), aForm({ id: 'g', mine: false })] }),
        aDocument({ id: 'c', signatureRequests: [aRequest({ mine: false })] }),
      ],
    });
    expect(declinableRequests(transaction)).toEqual([{ documentId: 'b', signatureRequestId: 'request-1' }]);
    expect(formsToFill(transaction).map(({ form }) => form.id)).toEqual(['f']);
    expect(documentsToOpen(transaction)).toEqual(['a', 'b']);
    expect(documentsToOpen({ ...transaction, status: 'waiting' })).toEqual([]);
  });
});

describe('views', () => {
  it('lists every status in some view besides all', () => {
    const views = ['to-do', 'waiting', 'done', 'declined', 'drafts'] as const;
    const listed = views.flatMap((view) => statusesOf(view) ?? []);
    expect(listed.toSorted()).toEqual([...transactionStatus.options].toSorted());
  });

  it('counts a status in each of its views', () => {
    const counts = countViews(new Map([['to-fill', 2] as const, ['to-sign', 3] as const, ['signed', 4] as const]), 1);
    expect(counts).toEqual({
      'to-do': 5,
      'to-fill': 2,
      'to-sign': 3,
      waiting: 0,
      done: 4,
      declined: 0,
      drafts: 0,
      outbox: 1,
      all: 9,
    });
  });
});
