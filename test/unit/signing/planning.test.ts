import { describe, expect, it } from 'vitest';
import type { Job } from '../../../main/signing/job.ts';
import { chains, type PlanChoices, plan } from '../../../main/signing/planning.ts';
import type { Form } from '../../../preload/model.ts';
import { sampleDocument, sampleRequest, sampleTransaction } from './model-samples.ts';

const chosen = {
  transactionId: 'acc:t1',
  documentId: 'd1',
  signatureRequestId: 'r1',
  reviewedSha256: 'c'.repeat(64),
};

const withRequest = (change: Parameters<typeof sampleRequest>[0]) =>
  sampleTransaction({ documents: [sampleDocument({ signatureRequests: [sampleRequest(change)] })] });

const textForm = (change: Partial<Form>): Form => ({
  id: 'f1',
  kind: 'text',
  moved: false,
  required: true,
  filled: false,
  mine: true,
  invisible: false,
  label: 'Place',
  value: '',
  ...change,
});

describe('what may be signed', () => {
  it.each([
    ['not-found', undefined],
    ['not-found', sampleTransaction({ documents: [] })],
    ['not-mine', withRequest({ mine: false })],
    ['not-ready', withRequest({ state: 'not-yet' })],
    ['not-ready', withRequest({ state: 'signed' })],
    ['restricted', withRequest({ restrictions: [{ rule: 'issuer', operator: 'equals', value: 'CN=x' }] })],
  ])('refuses with %s', (refused, transaction) => {
    expect(plan(transaction, chosen, 'id')).toMatchObject({ refused });
  });

  it('refuses PAdES and CAdES on one document', () => {
    const requests = [sampleRequest(), sampleRequest({ id: 'r2', profile: 'CAdES' })];
    const transaction = sampleTransaction({ documents: [sampleDocument({ signatureRequests: requests })] });
    expect(plan(transaction, chosen, 'i')).toEqual({ refused: 'mixed-profiles' });
  });

  it('makes CAdES up to B-LT, and refuses it at B-LTA', () => {
    const planned = (level: 'B-LT' | 'B-LTA') =>
      plan(withRequest({ profile: 'CAdES' }), chosen, 'i', undefined, { level });
    expect(planned('B-LT')).toMatchObject({ spec: { profile: 'CAdES' } });
    expect(planned('B-LTA')).toEqual({ refused: 'profile-unsupported' });
  });

  it('refuses a commitment or a policy together with a reason, the sender’s too, in a PDF', () => {
    const policy = { id: '1.3.6.1.4.1.1', algorithm: 'sha256' as const, hash: new Uint8Array(32) };
    const planned = (choices: PlanChoices, change: Parameters<typeof sampleRequest>[0] = {}) =>
      plan(withRequest(change), chosen, 'i', undefined, choices);
    for (const statements of [{ commitment: 'approval' as const }, { policy }]) {
      expect(planned({ statements })).toEqual({ refused: 'reason-excluded' });
      expect(planned({ statements, reason: 'Seen' }, { reason: '' })).toEqual({ refused: 'reason-excluded' });
      expect(planned({ statements, reason: '' })).toMatchObject({ spec: { statements, reason: '' } });
      expect(planned({ statements }, { profile: 'CAdES' })).toMatchObject({ spec: { statements } });
    }
    const statements = { location: { locality: 'Rīga' } };
    expect(planned({ statements })).toMatchObject({ spec: { statements, reason: 'As the buyer' } });
  });

  it('makes a .p7m without a mark where CAdES is asked for', () => {
    const place = { page: 1, x: 0, y: 0, width: 10, height: 10 };
    const planned = plan(withRequest({ profile: 'CAdES' }), { ...chosen, place }, 'i');
    expect(planned).toMatchObject({ spec: { profile: 'CAdES', fileName: expect.stringMatching(/[^.]\.pdf\.p7m$/) } });
    expect('spec' in planned && planned.spec.box).toBeUndefined();
  });

  it('binds the job to the reviewed bytes and to the form’s place', () => {
    const box = { page: 2, x: 10, y: 20, width: 30, height: 5 };
    const form = { ...textForm({ id: 'f9' }), kind: 'signature' as const, box, signatureRequestId: 'r1' };
    const transaction = sampleTransaction({ documents: [sampleDocument({ forms: [form] })] });
    expect(plan(transaction, chosen, 'token/01')).toMatchObject({
      state: { kind: 'awaiting-preparation' },
      spec: { reviewedSha256: chosen.reviewedSha256, box, identityId: 'token/01', reason: 'As the buyer' },
    });
  });

  it('gives an invisible form no place', () => {
    const box = { page: 1, x: 0, y: 0, width: 10, height: 10 };
    const form = { ...textForm({}), kind: 'signature' as const, box, invisible: true, signatureRequestId: 'r1' };
    const planned = plan(sampleTransaction({ documents: [sampleDocument({ forms: [form] })] }), chosen, 'i');
    expect('spec' in planned && planned.spec.box).toBeUndefined();
  });

  it.each([
    ['an empty form', textForm({})],
    ['a filled form that is not in the file yet', textForm({ filled: true, value: 'Riga' })],
  ])('never signs the plain file behind %s', (_what, form) => {
    const transaction = sampleTransaction({ documents: [sampleDocument({ forms: [form] })] });
    expect(plan(transaction, chosen, 'i')).toMatchObject({ state: { kind: 'awaiting-filled-document' } });
  });

  it.each([
    ['../../etc/passwd', 'etc passwd.signed.pdf'],
    ['Deed\u202e.pdf', 'Deed.signed.pdf'],
    ['...', 'document.signed.pdf'],
    ['a/b:c*d', 'a b c d.signed.pdf'],
  ])('makes a safe file name of %j', (title, name) => {
    const planned = plan(sampleTransaction({ documents: [sampleDocument({ title })] }), chosen, 'i');
    expect('spec' in planned && planned.spec.fileName).toBe(name);
  });
});

describe('chains', () => {
  const job = (id: string, documentId: string): Job => {
    const planned = plan(sampleTransaction(), chosen, 'i');
    if (!('spec' in planned)) throw new Error('sample cannot be planned');
    return {
      id,
      batchId: 'b',
      transactionId: 'acc:t1',
      documentId,
      signatureRequestId: id,
      createdAt: 0,
      ...planned,
      timings: {},
      increment: undefined,
      signedAttributes: undefined,
      signature: undefined,
      timestampToken: undefined,
    };
  };

  it('lets the second request on a document follow the first', () => {
    const [first, second] = chains([job('a', 'd1'), job('b', 'd2'), job('c', 'd1')]);
    expect(first?.map((j) => [j.id, j.spec.afterJobId])).toEqual([
      ['a', undefined],
      ['c', 'a'],
    ]);
    expect(second?.map((j) => j.id)).toEqual(['b']);
  });
});
