import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dst, SeedSignatureRequest } from '../../sandbox/signing-today/index.ts';
import { at, codesOf, continued, type HandIn, idsOf, type Person, type Setup, setUp } from './signing-today-setup.ts';

let sandbox: Setup;
beforeEach(async () => {
  sandbox = await setUp();
});
afterEach(() => sandbox.server.stop());

/** Anna first, then Bruno; Bruno may decline. */
function addOrdered(requests: Partial<SeedSignatureRequest> = {}): Promise<Dst> {
  const [a, b] = [sandbox.anna.user.id, sandbox.bruno.user.id];
  return sandbox.addDst(
    {},
    { signatureRequests: [{ signer: a }, { signer: b, declinable: true, ...requests }], signerGroups: [[a], [b]] },
  );
}

async function decline(person: Person, dst: Dst, request: number, about: object = {}) {
  const body = (await person.dst(dst.id)) as HandIn;
  const entry = { documentId: idsOf(dst).documentId, signatureRequestId: request, status: 'declined' as const };
  body.signatures.push({
    ...entry,
    signedAt: '2026-03-02T10:00:00Z',
    declinedReason: 'Wrong rent',
    extraData: {},
    ...about,
  });
  return person.call('PUT', `/DST/${dst.id}`, body);
}

describe('signer groups', () => {
  it('sign in their order', async () => {
    const { anna, bruno } = sandbox;
    const dst = await addOrdered();
    const { documentId, requests } = idsOf(dst);
    const early = await bruno.upload(dst.id, Buffer.from('%PDF-1.7\n%%EOF\n'));
    expect([early.status, codesOf(early)]).toEqual([403, ['not-your-turn']]);
    // Nor is a signature taken on bytes that were there before.
    const body = (await bruno.dst(dst.id)) as unknown as { signatures: unknown[] };
    const extraData = { resourceId: dst.documents[0]?.plainDocumentUuid, sha256: '', baseSha256: '' };
    const signature = { documentId, signatureRequestId: at(requests, 1), signedAt: '2026-03-02T09:30:00Z', extraData };
    const put = await bruno.call('PUT', `/DST/${dst.id}`, {
      ...body,
      signatures: [...body.signatures, { ...signature, status: 'signed' }],
    });
    expect([put.status, codesOf(put)]).toEqual([403, ['not-your-turn']]);
    const earlyDecline = await decline(bruno, dst, at(requests, 1));
    expect([earlyDecline.status, codesOf(earlyDecline)]).toEqual([403, ['not-your-turn']]);
    expect((await anna.sign(dst.id, documentId, at(requests, 0))).status).toBe(200);
    expect((await bruno.sign(dst.id, documentId, at(requests, 1))).json()).toMatchObject({ status: 'signed' });
  });

  it('wait for all of the group before', async () => {
    const [a, b] = [sandbox.anna.user.id, sandbox.bruno.user.id];
    const dst = await sandbox.addDst(
      {},
      {
        signatureRequests: [
          { signer: a, key: 'a' },
          { signer: b, key: 'b' },
          { signer: 'later', key: 'c' },
        ],
        signerGroups: [[a, b], [{ key: 'later', userId: a }]],
      },
    );
    const { documentId, requests } = idsOf(dst);
    const statuses = [];
    for (const [who, request] of [
      [sandbox.anna, 2],
      [sandbox.bruno, 1],
      [sandbox.anna, 2],
      [sandbox.anna, 0],
      [sandbox.anna, 2],
    ] as const) {
      statuses.push((await who.sign(dst.id, documentId, at(requests, request))).status);
    }
    expect(statuses).toEqual([403, 200, 403, 200, 200]);
    expect(sandbox.state.dst(dst.id).status).toBe('signed');
  });
});

describe('declining', () => {
  it('rejects the DST, and nothing more is signed', async () => {
    const { anna, bruno } = sandbox;
    const [a, b] = [anna.user.id, bruno.user.id];
    const dst = await sandbox.addDst(
      {},
      { signatureRequests: [{ signer: a }, { signer: b, declinable: true }], signerGroups: [[a, b]] },
    );
    const { documentId, requests } = idsOf(dst);
    const answer = await decline(bruno, dst, at(requests, 1));
    expect([answer.status, answer.json()]).toMatchObject([
      200,
      { status: 'rejected', signatures: [{ status: 'declined', declinedReason: 'Wrong rent' }] },
    ]);
    expect((await anna.upload(dst.id, continued(await sandbox.state.currentBytes(dst.id, documentId)))).status).toBe(
      409,
    );
    expect(sandbox.state.effects({ kind: 'decline' })).toHaveLength(1);
    expect(
      sandbox.state
        .audit(dst.id)
        .slice(-2)
        .map(({ event }) => event),
    ).toEqual(['event_rejection', 'stage_rejected']);
    expect((await decline(bruno, dst, at(requests, 1), { declinedReason: 'Twice' })).status).toBe(200);
    expect(sandbox.state.effects({ kind: 'decline' })).toHaveLength(1);
  });

  it('is refused where the request is not declinable, or without a reason', async () => {
    const dst = await sandbox.addDst();
    const request = at(idsOf(dst).requests, 0);
    const refused = await decline(sandbox.anna, dst, request);
    expect([refused.status, codesOf(refused)]).toEqual([403, ['not-declinable']]);
    const ordered = await addOrdered();
    await sandbox.anna.sign(ordered.id, idsOf(ordered).documentId, at(idsOf(ordered).requests, 0));
    for (const declinedReason of [undefined, null, '  ']) {
      const answer = await decline(sandbox.bruno, ordered, at(idsOf(ordered).requests, 1), { declinedReason });
      expect([answer.status, codesOf(answer)]).toEqual([400, ['reason-missing']]);
    }
    expect(sandbox.state.effects({ kind: 'decline' })).toEqual([]);
  });
});

describe('a DST', () => {
  it('expires by the clock, once', async () => {
    const { anna, clock, state } = sandbox;
    const dst = await sandbox.addDst({ expiresAt: clock.now() + 1000 });
    clock.advance(999);
    expect((await anna.dst(dst.id)).status).toBe('toSign');
    clock.advance(1);
    expect((await anna.dst(dst.id)).status).toBe('expired');
    const { updatedAt } = await anna.dst(dst.id);
    expect(updatedAt > dst.updatedAt).toBe(true);
    const upload = await anna.upload(dst.id, continued(await state.currentBytes(dst.id, idsOf(dst).documentId)));
    expect([upload.status, codesOf(upload)]).toEqual([409, ['wrong-status']]);
    expect(state.audit(dst.id).filter(({ event }) => event === 'stage_expired')).toHaveLength(1);
  });

  it('that expires between reading and handing in answers 409', async () => {
    const { clock, anna } = sandbox;
    const dst = await sandbox.addDst({ expiresAt: clock.now() + 1000 });
    const { documentId, requests } = idsOf(dst);
    const answer = await anna.sign(dst.id, documentId, at(requests, 0), () => clock.advance(1000));
    expect(answer.status).toBe(409);
    expect(sandbox.state.dst(dst.id)).toMatchObject({ status: 'expired', signatures: [] });
  });

  it('is its creator’s to delete, and is gone then for everybody', async () => {
    const { anna, bruno } = sandbox;
    const dst = await sandbox.addDst();
    const resource = `/resource/${dst.documents[0]?.plainDocumentUuid}`;
    expect((await bruno.call('DELETE', `/DST/${dst.id}`)).status).toBe(403);
    expect((await anna.call('DELETE', `/DST/${dst.id}`)).status).toBe(204);
    for (const path of [`/DST/${dst.id}`, `/DST/${dst.id}/audit`, resource]) {
      expect([(await anna.call('GET', path)).status, (await bruno.call('GET', path)).status]).toEqual([404, 404]);
    }
    expect(sandbox.state.dst(dst.id).deletedAt).toBeDefined();
  });

  it('that is a draft is edited by its creator', async () => {
    const { anna } = sandbox;
    const draft = await sandbox.addDst({ publish: false });
    const body = { ...(await anna.dst(draft.id)), title: 'Lease 2', tags: ['home'], urgent: true, status: 'signed' };
    expect((await anna.call('PUT', `/DST/${draft.id}`, body)).json()).toMatchObject({
      title: 'Lease 2',
      tags: ['home'],
      urgent: true,
      status: 'draft',
    });
    expect((await anna.call('PUT', `/DST/${draft.id}`, body)).status).toBe(409);
  });

  it('has the vendor’s shapes: numbers of a form as strings, its ids as numbers, nothing null', async () => {
    const { anna } = sandbox;
    const id = anna.user.id;
    const form = { page: 1, positionX: 100, positionY: 58.14, width: 10.1, height: 5.66, signer: id };
    const dst = await sandbox.addDst(
      {},
      {
        forms: [
          { type: 'SignatureForm', ...form, request: 'only' },
          { type: 'SignatureForm', ...form },
        ],
        signatureRequests: [{ signer: id, key: 'only' }],
        signerGroups: [[id]],
      },
    );
    const shown = await anna.dst(dst.id);
    const [document] = shown.documents;
    expect(document?.forms).toMatchObject([
      { positionX: '100.00', positionY: '58.14', width: '10.10', height: '5.66', page: 1, filled: false },
      { signerId: document?.signerGroups[0]?.signers[0]?.id, extraData: {} },
    ]);
    expect(document?.forms[0]?.extraData).toEqual({ signatureRequestId: document?.signatureRequests[0]?.id });
    expect(shown.resources[0]).toMatchObject({ pages: 1, url: expect.stringContaining(sandbox.server.url) });
    expect(JSON.stringify(shown)).not.toContain('null');
  });

  it('is changed by one request at a time, a failed one leaving it as it was', async () => {
    const { id } = await sandbox.addDst();
    const { ledger } = sandbox.state;
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const seen: number[] = [];
    const tag = (wait: Promise<void>, fails: boolean) =>
      ledger.changeDst(id, async ({ dst }) => {
        seen.push(dst.tags.length);
        dst.tags.push('x');
        await wait;
        if (fails) throw new Error('no');
      });
    const changes = [tag(gate, false), tag(gate, true), tag(Promise.resolve(), false)];
    const settled = Promise.allSettled(changes);
    open();
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([seen, sandbox.state.dst(id).tags]).toEqual([
      [0, 1, 1],
      ['x', 'x'],
    ]);
  });

  it('seeded in any state goes by the same rules', async () => {
    const { state, anna, bruno } = sandbox;
    const dst = await addOrdered();
    const { documentId, requests } = idsOf(dst);
    const base = await state.currentBytes(dst.id, documentId);
    const sign = (userId: string, request: number, signed: Uint8Array) =>
      state.sign(dst.id, { userId, documentId, signatureRequestId: at(requests, request), signed });
    await expect(sign(bruno.user.id, 1, continued(base))).rejects.toMatchObject({ status: 403 });
    await expect(sign(anna.user.id, 0, base)).rejects.toMatchObject({ status: 400 });
    await sign(anna.user.id, 0, continued(base));
    const done = await sign(bruno.user.id, 1, continued(continued(base)));
    expect(done).toMatchObject({ status: 'signed', documents: [{ status: 'signed' }] });
    expect(done.documents[0]?.signedDocumentUuid).toBe(done.signatures[1]?.extraData.resourceId);
    expect(state.effects({ dstId: dst.id })).toEqual([]);
  });
});
