import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preparedTransaction } from '../../../preload/model.ts';
import {
  changePlan,
  emptyPlan,
  expiryOf,
  keepOnPage,
  lacking,
  type Plan,
  type PlanChange,
  toTransaction,
} from '../../../renderer/features/prepare/plan.ts';

const file = (id: string, name = `${id}.pdf`) => ({ id, name, sizeBytes: 10, kind: 'pdf' as const });
const run = (...changes: PlanChange[]): Plan => changes.reduce(changePlan, emptyPlan);
const set = (key: string, values: object): PlanChange => ({ kind: 'signer-set', key, values });
const box = { page: 1, x: 10, y: 20, width: 30, height: 7 };

describe('a plan', () => {
  it('takes its title from the first file, once, and PDFs alone', () => {
    const text = { ...file('t', 'notes.txt'), kind: 'other' as const };
    const plan = run(
      { kind: 'files-added', files: [text, file('a', 'Lease.PDF')] },
      { kind: 'files-added', files: [file('b')] },
    );
    expect(plan.title).toBe('Lease');
    expect(plan.files.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('loses the fields of a signer or a file that is taken away', () => {
    const plan = run(
      { kind: 'files-added', files: [file('a'), file('b')] },
      { kind: 'signer-added' },
      { kind: 'field-added', field: { fileId: 'a', kind: 'signature', signer: 's1', box, label: '' } },
      { kind: 'field-added', field: { fileId: 'b', kind: 'text', signer: 's2', box, label: 'Name' } },
      { kind: 'signer-removed', key: 's2' },
      { kind: 'file-removed', fileId: 'a' },
    );
    expect(plan.fields).toEqual([]);
    expect(plan.signers.map(({ key }) => key)).toEqual(['s1']);
  });

  it('says what still has to be given', () => {
    expect(lacking(emptyPlan, 0)).toEqual(['files', 'title', 'email']);
    const ready = run({ kind: 'files-added', files: [file('a')] }, set('s1', { email: 'ada@example.test' }));
    expect(lacking(ready, 0)).toEqual([]);
    const over = changePlan(ready, { kind: 'set', values: { expires: '2026-01-15' } });
    expect(lacking(over, Date.UTC(2027, 0, 1))).toEqual(['expired']);
    expect(lacking(changePlan(ready, set('s1', { email: 'ada', userId: 'u1' })), 0)).toEqual([]);
  });

  it('becomes a transaction the desk takes: groups in order, everybody on every document', () => {
    const plan = run(
      { kind: 'files-added', files: [file('a'), file('b')] },
      set('s1', { name: ' Ada ', email: 'ada@example.test', order: 2 }),
      { kind: 'signer-added' },
      set('s2', { email: 'bob@example.test', userId: 'u2', order: 1 }),
      { kind: 'field-added', field: { fileId: 'b', kind: 'signature', signer: 's1', box, label: '' } },
      { kind: 'set', values: { tags: ['x'], urgent: true, expires: '2099-12-31' } },
    );
    const transaction = preparedTransaction.parse(toTransaction(plan, true));
    expect(transaction.signerGroups).toEqual([
      [{ key: 's2', name: '', email: 'bob@example.test', userId: 'u2' }],
      [{ key: 's1', name: 'Ada', email: 'ada@example.test' }],
    ]);
    expect(transaction.documents.map(({ requests, fields }) => [requests.length, fields.length])).toEqual([
      [2, 0],
      [2, 1],
    ]);
    expect(transaction).toMatchObject({ urgent: true, tags: ['x'], publish: true, expiresAt: expiryOf('2099-12-31') });
  });

  it('asks each signer in their own way, and all of them for the same kind of signature', () => {
    const plan = run(
      { kind: 'files-added', files: [file('a')] },
      set('s1', { email: 'ada@example.test', reason: ' Agreed ', declinable: false }),
      { kind: 'signer-added' },
      set('s2', { email: 'bob@example.test' }),
      { kind: 'field-added', field: { fileId: 'a', kind: 'text', signer: 's2', box, label: ' Town ' } },
      { kind: 'set', values: { profile: 'CAdES', withTimestamp: true } },
    );
    const [document] = preparedTransaction.parse(toTransaction(plan, true)).documents;
    const same = { profile: 'CAdES', withTimestamp: true };
    expect(document?.requests).toEqual([
      { signer: 's1', reason: 'Agreed', declinable: false, ...same },
      { signer: 's2', reason: '', declinable: true, ...same },
    ]);
    expect(document?.fields).toEqual([{ kind: 'text', signer: 's2', box, label: 'Town' }]);
  });

  it('has roles in the place of people where it is a template', () => {
    const people = run(
      { kind: 'files-added', files: [file('a')] },
      { kind: 'set', values: { template: 'public' } },
      set('s1', { email: 'ada@example.test', userId: 'u1' }),
    );
    expect(lacking(people, 0)).toEqual(['role']);
    const plan = changePlan(people, set('s1', { role: ' tenant ' }));
    expect(lacking(plan, 0)).toEqual([]);
    const transaction = preparedTransaction.parse(toTransaction(plan, true));
    expect(transaction.template).toBe('public');
    expect(transaction.signerGroups).toEqual([[{ key: 's1', name: '', email: '', role: 'tenant' }]]);
  });

  it('keeps every field on its page, wherever it is dragged', () => {
    const number = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, (x, y, width, height) => {
        const kept = keepOnPage({ page: 1, x, y, width, height });
        expect(kept.width).toBeGreaterThan(0);
        expect(kept.height).toBeGreaterThan(0);
        expect(Math.min(kept.x, kept.y)).toBeGreaterThanOrEqual(0);
        expect(kept.x + kept.width).toBeLessThanOrEqual(100.01);
        expect(kept.y + kept.height).toBeLessThanOrEqual(100.01);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('has no expiry for what is no day', () => {
    expect(expiryOf('')).toBeUndefined();
    expect(expiryOf('tomorrow')).toBeUndefined();
  });
});
