import { describe, expect, it } from 'vitest';
import { toIdentity, toNote, toRemoteTransaction } from '../../../../main/providers/signing-today/mapping.ts';
import { dstSchema, identitySchema, noteSchema } from '../../../../main/providers/signing-today/schemas.ts';
import type { TransactionDocument } from '../../../../preload/model.ts';
import {
  me,
  other,
  type Wire,
  wireDocument,
  wireDst,
  wireForm,
  wireRequest,
  wireSignature,
  wireSigner,
} from './fixtures.ts';
import { map, mapDocument, nameOf } from './mapped.ts';

/** Mine, then somebody else's, then mine again. */
const threeGroups = {
  signatureRequests: [wireRequest(11, 1), wireRequest(12, 2), wireRequest(13, 3)],
  signerGroups: [
    { signers: [wireSigner(1, me)] },
    { signers: [wireSigner(2, other)] },
    { signers: [wireSigner(3, me)] },
  ],
};
const states = (document: TransactionDocument) => document.signatureRequests.map(({ state }) => state);

describe('a transaction', () => {
  it('has the DST’s facts, cleaned', () => {
    const remote = toRemoteTransaction(
      dstSchema.parse(
        wireDst({
          title: ' Sales\u202E contract\u0007 ',
          urgent: true,
          tags: ['important', ' ', 'a\nb'],
          expiresAt: '2030-01-01T00:00:00+01:00',
          replaces: 'r1',
          replacedBy: 'r2',
          deletedAt: '2024-01-01 00:00:00.5',
        }),
      ),
      me,
      nameOf,
    );
    expect(remote.deleted).toBe(true);
    expect(remote.transaction).toMatchObject({
      provider: 'signing-today',
      remoteId: '737dc132-a3f0-11e9-a2a3-2a2ae2dbcce4',
      title: 'Sales contract',
      urgent: true,
      tags: ['important', 'a b'],
      senderName: 'Charles Babbage',
      createdAt: Date.UTC(2021, 9, 17, 7, 26),
      updatedAt: Date.UTC(2021, 9, 18),
      expiresAt: Date.UTC(2029, 11, 31, 23),
      replaces: 'r1',
      replacedBy: 'r2',
    });
    expect(remote.transaction).not.toHaveProperty('errorMessage');
  });

  it('without times has those it can have', () => {
    expect(map({ updatedAt: null, createdAt: null })).toMatchObject({
      createdAt: Date.UTC(2021, 9, 17, 7, 26),
      updatedAt: Date.UTC(2021, 9, 17, 7, 26),
    });
    expect(map({ updatedAt: null, createdAt: null, publishedAt: null })).toMatchObject({ createdAt: 0, updatedAt: 0 });
  });

  it.each([
    ['draft', 'draft'],
    ['downloadingInDraft', 'draft'],
    ['downloadingInPublished', 'waiting'],
    ['published', 'waiting'],
    ['toSign', 'to-sign'],
    ['expired', 'expired'],
    ['signed', 'signed'],
    ['rejected', 'declined'],
    ['error', 'error'],
    ['aStatusOfTheFuture', 'waiting'],
  ])('%s is %s', (status, mapped) => {
    expect(map({ status }).status).toBe(mapped);
  });

  it('shows the server’s error only with the status error', () => {
    expect(map({ status: 'error', errorMessage: 'no \u0000 way' }).errorMessage).toBe('no way');
    expect(map({ errorMessage: 'old' }).errorMessage).toBeUndefined();
  });

  it.each([
    ['a text form of mine is unfilled', [wireForm(9, 'TextForm', 2)], 'to-fill'],
    ['mine is filled', [wireForm(9, 'TextForm', 2, { filled: true })], 'waiting'],
    ['mine need not be filled', [wireForm(9, 'TextForm', 2, { toFill: false })], 'waiting'],
    ['it is for a signer not in the plan', [wireForm(9, 'TextForm', 77)], 'waiting'],
    ['it is a signature form', [wireForm(9, 'SignatureForm', 2, { toFill: true })], 'waiting'],
  ])('toFill, where %s', (_name, forms, status) => {
    expect(map({ status: 'toFill', documents: [wireDocument({ forms })] }).status).toBe(status);
  });

  it.each([
    ['nobody has signed: mine is ready', [], 'to-sign', ['ready', 'not-yet', 'not-yet']],
    ['I have signed, the next has not', [wireSignature(11)], 'waiting', ['signed', 'ready', 'not-yet']],
    ['the next has signed too', [wireSignature(11), wireSignature(12)], 'to-sign', ['signed', 'signed', 'ready']],
    [
      'somebody declined',
      [wireSignature(11), wireSignature(12, { status: 'declined', declinedReason: 'no' })],
      'waiting',
      ['signed', 'declined', 'not-yet'],
    ],
  ])('toSign, where %s', (_name, signatures, status, expected) => {
    const mapped = map({ documents: [wireDocument(threeGroups)], signatures });
    expect(mapped.status).toBe(status);
    expect(mapped.documents.flatMap(states)).toEqual(expected);
  });

  it('the middle request is ready for its signer, though not mine', () => {
    const document = mapDocument({
      signatureRequests: [wireRequest(11, 1), wireRequest(12, 2)],
      signerGroups: [{ signers: [wireSigner(1, other)] }, { signers: [wireSigner(2, me)] }],
    });
    expect(document.signatureRequests.map(({ mine, state, group }) => [mine, state, group])).toEqual([
      [false, 'ready', 0],
      [true, 'not-yet', 1],
    ]);
  });

  it('signers of one group sign in parallel, and groups count per document', () => {
    const parallel = {
      signatureRequests: [wireRequest(11, 1), wireRequest(12, 2)],
      signerGroups: [{ signers: [wireSigner(1, other), wireSigner(2, me)] }],
    };
    const mapped = map({ documents: [wireDocument(parallel), wireDocument({ id: 2 })] });
    expect(mapped.documents.flatMap(states)).toEqual(['ready', 'ready', 'ready']);
  });

  it('while texts are missing, mine are ready only where all that is missing is mine to fill', () => {
    const forms = [wireForm(9, 'TextForm', 2)];
    const mine = mapDocument({ forms }, { status: 'toFill' });
    expect(states(mine)).toEqual(['ready']);
    const others = mapDocument(
      {
        forms: [...forms, wireForm(10, 'TextForm', 5)],
        signerGroups: [{ signers: [wireSigner(2, me), wireSigner(5, other)] }],
      },
      { status: 'toFill' },
    );
    expect(states(others)).toEqual(['not-yet']);
    const elsewhere = map({
      status: 'toFill',
      documents: [wireDocument(), wireDocument({ id: 2, forms: [wireForm(10, 'TextForm', 5)] })],
    });
    expect(elsewhere.documents.flatMap(states)).toEqual(['not-yet', 'not-yet']);
  });

  it.each(['draft', 'published', 'signed', 'rejected', 'expired', 'error'])(
    'nothing is ready in a DST that is %s',
    (status) => {
      expect(map({ status }).documents.flatMap(states)).toEqual(['not-yet']);
    },
  );
});

describe('a document', () => {
  it('is titled by its resource, else its file, else the DST', () => {
    expect(mapDocument({}).title).toBe('Contract');
    expect(mapDocument({}, { resources: [{ id: 'plain-1', filename: 'c.pdf' }] }).title).toBe('c.pdf');
    expect(mapDocument({}, { resources: null }).title).toBe('Sales contract');
  });

  const hash = (digit: string) => digit.repeat(64);
  it.each([
    ['plain', {}, [], 'plain-1'],
    ['filled', { filledDocumentUuid: 'filled-1' }, [], 'filled-1'],
    ['signed by one', { filledDocumentUuid: 'f' }, [wireSignature(3, { extraData: { resourceId: 's-1' } })], 's-1'],
    [
      'signed by two: the one made on the other, whatever the order and the clocks',
      {},
      [
        wireSignature(4, {
          signedAt: '2021-01-01T00:00Z',
          extraData: { resourceId: 's-2', sha256: hash('B'), baseSha256: hash('a') },
        }),
        wireSignature(3, {
          signedAt: '2022-01-01T00:00Z',
          extraData: { resourceId: 's-1', sha256: hash('a'), baseSha256: hash('0') },
        }),
      ],
      's-2',
    ],
    [
      'signed by two that note no hashes: the last',
      {},
      [wireSignature(3, { extraData: { resourceId: 's-1' } }), wireSignature(4, { extraData: { resourceId: 's-2' } })],
      's-2',
    ],
    ['signed elsewhere', { signedDocumentUuid: 'signed-1' }, [wireSignature(3)], 'signed-1'],
    ['declined: as it was', {}, [wireSignature(3, { status: 'declined', extraData: { resourceId: 'x' } })], 'plain-1'],
    [
      'another document’s signature does not count',
      {},
      [wireSignature(3, { documentId: 2, extraData: { resourceId: 'x' } })],
      'plain-1',
    ],
    ['without any file', { plainDocumentUuid: null }, [], undefined],
  ])('stands on its current resource: %s', (_name, document, signatures, expected) => {
    expect(mapDocument(document, { signatures }).currentResourceId).toBe(expected);
  });

  it.each([
    [{ status: 'filled' }, 'filled'],
    [{ status: 'signed' }, 'signed'],
    [{ status: undefined, filledDocumentUuid: 'f' }, 'filled'],
    [{ status: 'odd', signedDocumentUuid: 's' }, 'signed'],
    [{ status: null }, 'plain'],
  ])('has a status: %j', (document, status) => {
    expect(mapDocument(document).status).toBe(status);
  });
});

describe('a signature request', () => {
  it('says who, why and how', () => {
    const [request] = mapDocument({
      signatureRequests: [
        wireRequest(3, 2, {
          reason: 'As the\u0000 buyer',
          signProfile: 'CAdES',
          declinable: false,
          withTimestamp: false,
          restrictions: [
            { rule: '', operator: '', value: '' },
            { rule: 'issuer', operator: 'equals', value: 'CN=X' },
          ],
        }),
      ],
    }).signatureRequests;
    expect(request).toEqual({
      id: '3',
      signerId: '2',
      signerName: 'Name2 Surname2',
      mine: true,
      reason: 'As the buyer',
      profile: 'CAdES',
      withTimestamp: false,
      declinable: false,
      state: 'ready',
      group: 0,
      restrictions: [{ rule: 'issuer', operator: 'equals', value: 'CN=X' }],
    });
  });

  it('names its signer as far as known', () => {
    const name = (signer: Wire) =>
      mapDocument({ signerGroups: [{ signers: [{ id: 2, ...signer }] }] }).signatureRequests[0]?.signerName;
    expect(name({ name: 'Ada' })).toBe('Ada');
    expect(name({ email: 'ada@example.test' })).toBe('ada@example.test');
    expect(name({ name: null })).toBe('');
  });

  it('is mine by user id, whatever its letters’ case; one of a signer not in the plan is nobody’s', () => {
    const upper = mapDocument({ signerGroups: [{ signers: [wireSigner(2, me.toUpperCase())] }] });
    expect(upper.signatureRequests[0]?.mine).toBe(true);
    const none = mapDocument({ signerGroups: [] }).signatureRequests[0];
    expect(none).toMatchObject({ mine: false, signerName: '' });
  });

  it('keeps the reason it was declined for', () => {
    const declined = [wireSignature(3, { status: 'declined', declinedReason: 'Wrong\r\nprice' })];
    expect(mapDocument({}, { status: 'rejected', signatures: declined }).signatureRequests[0]).toMatchObject({
      state: 'declined',
      declinedReason: 'Wrong\nprice',
    });
  });
});

describe('a note', () => {
  it('has its author and plain text', () => {
    const note = noteSchema.parse({
      id: 32,
      userId: other,
      createdAt: '2018-12-19 09:26:03.478039',
      text: 'x\u0007\r\ny',
    });
    expect(toNote(note, me, nameOf)).toEqual({
      id: '32',
      authorId: other,
      authorName: 'Charles Babbage',
      mine: false,
      text: 'x\ny',
      createdAt: Date.UTC(2018, 11, 19, 9, 26, 3, 478),
      unsent: false,
    });
    expect(toNote(noteSchema.parse({ id: 1, userId: me, text: '' }), me, nameOf).mine).toBe(true);
    expect(toNote(noteSchema.parse({ id: 1, text: '' }), me, nameOf)).toMatchObject({ mine: false, authorId: '' });
  });
});

describe('an identity', () => {
  const der = Buffer.from([0x30, 0x03, 0x02, 0x01, 0x05]);

  it('is known by its token, its card and its reader', () => {
    const identity = identitySchema.parse({
      id: 'i',
      label: 'Token\u0000 Ada',
      rawCertificate: der.toString('base64'),
      providerData: {
        ATR: '3B:FF 18',
        reader: 'Reader 0 ',
        tokenInfo: { serialNumber: '7430010005961358', manufacturerID: 'Bit4id          ' },
      },
    });
    expect(toIdentity(identity)).toEqual({
      id: 'i',
      label: 'Token Ada',
      tokenSerialNumber: '7430010005961358',
      tokenManufacturerId: 'Bit4id',
      atr: '3bff18',
      reader: 'Reader 0',
      certificate: new Uint8Array(der),
    });
  });

  it('may have none of it', () => {
    expect(toIdentity(identitySchema.parse({ id: 'i', rawCertificate: null, subjectCommonName: 'Ada' }))).toEqual({
      id: 'i',
      label: 'Ada',
      tokenSerialNumber: undefined,
      tokenManufacturerId: undefined,
      atr: undefined,
      reader: undefined,
      certificate: undefined,
    });
  });

  it.each([
    ['PEM', `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`, true],
    ['words', 'none given', false],
    ['something else', Buffer.from('hello').toString('base64'), false],
    ['nothing', '', false],
  ])('takes its certificate from %s', (_name, rawCertificate, found) => {
    const { certificate } = toIdentity(identitySchema.parse({ id: 'i', rawCertificate }));
    expect(certificate).toEqual(found ? new Uint8Array(der) : undefined);
  });
});
