import { describe, expect, it } from 'vitest';
import { applyLocalChange, type LocalChange, readChange } from '../../../main/inbox/index.ts';
import type { Change } from '../../../main/providers/provider.ts';
import { aDocument, aForm, aRequest, aTransaction } from './model-fixtures.ts';

const common = { key: 'k', remoteId: '1' };
const signature: LocalChange = {
  kind: 'signature',
  ...common,
  documentId: 'document-1',
  signatureRequestId: 'request-1',
  signedAt: 1,
  fileName: 'lease.pdf',
  sha256: 'a'.repeat(64),
  baseSha256: 'b'.repeat(64),
  sizeBytes: 10,
};
const decline: LocalChange = {
  kind: 'decline',
  ...common,
  documentId: 'document-1',
  signatureRequestId: 'request-1',
  declinedAt: 1,
  reason: 'No',
};
const fill: LocalChange = {
  kind: 'fill',
  ...common,
  values: [{ documentId: 'document-1', formId: 'form-1', value: 'Mia' }],
};

describe('a change made here, over what the provider said', () => {
  it('is a provider’s change, and the other way round', () => {
    const asChange: Change = signature;
    const back: LocalChange | undefined = readChange(JSON.stringify(asChange));
    expect(back).toEqual(signature);
  });

  it.each(['', '{', '{"kind":"signature"}', '{"kind":"other","key":"k","remoteId":"1"}', 'null'])(
    'is undefined where it cannot be read: %s',
    (text) => {
      expect(readChange(text)).toBeUndefined();
    },
  );

  it('shows my signature, and the transaction as signed once nobody is left', () => {
    const shown = applyLocalChange(aTransaction('1'), signature);
    expect(shown.status).toBe('signed');
    expect(shown.documents[0]?.status).toBe('signed');
    expect(shown.documents[0]?.signatureRequests[0]?.state).toBe('signed');
  });

  it('shows it as waiting while others have to sign', () => {
    const requests = [aRequest(), aRequest({ id: 'other', mine: false, state: 'not-yet' })];
    const before = aTransaction('1', { documents: [aDocument({ signatureRequests: requests })] });
    expect(applyLocalChange(before, signature).status).toBe('waiting');
  });

  it('shows a decline with its reason', () => {
    const shown = applyLocalChange(aTransaction('1'), decline);
    expect(shown.status).toBe('declined');
    expect(shown.documents[0]?.signatureRequests[0]).toMatchObject({ state: 'declined', declinedReason: 'No' });
  });

  it('shows filled forms, and waits for the provider to render them', () => {
    const before = aTransaction('1', { status: 'to-fill', documents: [aDocument({ forms: [aForm()] })] });
    const shown = applyLocalChange(before, fill);
    expect(shown.documents[0]?.forms[0]).toMatchObject({ filled: true, value: 'Mia' });
    expect(shown.status).toBe('waiting');
  });

  it.each(['expired', 'declined', 'error'] as const)('does not bring back what is %s', (status) => {
    expect(applyLocalChange(aTransaction('1', { status }), signature).status).toBe(status);
  });

  it.each([signature, decline, fill])('changes nothing the second time (%#)', (change) => {
    const once = applyLocalChange(aTransaction('1', { documents: [aDocument({ forms: [aForm()] })] }), change);
    expect(applyLocalChange(once, change)).toEqual(once);
  });

  it('leaves a document alone that it does not name', () => {
    const before = aTransaction('1', { documents: [aDocument({ id: 'another' })] });
    expect(applyLocalChange(before, signature)).toEqual(before);
  });
});
