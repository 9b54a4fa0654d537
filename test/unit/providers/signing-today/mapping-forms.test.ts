/** Forms of a document as Signing Today has them, to the fields of ours. */
import { describe, expect, it } from 'vitest';
import { me, other, type Wire, wireForm, wireRequest, wireSigner } from './fixtures.ts';
import { mapDocument } from './mapped.ts';

describe('a form', () => {
  const formOf = (form: Wire, document: Wire = {}) => mapDocument({ forms: [form], ...document }).forms[0];

  it('of the vendor’s own sample runs off the page and is moved inside', () => {
    const sample = wireForm(2, 'SignatureForm', 2, {
      positionX: '100.00',
      positionY: '58.14',
      width: '10.1',
      height: '5.66',
    });
    expect(formOf(sample)).toMatchObject({
      moved: true,
      box: { page: 1, x: 89.9, y: 58.14, width: 10.1, height: 5.66 },
    });
  });

  it('inside the page stays where it is', () => {
    expect(formOf(wireForm(2, 'SignatureForm', 2))).toMatchObject({
      moved: false,
      box: { page: 1, x: 10, y: 20, width: 30, height: 5 },
    });
  });

  it.each([
    [{ positionX: null }],
    [{ height: null }],
    [{ width: 0 }],
    [{ height: '-3' }],
    [{ page: 0 }],
    [{ page: 1.5 }],
    [{ page: null }],
  ])('without a usable place has no box: %j', (more) => {
    const form = formOf(wireForm(2, 'SignatureForm', 2, more));
    expect(form).not.toHaveProperty('box');
    expect(form?.moved).toBe(false);
  });

  it('of text has a label, a value, and is required where it is to be filled', () => {
    const extraData = { label: 'IBAN\u0007', value: 'DE00\r\n12' };
    expect(formOf(wireForm(9, 'TextForm', 2, { extraData, filled: true }))).toMatchObject({
      kind: 'text',
      label: 'IBAN',
      value: 'DE00\n12',
      required: true,
      filled: true,
      mine: true,
    });
    expect(formOf(wireForm(9, 'TextForm', 7, { toFill: false }))).toMatchObject({
      required: false,
      mine: false,
      value: '',
    });
  });

  it('belongs to the request its extraData names, else to its signer’s, one each', () => {
    const mapped = mapDocument({
      signatureRequests: [wireRequest(11, 1), wireRequest(12, 1), wireRequest(13, 2)],
      signerGroups: [{ signers: [wireSigner(1, me), wireSigner(2, other)] }],
      forms: [
        wireForm(21, 'SignatureForm', 1),
        wireForm(22, 'SignatureForm', 1, { extraData: { signatureRequestId: 11 } }),
        wireForm(23, 'SignatureForm', 2, { extraData: { signatureRequestId: '12' } }),
        wireForm(24, 'SignatureForm', 2),
        wireForm(25, 'SignatureForm', 9),
        wireForm(26, 'SignatureForm', 2, { extraData: { signatureRequestId: 99 } }),
      ],
    });
    expect(mapped.forms.map(({ id, signatureRequestId, mine }) => [id, signatureRequestId, mine])).toEqual([
      ['21', '11', true],
      ['22', '11', true],
      ['23', '12', true],
      ['24', '13', false],
      ['25', undefined, false],
      ['26', '13', false],
    ]);
  });
});
