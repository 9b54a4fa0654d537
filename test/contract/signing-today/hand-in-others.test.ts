import { PDFDocument } from 'pdf-lib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dst, SeedForm } from '../../sandbox/signing-today/index.ts';
import { deliver, first, meanwhile, openWorld, type Row, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('declining', () => {
  function declineRow(dst: Dst, reason = 'The price is wrong'): Row {
    const document = first(dst.documents);
    return {
      change: {
        kind: 'decline',
        key: 'key',
        remoteId: dst.id,
        documentId: String(document.id),
        signatureRequestId: String(first(document.signatureRequests).id),
        declinedAt: Date.UTC(2024, 0, 1, 12),
        reason,
      },
      memo: undefined,
    };
  }
  const declines = () => world.state.effects({ kind: 'decline' }).length;

  it('is handed in with its reason', async () => {
    const dst = await world.addDst({});
    expect(await deliver(world.session, declineRow(dst))).toMatchObject({
      kind: 'applied',
      remoteTransaction: { transaction: { status: 'declined' } },
    });
    expect(world.state.dst(dst.id)).toMatchObject({
      status: 'rejected',
      signatures: [{ status: 'declined', declinedReason: 'The price is wrong', signedAt: '2024-01-01T12:00:00.000Z' }],
    });
    const { transaction } = await world.session.transaction(dst.id);
    expect(transaction.documents[0]?.signatureRequests[0]).toMatchObject({
      state: 'declined',
      declinedReason: 'The price is wrong',
    });
  });

  it.each(['drop-response', 'half-json'] as const)(
    'whose answer is lost (%s) is found by reading, and made once',
    async (kind) => {
      const dst = await world.addDst({});
      world.server.misbehave({ kind, method: 'PUT' });
      await expect(deliver(world.session, declineRow(dst))).rejects.toMatchObject({ outcomeUnknown: true });
      expect((await deliver(world.session, declineRow(dst))).kind).toBe('applied');
      expect(declines()).toBe(1);
    },
  );

  it('is not permitted where the request is not declinable, or texts are still to be filled', async () => {
    const firm = await world.addDst({ signatureRequests: [{ signer: world.ada.id, declinable: false }] });
    expect(await deliver(world.session, declineRow(firm))).toEqual({ kind: 'conflict', code: 'not-permitted' });
    const form = {
      type: 'TextForm',
      page: 1,
      positionX: 1,
      positionY: 1,
      width: 9,
      height: 9,
      signer: world.ada.id,
    } as const;
    const unfilled = await world.addDst({ forms: [form] });
    expect(await deliver(world.session, declineRow(unfilled))).toEqual({ kind: 'conflict', code: 'not-permitted' });
    expect(declines()).toBe(0);
  });

  it('comes too late where I signed, or it expired meanwhile', async () => {
    const dst = await world.addDst({});
    const document = first(dst.documents);
    const base = await world.state.currentBytes(dst.id, document.id);
    await world.state.sign(dst.id, {
      userId: world.ada.id,
      documentId: document.id,
      signatureRequestId: first(document.signatureRequests).id,
      signed: Buffer.concat([base, Buffer.from('more')]),
    });
    expect(await deliver(world.session, declineRow(dst))).toEqual({ kind: 'conflict', code: 'signed-elsewhere' });
    const expiring = await world.addDst({}, { expiresAt: Date.UTC(2024, 0, 1, 0, 0, 1) });
    world.advance(5000);
    expect(await deliver(world.session, declineRow(expiring))).toEqual({ kind: 'conflict', code: 'expired' });
  });

  it('meets a change meanwhile as stale, then goes through', async () => {
    const dst = await world.addDst({});
    const http = meanwhile(
      world.http,
      (method) => method === 'PUT',
      () => world.state.addNote(dst.id, { userId: world.carla.id, text: 'x' }),
    );
    await expect(deliver(world.reopen(http), declineRow(dst))).rejects.toMatchObject({ code: 'stale' });
    expect((await deliver(world.session, declineRow(dst))).kind).toBe('applied');
  });
});

describe('filling', () => {
  const place = { type: 'TextForm', page: 1, positionX: 10, width: 40, height: 5 } as const;
  const form = (signer: string, positionY: number): SeedForm => ({
    ...place,
    signer,
    positionY,
    label: `at ${positionY}`,
  });

  async function addUnfilled(signers: readonly string[] = [world.ada.id, world.ada.id]): Promise<Dst> {
    const pdf = await PDFDocument.create();
    pdf.addPage([300, 400]);
    return world.addDst({
      pdf: await pdf.save(),
      forms: signers.map((signer, i) => form(signer, 10 + 10 * i)),
      signatureRequests: [{ signer: world.ada.id }],
      signerGroups: [[...new Set([world.ada.id, ...signers])]],
    });
  }

  function fillRow(dst: Dst, values: readonly string[]): Row {
    const document = first(dst.documents);
    return {
      change: {
        kind: 'fill',
        key: 'key',
        remoteId: dst.id,
        values: values.map((value, i) => ({
          documentId: String(document.id),
          formId: String(document.forms[i]?.id),
          value,
        })),
      },
      memo: undefined,
    };
  }
  const fills = () => world.state.effects({ kind: 'fill' }).length;

  it('hands in each text; with the last one there is a filled document to sign', async () => {
    const dst = await addUnfilled();
    expect((await world.session.transaction(dst.id)).transaction.status).toBe('to-fill');
    const observed = await deliver(world.session, fillRow(dst, ['Ada', 'Line 1\nLine 2 – ü']));
    expect(observed).toMatchObject({ kind: 'applied', remoteTransaction: { transaction: { status: 'to-sign' } } });
    const [document] = (await world.session.transaction(dst.id)).transaction.documents;
    expect(document?.status).toBe('filled');
    expect(document?.currentResourceId).toBe(first(world.state.dst(dst.id).documents).filledDocumentUuid);
    expect(document?.forms.map(({ value, filled, label }) => [value, filled, label])).toEqual([
      ['Ada', true, 'at 10'],
      ['Line 1\nLine 2 – ü', true, 'at 20'],
    ]);
  });

  it('that broke off half way goes on with what is missing', async () => {
    const dst = await addUnfilled();
    const row = fillRow(dst, ['one', 'two']);
    world.server.misbehave({ kind: 'drop-response', method: 'PATCH' });
    await expect(deliver(world.session, row)).rejects.toMatchObject({ outcomeUnknown: true });
    expect(fills()).toBe(1);
    expect((await deliver(world.reopen(), row)).kind).toBe('applied');
    expect(fills()).toBe(2);
  });

  it('whose last answer is lost is found by reading', async () => {
    const dst = await addUnfilled([world.ada.id]);
    world.server.misbehave({ kind: 'half-json', method: 'PATCH' });
    await expect(deliver(world.session, fillRow(dst, ['one']))).rejects.toMatchObject({ outcomeUnknown: true });
    expect((await deliver(world.session, fillRow(dst, ['one']))).kind).toBe('applied');
    expect(fills()).toBe(1);
  });

  it('that I did elsewhere, with another text, is a conflict', async () => {
    const dst = await addUnfilled();
    const document = first(dst.documents);
    await world.state.fill(dst.id, {
      userId: world.ada.id,
      documentId: document.id,
      formId: first(document.forms).id,
      value: 'other',
    });
    expect(await deliver(world.session, fillRow(dst, ['one']))).toEqual({
      kind: 'conflict',
      code: 'document-moved-on',
    });
    expect((await deliver(world.session, fillRow(dst, ['other']))).kind).toBe('applied');
    expect(fills()).toBe(0);
  });

  it('of a form that is another’s, or none, is not permitted', async () => {
    const dst = await addUnfilled([world.bob.id]);
    expect(await deliver(world.session, fillRow(dst, ['one']))).toEqual({ kind: 'conflict', code: 'not-permitted' });
    expect(await deliver(world.session, fillRow(dst, ['one', 'two']))).toEqual({
      kind: 'conflict',
      code: 'not-permitted',
    });
  });
});

describe('a note', () => {
  const noteRow = (dst: Dst, text: string): Row => ({
    change: { kind: 'note-added', key: text, remoteId: dst.id, text },
    memo: undefined,
  });
  const texts = (dst: Dst) => world.state.notes(dst.id).map(({ text }) => text);

  it('is added, and comes back with its id', async () => {
    const dst = await world.addDst({});
    const observed = await deliver(world.session, noteRow(dst, 'Please change page 3.\nThanks'));
    const [note] = world.state.notes(dst.id);
    expect(observed).toMatchObject({
      kind: 'applied',
      note: { id: String(note?.id), mine: true, text: 'Please change page 3.\nThanks', unsent: false },
    });
  });

  it('twice the same stays two', async () => {
    const dst = await world.addDst({});
    for (const _ of [1, 2]) expect((await deliver(world.session, noteRow(dst, 'Ping'))).kind).toBe('applied');
    expect(texts(dst)).toEqual(['Ping', 'Ping']);
  });

  it.each([
    ['drop-response', 'after it was made'],
    ['half-json', 'in half'],
    ['cut-body', 'cut off'],
    ['refuse', 'before it was made'],
    ['html', 'as a portal’s page'],
  ] as const)(
    'whose answer is lost (%s, %s) is there once, an equal older one notwithstanding',
    async (kind, _when) => {
      const dst = await world.addDst({});
      await deliver(world.session, noteRow(dst, 'Ping'));
      const row = noteRow(dst, 'Ping');
      world.server.misbehave({ kind, method: 'POST' });
      await expect(deliver(world.session, row)).rejects.toMatchObject({ outcomeUnknown: true });
      expect((await deliver(world.reopen(), row)).kind).toBe('applied');
      expect(texts(dst)).toEqual(['Ping', 'Ping']);
    },
  );

  it('of somebody else with the same text is not taken for mine', async () => {
    const dst = await world.addDst({});
    const row = noteRow(dst, 'Ping');
    const http = meanwhile(
      world.http,
      (method) => method === 'POST',
      () => world.state.addNote(dst.id, { userId: world.carla.id, text: 'Ping' }),
    );
    expect((await deliver(world.reopen(http), row)).kind).toBe('applied');
    expect(world.state.notes(dst.id).map(({ userId }) => userId)).toEqual([world.carla.id, world.ada.id]);
  });

  it('to a DST that is gone is a conflict', async () => {
    const dst = await world.addDst({});
    const gone = { ...dst, id: '00000000-0000-4000-8000-000000000000' };
    expect(await deliver(world.session, noteRow(gone, 'x'))).toEqual({ kind: 'conflict', code: 'deleted' });
  });
});
