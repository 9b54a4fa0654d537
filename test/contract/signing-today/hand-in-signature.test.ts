import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../../../main/providers/provider.ts';
import type { Dst, Misbehaviour } from '../../sandbox/signing-today/index.ts';
import { sampleMessage } from '../sample-message.ts';
import {
  deliver,
  first,
  meanwhile,
  openWorld,
  password,
  type Row,
  readAll,
  sha256,
  signatureRow,
  signedFrom,
  somePdf,
  type World,
} from './world.ts';

let world: World;
let pdf: Buffer;
let signed: Buffer;
beforeEach(async () => {
  world = await openWorld();
  pdf = somePdf();
  signed = signedFrom(pdf);
});
afterEach(() => world.close());

const effects = (dst: Dst, kind: 'signature' | 'resource-added') => world.state.effects({ dstId: dst.id, kind }).length;
const conflict = (code: string): Observation => ({ kind: 'conflict', code }) as Observation;
const isPut = (method: string) => method === 'PUT';
const isUpload = (method: string) => method === 'PATCH';

/** Both sign in parallel. */
const parallel = () => ({
  pdf,
  signatureRequests: [
    { signer: world.ada.id, declinable: true },
    { signer: world.bob.id, declinable: true },
  ],
  signerGroups: [[world.ada.id, world.bob.id]],
});
const bobsRequest = (dst: Dst) => ({
  userId: world.bob.id,
  documentId: first(dst.documents).id,
  signatureRequestId: dst.documents[0]?.signatureRequests[1]?.id ?? 0,
});

describe('a signed file', () => {
  it('is not taken before it is its signer’s turn, nor are its bytes', async () => {
    const dst = await world.addDst({ ...parallel(), signerGroups: [[world.bob.id], [world.ada.id]] });
    const observed = await deliver(world.session, signatureRow(world, dst, pdf, signed));
    expect(observed.kind).not.toBe('applied');
    expect([effects(dst, 'resource-added'), effects(dst, 'signature')]).toEqual([0, 0]);
    await world.state.sign(dst.id, { ...bobsRequest(dst), signed: signedFrom(pdf) });
  });

  it('is handed in: the server holds the same bytes and says signed', async () => {
    const dst = await world.addDst({ pdf });
    const row = signatureRow(world, dst, pdf, signed);
    const observed = await deliver(world.session, row);
    expect(observed).toMatchObject({ kind: 'applied', remoteTransaction: { transaction: { status: 'signed' } } });
    const now = world.state.dst(dst.id);
    const document = first(now.documents);
    expect(document).toMatchObject({
      status: 'signed',
      signedDocumentUuid: first(now.signatures).extraData.resourceId,
    });
    expect(first(now.signatures)).toMatchObject({
      signedAt: '2024-01-01T12:00:00.000Z',
      extraData: { sha256: sha256(signed), baseSha256: sha256(pdf) },
    });
    expect(now.resources.at(-1)).toMatchObject({ filename: 'c.signed.pdf', size: signed.length });
    expect(Buffer.from(await world.state.currentBytes(dst.id, document.id)).equals(signed)).toBe(true);
    const [mapped] = (await world.session.transaction(dst.id)).transaction.documents;
    expect((await readAll(await world.session.download(mapped?.currentResourceId ?? ''))).equals(signed)).toBe(true);
  });

  it('once delivered is found so again and again, and not handed in a second time', async () => {
    const dst = await world.addDst({ pdf });
    const row = signatureRow(world, dst, pdf, signed);
    await deliver(world.session, row);
    expect((await deliver(world.reopen(), { ...row, memo: undefined })).kind).toBe('applied');
    await world.session.send(row.change, row.memo ?? {}, row.content, async () => undefined).catch(() => undefined);
    expect([effects(dst, 'resource-added'), effects(dst, 'signature')]).toEqual([1, 1]);
  });

  it('does not read the base again where this session read it', async () => {
    const dst = await world.addDst({ pdf });
    const { plainDocumentUuid } = first(dst.documents);
    await readAll(await world.session.download(plainDocumentUuid));
    await deliver(world.session, signatureRow(world, dst, pdf, signed));
    const reads = world.server.requests.filter(({ path }) => path === `/resource/${plainDocumentUuid}`);
    expect(reads).toHaveLength(1);
  });

  it('reads the base once after a restart, and remembers it in the memo', async () => {
    const dst = await world.addDst({ pdf });
    const row = signatureRow(world, dst, pdf, signed);
    const observed = await world.reopen().observe(row.change, undefined);
    if (observed.kind !== 'not-applied') throw new Error(observed.kind);
    await world.reopen().observe(row.change, observed.memo);
    expect(world.server.requests.filter(({ path }) => path.startsWith('/resource/'))).toHaveLength(1);
  });

  it('of some megabytes goes up in pieces', async () => {
    const big = Buffer.concat([pdf, Buffer.alloc(6 * 1024 * 1024, 7)]);
    const dst = await world.addDst({ pdf });
    expect((await deliver(world.session, signatureRow(world, dst, pdf, big))).kind).toBe('applied');
    expect(Buffer.from(await world.state.currentBytes(dst.id, first(dst.documents).id)).equals(big)).toBe(true);
  });

  it('as .p7m goes up under its own type', async () => {
    const p7m = sampleMessage(pdf, ['ada']);
    const dst = await world.addDst({ pdf, signatureRequests: [{ signer: world.ada.id, signProfile: 'CAdES' }] });
    const row = signatureRow(world, dst, pdf, p7m, 'contract.pdf.p7m');
    expect((await deliver(world.session, row)).kind).toBe('applied');
    expect(world.state.dst(dst.id).resources.at(-1)?.filename).toBe('contract.pdf.p7m');
  });

  it('of two requests of mine: the second on the first’s result, the last sets the signed document', async () => {
    const dst = await world.addDst({
      pdf,
      signatureRequests: [
        { signer: world.ada.id, key: 'one' },
        { signer: world.ada.id, key: 'two' },
      ],
    });
    await deliver(world.session, signatureRow(world, dst, pdf, signed));
    expect(first(world.state.dst(dst.id).documents).signedDocumentUuid).toBeUndefined();
    const again = signedFrom(signed);
    const row = signatureRow(world, dst, signed, again);
    const second = dst.documents[0]?.signatureRequests[1]?.id;
    await deliver(world.session, {
      ...row,
      change: { ...row.change, signatureRequestId: String(second) } as Row['change'],
    });
    const now = world.state.dst(dst.id);
    expect(now.status).toBe('signed');
    expect(first(now.documents).signedDocumentUuid).toBe(now.signatures[1]?.extraData.resourceId);
  });

  it('keeps whatever else the server keeps in the DST', async () => {
    const dst = await world.addDst(parallel(), { tags: ['a'], urgent: true, ccGroups: ['Sales'] });
    await deliver(world.session, signatureRow(world, dst, pdf, signed));
    const { signatures: _, resources: _r, updatedAt: _u, ...rest } = world.state.dst(dst.id);
    expect(dst).toMatchObject(rest);
  });
});

describe('when the answer is lost on the way', () => {
  const lost: [string, Misbehaviour, number, number][] = [
    ['the upload’s, after it was made', { kind: 'drop-response', method: 'PATCH' }, 1, 1],
    ['the upload’s, in half', { kind: 'cut-body', method: 'PATCH' }, 1, 1],
    ['the upload’s, as HTML, before it was made', { kind: 'html', method: 'PATCH' }, 1, 1],
    ['the upload’s, before it was made', { kind: 'refuse', method: 'PATCH' }, 1, 1],
    ['the entry’s, after it was made', { kind: 'drop-response', method: 'PUT' }, 1, 1],
    ['the entry’s, in half', { kind: 'half-json', method: 'PUT' }, 1, 1],
    ['the entry’s, before it was made', { kind: 'refuse', method: 'PUT' }, 1, 1],
    ['the entry’s, with a 500', { kind: 'status', status: 500, method: 'PUT' }, 1, 1],
    ['the entry’s, with a 504', { kind: 'status', status: 504, method: 'PUT' }, 1, 1],
  ];
  it.each(lost)(
    '%s: the outcome is unknown, and settled by reading; made once',
    async (_name, fault, uploads, entries) => {
      const dst = await world.addDst({ pdf });
      const row = signatureRow(world, dst, pdf, signed);
      world.server.misbehave(fault);
      await expect(deliver(world.session, row)).rejects.toMatchObject({ outcomeUnknown: true });
      expect((await deliver(world.reopen(), row)).kind).toBe('applied');
      expect([effects(dst, 'resource-added'), effects(dst, 'signature')]).toEqual([uploads, entries]);
    },
  );

  it('a crash between the upload and its note in the memo does not upload twice', async () => {
    const dst = await world.addDst({ pdf });
    const row = signatureRow(world, dst, pdf, signed);
    const observed = await world.session.observe(row.change, undefined);
    if (observed.kind !== 'not-applied') throw new Error(observed.kind);
    row.memo = observed.memo;
    const crash = new Error('killed');
    await expect(world.session.send(row.change, row.memo, row.content, () => Promise.reject(crash))).rejects.toBe(
      crash,
    );
    expect((await deliver(world.reopen(), row)).kind).toBe('applied');
    expect([effects(dst, 'resource-added'), effects(dst, 'signature')]).toEqual([1, 1]);
  });

  it('no attempt at all while the server is down, and it is known that none was made', async () => {
    const dst = await world.addDst({ pdf });
    const row = signatureRow(world, dst, pdf, signed);
    const observed = await world.session.observe(row.change, undefined);
    if (observed.kind !== 'not-applied') throw new Error(observed.kind);
    await world.server.stop();
    await expect(
      world.session.send(row.change, observed.memo, row.content, async () => undefined),
    ).rejects.toMatchObject({ code: 'offline', outcomeUnknown: false });
  });

  it('a file that cannot be read fails as itself, and nothing is kept at the server', async () => {
    const dst = await world.addDst({ pdf });
    const row = signatureRow(world, dst, pdf, signed);
    const damaged = new Error('disk');
    const content = {
      sizeBytes: signed.length,
      async *chunks() {
        yield signed.subarray(0, 10);
        throw damaged;
      },
    };
    await expect(deliver(world.session, { ...row, content })).rejects.toBe(damaged);
    expect(effects(dst, 'resource-added')).toBe(0);
    expect((await deliver(world.session, row)).kind).toBe('applied');
  });

  it('an access token that expires between the steps is renewed on the way', async () => {
    const dst = await world.addDst({ pdf });
    const expiring = meanwhile(world.http, isUpload, async () => world.state.expireAccessTokens());
    expect((await deliver(world.reopen(expiring), signatureRow(world, dst, pdf, signed))).kind).toBe('applied');
    expect(effects(dst, 'resource-added')).toBe(1);
  });
});

describe('when others were faster', () => {
  it('a parallel signer signed: the document moved on', async () => {
    const dst = await world.addDst(parallel());
    await world.state.sign(dst.id, { ...bobsRequest(dst), signed: signedFrom(pdf) });
    const row = signatureRow(world, dst, pdf, signed);
    expect(await deliver(world.session, row)).toEqual(conflict('document-moved-on'));
    expect(effects(dst, 'resource-added')).toBe(0);
  });

  it.each([
    ['before the upload', isUpload],
    ['between upload and entry', isPut],
  ])('a parallel signer signs %s: stale, and observing again says why', async (_name, fits) => {
    const dst = await world.addDst(parallel());
    const bobSigns = () => world.state.sign(dst.id, { ...bobsRequest(dst), signed: signedFrom(pdf) });
    const row = signatureRow(world, dst, pdf, signed);
    await expect(deliver(world.reopen(meanwhile(world.http, fits, bobSigns)), row)).rejects.toMatchObject({
      code: 'stale',
    });
    expect(await deliver(world.session, row)).toEqual(conflict('document-moved-on'));
    expect(effects(dst, 'signature')).toBe(0);
  });

  it('the lost race is won on the new base, the first file being just a file', async () => {
    const dst = await world.addDst(parallel());
    const bobs = signedFrom(pdf);
    await world.state.sign(dst.id, { ...bobsRequest(dst), signed: bobs });
    const again = signedFrom(bobs);
    expect((await deliver(world.session, signatureRow(world, dst, bobs, again))).kind).toBe('applied');
    const now = world.state.dst(dst.id);
    expect(now.status).toBe('signed');
    expect(first(now.documents).signedDocumentUuid).toBe(now.signatures[1]?.extraData.resourceId);
  });

  it('a change that does not concern the bytes (a note) only costs another try', async () => {
    const dst = await world.addDst({ pdf });
    const noted = meanwhile(world.http, isPut, () =>
      world.state.addNote(dst.id, { userId: world.carla.id, text: 'x' }),
    );
    const row = signatureRow(world, dst, pdf, signed);
    await expect(deliver(world.reopen(noted), row)).rejects.toMatchObject({ code: 'stale' });
    expect((await deliver(world.session, row)).kind).toBe('applied');
    expect([effects(dst, 'resource-added'), effects(dst, 'signature')]).toEqual([1, 1]);
  });

  it('I signed it elsewhere, with other bytes', async () => {
    const dst = await world.addDst(parallel());
    const request = {
      ...bobsRequest(dst),
      userId: world.ada.id,
      signatureRequestId: first(first(dst.documents).signatureRequests).id,
    };
    await world.state.sign(dst.id, { ...request, signed: signedFrom(pdf) });
    expect(await deliver(world.session, signatureRow(world, dst, pdf, signed))).toEqual(conflict('signed-elsewhere'));
  });

  it('somebody declined', async () => {
    const dst = await world.addDst(parallel());
    await world.state.decline(dst.id, { ...bobsRequest(dst), reason: 'No' });
    expect(await deliver(world.session, signatureRow(world, dst, pdf, signed))).toEqual(conflict('declined'));
  });

  it('it expired', async () => {
    const dst = await world.addDst({ pdf }, { expiresAt: Date.UTC(2024, 0, 1, 0, 0, 1) });
    world.advance(5000);
    expect(await deliver(world.session, signatureRow(world, dst, pdf, signed))).toEqual(conflict('expired'));
  });

  it('it was deleted', async () => {
    const dst = await world.addDst({ pdf });
    const { credentials } = await world.provider.signIn({
      baseUrl: world.server.url,
      username: 'carla@demo',
      password,
      clientId: 'countersign',
      clientSecret: 'sandbox',
    });
    await world.http.request({
      method: 'DELETE',
      url: `${world.server.url}/DST/${dst.id}`,
      headers: { authorization: `Bearer ${credentials.accessToken}` },
      timeoutMs: 5000,
      maxResponseBytes: 1000,
    });
    expect(await deliver(world.session, signatureRow(world, dst, pdf, signed))).toEqual(conflict('deleted'));
  });

  it('it is not my turn, not my request, or no such request', async () => {
    const later = await world.addDst({ ...parallel(), signerGroups: [[world.bob.id], [world.ada.id]] });
    expect(await deliver(world.session, signatureRow(world, later, pdf, signed))).toEqual(conflict('not-permitted'));
    const dst = await world.addDst(parallel());
    const row = signatureRow(world, dst, pdf, signed);
    for (const signatureRequestId of [String(bobsRequest(dst).signatureRequestId), '99999']) {
      const change = { ...row.change, signatureRequestId } as Row['change'];
      expect(await deliver(world.session, { ...row, change })).toEqual(conflict('not-permitted'));
    }
  });
});
