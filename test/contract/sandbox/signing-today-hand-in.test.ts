import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dst } from '../../sandbox/signing-today/index.ts';
import { sampleMessage } from '../sample-message.ts';
import { at, codesOf, continued, type HandIn, idsOf, type Setup, setUp, sha256 } from './signing-today-setup.ts';

let sandbox: Setup;
let dst: Dst;
let documentId: number;
let annas: number;
let brunos: number;
beforeEach(async () => {
  sandbox = await setUp();
  dst = await sandbox.addDst();
  documentId = idsOf(dst).documentId;
  [annas, brunos] = idsOf(dst).requests as [number, number];
});
afterEach(() => sandbox.server.stop());

const signatures = () => sandbox.state.effects({ kind: 'signature' });
const newest = (body: HandIn) => {
  const entry = body.signatures.at(-1);
  if (!entry) throw new Error('no entry');
  return entry;
};

describe('handing in a signature', () => {
  it('is taken from each signer in turn, the last one setting the signed document', async () => {
    const { anna, bruno } = sandbox;
    const plain = await sandbox.state.currentBytes(dst.id, documentId);
    const first = await anna.sign(dst.id, documentId, annas);
    expect([first.status, first.json()]).toMatchObject([200, { status: 'toSign', documents: [{ status: 'plain' }] }]);
    const middle = await sandbox.state.currentBytes(dst.id, documentId);
    expect(middle).toEqual(continued(plain, `anna ${annas}`));

    const second = await bruno.sign(dst.id, documentId, brunos);
    const done = second.json<Dst>();
    expect([second.status, done.status, done.documents[0]?.status]).toEqual([200, 'signed', 'signed']);
    const file = await anna.call('GET', `/resource/${done.documents[0]?.signedDocumentUuid}`);
    expect([...file.bytes]).toEqual([...continued(middle, `bruno ${brunos}`)]);
    expect(done.signatures).toMatchObject([
      { documentId, signatureRequestId: annas, status: 'signed', signedAt: '2026-03-02T09:30:00.000Z' },
      { documentId, signatureRequestId: brunos, status: 'signed', extraData: { sha256: sha256(file.bytes) } },
    ]);
    expect(signatures().map(({ userId, signatureRequestId }) => [userId, signatureRequestId])).toEqual([
      [anna.user.id, annas],
      [bruno.user.id, brunos],
    ]);
    expect(sandbox.state.audit(dst.id).map(({ event }) => event)).toEqual([
      'event_published',
      'stage_to_sign',
      'event_signature',
      'event_signature',
      'stage_signed',
    ]);
  });

  it('takes a chain of two requests on one document in one PUT', async () => {
    const { anna, state } = sandbox;
    const id = anna.user.id;
    const own = await sandbox.addDst(
      {},
      {
        signatureRequests: [
          { signer: id, key: '1' },
          { signer: id, key: '2' },
        ],
        signerGroups: [[id]],
      },
    );
    const ids = idsOf(own);
    const base = await state.currentBytes(own.id, ids.documentId);
    const files = [continued(base, 'one'), continued(continued(base, 'one'), 'two')];
    let body = own as HandIn;
    for (const file of files) body = (await anna.upload(own.id, file)).json<HandIn>();
    const uploads = body.resources.slice(-2).map((each) => each.id);
    body.signatures = files.map((file, index) => ({
      documentId: ids.documentId,
      signatureRequestId: at(ids.requests, index),
      signedAt: '2026-03-02 09:30:00.000000',
      status: 'signed' as const,
      extraData: {
        resourceId: at(uploads, index),
        sha256: sha256(file),
        baseSha256: sha256([base, ...files][index] ?? base),
      },
    }));
    at(body.documents, 0).signedDocumentUuid = at(uploads, 1);
    const answer = await anna.call('PUT', `/DST/${own.id}`, body);
    expect([answer.status, answer.json<Dst>().status]).toEqual([200, 'signed']);
    expect(signatures()).toHaveLength(2);
  });

  it('answers 409 to a DST that has changed since it was read', async () => {
    const body = await sandbox.anna.prepare(dst.id, documentId, annas);
    await sandbox.state.addNote(dst.id, { userId: sandbox.bruno.user.id, text: 'Wait' });
    const stale = await sandbox.anna.call('PUT', `/DST/${dst.id}`, body);
    expect([stale.status, codesOf(stale)]).toEqual([409, ['stale']]);
    expect(signatures()).toEqual([]);
    const { updatedAt } = await sandbox.anna.dst(dst.id);
    const sameInstant = updatedAt.replace('T', ' ').replace('Z', '000');
    expect((await sandbox.anna.call('PUT', `/DST/${dst.id}`, { ...body, updatedAt: sameInstant })).status).toBe(200);
  });

  it('answers 400 to a parallel signature made on the base the other one signed on', async () => {
    const base = await sandbox.state.currentBytes(dst.id, documentId);
    const late = continued(base, 'late');
    const upload = (await sandbox.bruno.upload(dst.id, late)).json<Dst>().resources.at(-1);
    await sandbox.anna.sign(dst.id, documentId, annas);
    const now = await sandbox.bruno.dst(dst.id);
    const entry = (baseSha256: string) => ({
      ...{ documentId, signatureRequestId: brunos, signedAt: '2026-03-02T09:31:00Z', status: 'signed' },
      extraData: { resourceId: upload?.id, sha256: sha256(late), baseSha256 },
    });
    const hand = async (baseSha256: string) =>
      codesOf(
        await sandbox.bruno.call('PUT', `/DST/${dst.id}`, {
          ...now,
          signatures: [...now.signatures, entry(baseSha256)],
          documents: now.documents.map((each) => ({ ...each, signedDocumentUuid: upload?.id })),
        }),
      );
    expect(await hand(sha256(base))).toEqual(['base-mismatch']);
    const current = await sandbox.state.currentBytes(dst.id, documentId);
    expect(await hand(sha256(current))).toEqual(['not-a-continuation']);
    expect(signatures()).toHaveLength(1);
  });

  it.each<[string, (body: HandIn) => void, number, string]>([
    ['another digest', (body) => Object.assign(newest(body).extraData, { sha256: '00' }), 400, 'sha256-mismatch'],
    ['no digest of the base', (body) => delete newest(body).extraData.baseSha256, 400, 'base-mismatch'],
    [
      'the plain file itself',
      (body) => Object.assign(newest(body).extraData, { resourceId: at(body.documents, 0).plainDocumentUuid }),
      400,
      'unknown-resource',
    ],
    ['no file', (body) => Object.assign(newest(body), { extraData: {} }), 400, 'unknown-resource'],
    ['no time', (body) => Object.assign(newest(body), { signedAt: 'today' }), 400, 'invalid'],
    ['no status', (body) => Object.assign(newest(body), { status: undefined }), 400, 'invalid'],
    ['another document', (body) => Object.assign(newest(body), { documentId: 9999 }), 400, 'unknown-document'],
    ['another request', (body) => Object.assign(newest(body), { signatureRequestId: 9999 }), 400, 'unknown-request'],
    [
      'somebody else’s request',
      (body) => Object.assign(newest(body), { signatureRequestId: brunos }),
      403,
      'not-your-request',
    ],
    [
      'a signed document before the last signature',
      (body) => Object.assign(at(body.documents, 0), { signedDocumentUuid: newest(body).extraData.resourceId }),
      400,
      'signed-document-early',
    ],
    ['no updatedAt', (body) => Object.assign(body, { updatedAt: undefined }), 400, 'invalid'],
    ['an updatedAt that is no time', (body) => Object.assign(body, { updatedAt: 'now' }), 400, 'invalid'],
  ])('refuses %s', async (_name, change, status, code) => {
    const answer = await sandbox.anna.sign(dst.id, documentId, annas, change);
    expect([answer.status, codesOf(answer)]).toEqual([status, [code]]);
    expect(signatures()).toEqual([]);
    expect(sandbox.state.dst(dst.id).signatures).toEqual([]);
  });

  it('refuses a file that does not start with the current bytes', async () => {
    const base = await sandbox.state.currentBytes(dst.id, documentId);
    const other = Uint8Array.from(continued(base));
    other[base.length - 1] = (other[base.length - 1] ?? 0) ^ 1;
    for (const file of [other, base, base.slice(0, -1)]) {
      const body = (await sandbox.anna.upload(dst.id, file)).json<HandIn>();
      const extraData = { resourceId: body.resources.at(-1)?.id, sha256: sha256(file), baseSha256: sha256(base) };
      const entry = { documentId, signatureRequestId: annas, signedAt: '2026-03-02T09:30Z', status: 'signed' as const };
      body.signatures.push({ ...entry, extraData });
      const answer = await sandbox.anna.call('PUT', `/DST/${dst.id}`, body);
      expect([answer.status, codesOf(answer)]).toEqual([400, ['not-a-continuation']]);
    }
  });

  it('refuses a second signature for a request, and takes the first one back unchanged', async () => {
    const { anna } = sandbox;
    await anna.sign(dst.id, documentId, annas);
    const now = await anna.dst(dst.id);
    expect((await anna.call('PUT', `/DST/${dst.id}`, now)).status).toBe(200);
    expect(await anna.dst(dst.id)).toEqual(now);

    const upload = await anna.upload(dst.id, continued(await sandbox.state.currentBytes(dst.id, documentId)));
    expect(upload.status).toBe(403);
    const [stored] = now.signatures;
    const other = { ...stored, extraData: { ...stored?.extraData, resourceId: at(now.resources, 0).id } };
    for (const signatures of [[other], [stored, other]]) {
      const answer = await anna.call('PUT', `/DST/${dst.id}`, { ...now, signatures });
      expect([answer.status, codesOf(answer)]).toEqual([409, ['already-signed']]);
    }
    const removed = await anna.call('PUT', `/DST/${dst.id}`, { ...(await anna.dst(dst.id)), signatures: [] });
    expect([removed.status, codesOf(removed)]).toEqual([400, ['signature-missing']]);
    expect(signatures()).toHaveLength(1);
  });

  it('wants the last signer to set the signed document', async () => {
    await sandbox.anna.sign(dst.id, documentId, annas);
    const answer = await sandbox.bruno.sign(dst.id, documentId, brunos, (body) => {
      delete at(body.documents, 0).signedDocumentUuid;
    });
    expect([answer.status, codesOf(answer)]).toEqual([400, ['signed-document-missing']]);
    expect(sandbox.state.dst(dst.id).status).toBe('toSign');
  });

  it('refuses another signer’s upload', async () => {
    const base = await sandbox.state.currentBytes(dst.id, documentId);
    const upload = (await sandbox.bruno.upload(dst.id, continued(base))).json<Dst>().resources.at(-1)?.id;
    const answer = await sandbox.anna.sign(dst.id, documentId, annas, (body) => {
      newest(body).extraData.resourceId = upload;
    });
    expect(codesOf(answer)).toEqual(['unknown-resource']);
  });

  it('takes a CAdES signature as a .p7m of the current bytes, and no PDF', async () => {
    const { anna, state } = sandbox;
    const id = anna.user.id;
    const document = { signatureRequests: [{ signer: id, signProfile: 'CAdES' as const }], signerGroups: [[id]] };
    const own = await sandbox.addDst({}, document);
    const ids = idsOf(own);
    const request = at(ids.requests, 0);
    expect(codesOf(await anna.sign(own.id, ids.documentId, request))).toEqual(['not-a-p7m']);

    const base = await state.currentBytes(own.id, ids.documentId);
    const handIn = async (p7m: Uint8Array) => {
      const body = (await anna.upload(own.id, p7m, { filename: 'Lease.pdf.p7m' })).json<HandIn>();
      const resource = at(body.resources, -1 + body.resources.length);
      const extraData = { resourceId: resource.id, sha256: sha256(p7m), baseSha256: sha256(base) };
      const { documentId } = ids;
      const signedAt = '2026-03-02T09:30:00Z';
      body.signatures.push({ documentId, signatureRequestId: request, signedAt, status: 'signed', extraData });
      at(body.documents, 0).signedDocumentUuid = resource.id;
      return { resource, answer: await anna.call('PUT', `/DST/${own.id}`, body) };
    };
    const others = [sampleMessage(continued(base), ['anna']), sampleMessage(base, ['x', 'anna']), Buffer.from('0\x03')];
    for (const wrong of others) expect(codesOf((await handIn(wrong)).answer)).toEqual(['not-a-continuation']);
    const { answer, resource } = await handIn(sampleMessage(base, ['anna']));
    expect([answer.status, answer.json<Dst>().status]).toEqual([200, 'signed']);
    expect(resource.mimetype).toBe('application/pkcs7-mime');
  });

  it('takes exactly one of two parallel hand-ins that were made on the same DST', async () => {
    const prepared = [
      await sandbox.anna.prepare(dst.id, documentId, annas),
      await sandbox.bruno.prepare(dst.id, documentId, brunos),
    ];
    const { updatedAt } = await sandbox.anna.dst(dst.id);
    const [first, second] = prepared.map((body) => ({ ...body, updatedAt }));
    const answers = await Promise.all([
      sandbox.anna.call('PUT', `/DST/${dst.id}`, first),
      sandbox.bruno.call('PUT', `/DST/${dst.id}`, second),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(signatures()).toHaveLength(1);
    expect(sandbox.state.dst(dst.id).signatures).toHaveLength(1);
  });
});
