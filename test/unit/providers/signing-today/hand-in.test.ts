import { describe, expect, it } from 'vitest';
import type { Change, ChangeContent, DeliveryMemo, ProviderSession } from '../../../../main/providers/provider.ts';
import { createSigningToday } from '../../../../main/providers/signing-today/index.ts';
import {
  baseUrl,
  clock,
  me,
  memoryCredentials,
  other,
  type ScriptedAnswer,
  type Seen,
  scripted,
  type Wire,
  wireDocument,
  wireDst,
  wireForm,
  wireRequest,
  wireSignature,
  wireSigner,
} from './fixtures.ts';

const hash = (digit: string) => digit.repeat(64);

const signature: Change = {
  kind: 'signature',
  key: 'k',
  remoteId: 'd',
  documentId: '1',
  signatureRequestId: '3',
  signedAt: 0,
  fileName: 'c.signed.pdf',
  sha256: hash('5'),
  baseSha256: hash('b'),
  sizeBytes: 3,
};
const decline: Change = {
  kind: 'decline',
  key: 'k',
  remoteId: 'd',
  documentId: '1',
  signatureRequestId: '3',
  declinedAt: 0,
  reason: 'no',
};
const fill: Change = { kind: 'fill', key: 'k', remoteId: 'd', values: [{ documentId: '1', formId: '9', value: 'x' }] };
const content: ChangeContent = {
  sizeBytes: 3,
  async *chunks() {
    yield Buffer.from('%PD');
  },
};

/** The document stands on a signature of another's, whose hash is noted: nothing has to be downloaded. */
const others = wireSignature(4, { extraData: { resourceId: 's-1', sha256: hash('B') } });
const document = wireDocument({
  signatureRequests: [wireRequest(4, 5), wireRequest(3, 2)],
  signerGroups: [{ signers: [wireSigner(5, other)] }, { signers: [wireSigner(2, me)] }],
  forms: [wireForm(9, 'TextForm', 2)],
});
const dst = (more: Wire = {}) => wireDst({ id: 'd', documents: [document], signatures: [others], ...more });

function open(answer: (seen: Seen) => ScriptedAnswer): { session: ProviderSession; seen: Seen[] } {
  const http = scripted((seen) => (seen.path.startsWith('/user/') ? { status: 404 } : answer(seen)));
  const session = createSigningToday({ http, clock }).open({ id: 'a', baseUrl, userId: me }, memoryCredentials());
  return { session, seen: http.seen };
}

const observe = (change: Change, answer: ScriptedAnswer) => open(() => answer).session.observe(change, undefined);

describe('what becomes of a change where the DST', () => {
  const cases: [string, Wire, string][] = [
    ['was deleted', { deletedAt: '2024-01-01T00:00:00Z' }, 'deleted'],
    ['was replaced', { replacedBy: 'other' }, 'replaced'],
    ['expired', { status: 'expired' }, 'expired'],
    ['was rejected by somebody', { status: 'rejected' }, 'declined'],
    ['was taken back as a draft', { status: 'draft' }, 'not-permitted'],
    ['broke', { status: 'error' }, 'not-permitted'],
    ['has other documents now', { documents: [] }, 'not-permitted'],
  ];
  it.each(cases)('%s', async (_name, more, code) => {
    for (const change of [signature, decline, fill]) {
      expect(await observe(change, { body: dst(more) })).toEqual({ kind: 'conflict', code });
    }
  });

  it.each([
    [404, 'deleted'],
    [410, 'deleted'],
    [403, 'not-permitted'],
  ])('is answered with %i', async (status, code) => {
    for (const change of [
      signature,
      decline,
      fill,
      { kind: 'note-added', key: 'k', remoteId: 'd', text: 'x' },
    ] as const) {
      expect(await observe(change, { status })).toEqual({ kind: 'conflict', code });
    }
  });

  it('cannot be read: nothing is said about the change', async () => {
    for (const change of [signature, decline, fill]) {
      await expect(observe(change, { status: 500 })).rejects.toMatchObject({ code: 'server-error' });
      await expect(observe(change, { body: '<html>' })).rejects.toMatchObject({ code: 'bad-response' });
    }
  });

  it('was deleted after my signature arrived: it arrived', async () => {
    const mine = wireSignature(3, { extraData: { sha256: hash('5').toUpperCase(), resourceId: 's-2' } });
    const observed = await observe(signature, {
      body: dst({ signatures: [others, mine], status: 'signed', deletedAt: '2024-01-01T00:00:00Z' }),
    });
    expect(observed).toMatchObject({ kind: 'applied', remoteTransaction: { deleted: true } });
  });

  it('waits for texts: a signature waits too', async () => {
    expect((await observe(signature, { body: dst({ status: 'toFill' }) })).kind).toBe('not-applied');
  });
});

describe('handing in a signature', () => {
  const mine = (resourceId: string, more: Wire = {}) => ({
    id: resourceId,
    title: 'x',
    filename: 'x',
    size: 1,
    ...more,
  });

  async function send(uploaded: readonly Wire[], before: readonly Wire[] = [], memo: DeliveryMemo = {}) {
    const memos: DeliveryMemo[] = [];
    const { session, seen } = open(({ method }) => ({
      body: dst({ resources: method === 'GET' ? before : [...before, ...uploaded], future: { kept: [1] } }),
    }));
    await session.send(signature, memo, content, async (kept) => void memos.push(kept));
    return { memos, seen, put: JSON.parse(seen.find(({ method }) => method === 'PUT')?.text ?? 'null') };
  }

  it('sends back the whole DST as it came, with the entry added', async () => {
    const { put, memos } = await send([mine('up-1')], [mine('old')]);
    const { signatures, documents, ...rest } = put;
    const { signatures: _s, documents: _d, ...asItCame } = dst({ resources: [mine('old')], future: { kept: [1] } });
    expect(rest).toEqual(JSON.parse(JSON.stringify(asItCame)));
    expect(signatures).toEqual([
      JSON.parse(JSON.stringify(others)),
      {
        documentId: 1,
        signatureRequestId: 3,
        signedAt: '1970-01-01T00:00:00.000Z',
        status: 'signed',
        extraData: { resourceId: 'up-1', sha256: hash('5'), baseSha256: hash('b') },
      },
    ]);
    expect(documents).toEqual([{ ...JSON.parse(JSON.stringify(document)), signedDocumentUuid: 'up-1' }]);
    expect(memos).toEqual([{ uploadedResourceId: 'up-1' }]);
  });

  it.each([
    ['by its title', [mine('a'), mine('b', { title: `c.signed.pdf [sha256 ${hash('5').slice(0, 32)}]` })], 'b'],
    ['else by its file name', [mine('a'), mine('b', { filename: 'c.signed.pdf' })], 'b'],
    ['else as the only new one', [mine('a')], 'a'],
  ])('knows its upload %s', async (_name, uploaded, expected) => {
    expect((await send(uploaded)).memos).toEqual([{ uploadedResourceId: expected }]);
  });

  it.each([
    ['none', []],
    ['two that could be it', [mine('a', { filename: 'c.signed.pdf' }), mine('b', { filename: 'c.signed.pdf' })]],
  ])('is a bad answer where the upload comes back as %s', async (_name, uploaded) => {
    await expect(send(uploaded)).rejects.toMatchObject({
      code: 'bad-response',
      field: 'resources',
      outcomeUnknown: true,
    });
  });

  it('does not upload what the memo says is there, unless it is gone', async () => {
    const { seen } = await send([], [mine('up-1')], { uploadedResourceId: 'up-1' });
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    const { session } = open(() => ({ body: dst({ resources: [] }) }));
    const observed = await session.observe(signature, { uploadedResourceId: 'up-1' });
    expect(observed).toEqual({ kind: 'not-applied', memo: { base: { resourceId: 's-1', sha256: hash('b') } } });
  });

  it('takes a file of the same title but another size for another', async () => {
    const title = `c.signed.pdf [sha256 ${hash('5').slice(0, 32)}]`;
    for (const [size, found] of [
      [3, 'half'],
      [2, undefined],
    ] as const) {
      const { session } = open(() => ({ body: dst({ resources: [mine('half', { title, size })] }) }));
      expect(await session.observe(signature, undefined)).toMatchObject({
        kind: 'not-applied',
        memo:
          found === undefined
            ? expect.not.objectContaining({ uploadedResourceId: 'half' })
            : { uploadedResourceId: found },
      });
    }
  });

  it.each([[undefined], [{}], [{ base: 'x', uploadedResourceId: 7 }], [{ noteIdsBefore: [1] }]])(
    'makes do with a memo that makes no sense: %j',
    async (memo) => {
      expect((await open(() => ({ body: dst() })).session.observe(signature, memo)).kind).toBe('not-applied');
    },
  );
});
