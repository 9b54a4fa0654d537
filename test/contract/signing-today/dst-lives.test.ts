/** Whole lives of a DST, made, worked on and ended through the client. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createDst,
  instantiateDst,
  modifyDst,
  notifyDst,
  publishDst,
  replaceDst,
} from '../../../main/providers/signing-today/dst-workflow.ts';
import {
  allDsts,
  type DstRecord,
  deleteDst,
  fillForm,
  getAudit,
  getDst,
  putDst,
} from '../../../main/providers/signing-today/dsts.ts';
import { toArray } from '../../../main/providers/signing-today/list-items.ts';
import { addNote, deleteNote, editNote } from '../../../main/providers/signing-today/notes.ts';
import { appendResource } from '../../../main/providers/signing-today/resources.ts';
import { createDstByRobot } from '../../../main/providers/signing-today/robots.ts';
import { sampleMessage } from '../sample-message.ts';
import { openStage, type Person, type Stage } from './operations/operation-case.ts';
import { draftFor, filePart, planFor, publishedTemplate, samplePdf } from './operations/plans.ts';
import { first, sha256 } from './world.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const read = (person: Person, id: string) => getDst(person.core, id);

/** Uploads what continues the document's current bytes and hands it in for the person's request. */
async function sign(person: Person, id: string, file = 'signed.pdf'): Promise<DstRecord> {
  const document = first(stage.state.dst(id).documents);
  const base = await stage.state.currentBytes(id, document.id);
  const made = stage.state.dst(id).signatures.length;
  const signed = file.endsWith('.p7m')
    ? sampleMessage(await stage.state.resourceBytes(document.plainDocumentUuid), ['first', 'second'].slice(0, made + 1))
    : Buffer.concat([base, Buffer.from(`% ${person.user.id}\n`)]);
  const after = await appendResource(person.core, id, { title: file, filename: file }, filePart(signed));
  const resourceId = after.resources.at(-1)?.id;
  const { raw } = await read(person, id);
  const signerIds = document.signerGroups
    .flatMap(({ signers }) => signers)
    .filter(({ userUUID }) => userUUID === person.user.id)
    .map((signer) => signer.id);
  const request = document.signatureRequests.find(({ signerId }) => signerIds.includes(signerId));
  const before = stage.state.dst(id).signatures;
  const isLast = before.length + 1 === document.signatureRequests.length;
  const entry = {
    documentId: document.id,
    signatureRequestId: request?.id,
    signedAt: '2026-01-15T10:00:00Z',
    status: 'signed',
    extraData: { resourceId, sha256: sha256(signed), baseSha256: sha256(base) },
  };
  const documents = (raw.documents as object[]).map((each) =>
    isLast ? { ...each, signedDocumentUuid: resourceId } : each,
  );
  return putDst(person.core, id, { ...raw, documents, signatures: [...before, entry] });
}

async function decline(person: Person, id: string, declinedReason = 'Wrong price'): Promise<DstRecord> {
  const { raw } = await read(person, id);
  const document = first(stage.state.dst(id).documents);
  const entry = {
    documentId: document.id,
    signatureRequestId: first(document.signatureRequests).id,
    signedAt: '2026-01-15T10:00:00Z',
    status: 'declined',
    declinedReason,
  };
  return putDst(person.core, id, { ...raw, signatures: [entry] });
}

async function fill(person: Person, id: string, value: string): Promise<DstRecord> {
  const document = first(stage.state.dst(id).documents);
  const form = document.forms.find(({ type, filled }) => type === 'TextForm' && !filled);
  return fillForm(person.core, id, { ...form, extraData: { ...form?.extraData, value } });
}

/** A draft that asks the signer, then the other one, for a signature; with a text of the first one's before, where wanted. */
async function twoGroups(text: boolean, profile: 'PAdES' | 'CAdES' = 'PAdES'): Promise<string> {
  const { instructor, signer, other } = stage;
  const { dst } = await createDst(instructor.core, { title: 'Sale of flat 7' });
  await appendResource(instructor.core, dst.id, { title: 'Sale', filename: 'sale.pdf' }, filePart(await samplePdf()));
  const { raw, dst: now } = await read(instructor, dst.id);
  const request = {
    reason: '',
    description: '',
    signProfile: profile,
    withTimestamp: false,
    declinable: true,
    restrictions: [],
  };
  const place = { documentId: 1, page: 1, width: 30, height: 6, positionX: 10, invisible: false };
  const document = {
    id: 1,
    plainDocumentUuid: first(now.resources).id,
    signerGroups: [
      { signers: [{ id: 2, userUUID: signer.user.id }] },
      { signers: [{ id: 3, email: other.user.email }] },
    ],
    signatureRequests: [
      { ...request, id: 4, signerId: 2 },
      { ...request, id: 5, signerId: 3 },
    ],
    forms: text
      ? [{ ...place, id: 6, type: 'TextForm', positionY: 20, signerId: 2, toFill: true, extraData: { label: 'City' } }]
      : [],
  };
  await putDst(instructor.core, dst.id, { ...raw, documents: [document] });
  return dst.id;
}

const eventsOf = async (id: string) => (await getAudit(stage.instructor.core, id)).map(({ event }) => event);

describe('a DST', () => {
  it('lives from draft over toFill and toSign to signed, group after group, its text rendered before', async () => {
    const { instructor, signer, other } = stage;
    const id = await twoGroups(true);
    expect((await read(instructor, id)).dst.status).toBe('draft');
    expect((await publishDst(instructor.core, id)).dst.status).toBe('toFill');
    await expect(sign(signer, id)).rejects.toMatchObject({ status: 409 });
    const filled = (await fill(signer, id, 'Rome')).dst;
    expect(filled).toMatchObject({ status: 'toSign', documents: [{ status: 'filled' }] });
    const rendered = await stage.state.resourceBytes(first(filled.documents).filledDocumentUuid ?? '');
    expect(Buffer.from(rendered).toString('latin1', 0, 5)).toBe('%PDF-');
    await expect(sign(other, id)).rejects.toMatchObject({ status: 403 });
    expect((await sign(signer, id)).dst.status).toBe('toSign');
    const done = (await sign(other, id)).dst;
    expect(done).toMatchObject({ status: 'signed', documents: [{ status: 'signed' }] });
    expect(first(done.documents).signedDocumentUuid).toBeDefined();
    expect(await eventsOf(id)).toEqual([
      'event_published',
      'stage_to_fill',
      'event_form_fill',
      'stage_to_sign',
      'event_signature',
      'event_signature',
      'stage_signed',
    ]);
  });

  it('is rejected by a decline, replaced, and signed in its new form', async () => {
    const { instructor, signer, other } = stage;
    const id = await twoGroups(false);
    await publishDst(instructor.core, id);
    expect((await decline(signer, id)).dst.status).toBe('rejected');
    await expect(sign(other, id)).rejects.toMatchObject({ status: 409 });
    const next = (await replaceDst(instructor.core, id)).dst.id;
    await publishDst(instructor.core, next);
    await sign(signer, next);
    expect((await sign(other, next)).dst).toMatchObject({ status: 'signed', replaces: id });
    expect((await read(signer, id)).dst.replacedBy).toBe(next);
    expect(await eventsOf(id)).toEqual([
      'event_published',
      'stage_to_sign',
      'event_rejection',
      'stage_rejected',
      'event_replacement',
    ]);
  });

  it('expires by the clock: nothing is filled, signed or declined any more', async () => {
    const { instructor, signer } = stage;
    const id = await twoGroups(true);
    const { raw } = await read(instructor, id);
    await putDst(instructor.core, id, { ...raw, expiresAt: '2026-01-16T00:00:00Z' });
    await publishDst(instructor.core, id);
    stage.advance(24 * 3600 * 1000);
    const late = await stage.signIn('ines');
    const signerLate = { ...signer, core: await stage.signIn('sara') };
    expect((await getDst(late, id)).dst.status).toBe('expired');
    await expect(fill(signerLate, id, 'Rome')).rejects.toMatchObject({ status: 409 });
    await expect(decline(signerLate, id)).rejects.toMatchObject({ status: 409 });
    expect((await getAudit(late, id)).at(-1)?.event).toBe('stage_expired');
  });

  it('taken back to be changed starts anew, unless somebody has signed', async () => {
    const { instructor, signer } = stage;
    const id = await twoGroups(true);
    await publishDst(instructor.core, id);
    await fill(signer, id, 'Rome');
    const back = (await modifyDst(instructor.core, id)).dst;
    expect(back).toMatchObject({ status: 'draft', documents: [{ status: 'plain', forms: [{ filled: false }] }] });
    await expect(read(signer, id)).rejects.toMatchObject({ code: 'not-found' });
    await publishDst(instructor.core, id);
    await fill(signer, id, 'Milan');
    await sign(signer, id);
    await expect(modifyDst(instructor.core, id)).rejects.toMatchObject({ status: 409 });
  });

  it('of CAdES is signed by .p7m files', async () => {
    const { instructor, signer, other } = stage;
    const id = await twoGroups(false, 'CAdES');
    await publishDst(instructor.core, id);
    await expect(sign(signer, id, 'signed.pdf')).rejects.toMatchObject({ status: 400 });
    await sign(signer, id, 'sale.pdf.p7m');
    expect((await sign(other, id, 'sale.pdf.p7m')).dst.status).toBe('signed');
  });

  it('refuses a stale PUT, and a signed file that does not continue the current bytes', async () => {
    const { instructor, signer } = stage;
    const id = await twoGroups(false);
    await publishDst(instructor.core, id);
    const { raw } = await read(signer, id);
    await addNote(instructor.core, id, 'Please hurry');
    await expect(putDst(signer.core, id, raw)).rejects.toMatchObject({ code: 'stale', status: 409 });
    const foreign = await appendResource(
      signer.core,
      id,
      { title: 's', filename: 's.pdf' },
      filePart(await samplePdf(2)),
    );
    const document = first(stage.state.dst(id).documents);
    const base = await stage.state.currentBytes(id, document.id);
    const bytes = await stage.state.resourceBytes(foreign.resources.at(-1)?.id ?? '');
    const entry = {
      documentId: document.id,
      signatureRequestId: first(document.signatureRequests).id,
      signedAt: '2026-01-15T10:00:00Z',
      status: 'signed',
      extraData: { resourceId: foreign.resources.at(-1)?.id, sha256: sha256(bytes), baseSha256: sha256(base) },
    };
    const again = await read(signer, id);
    await expect(putDst(signer.core, id, { ...again.raw, signatures: [entry] })).rejects.toMatchObject({
      status: 400,
      serverMessage: 'The file does not continue the current one',
    });
  });

  it('in error says why, and is neither signed nor published', async () => {
    const { instructor } = stage;
    const resource = { filename: 'x.pdf', title: 'x', source: { url: 'http://127.0.0.1:9/none.pdf' } };
    const plan = planFor(stage.signer.user);
    const { dst } = await createDstByRobot(instructor.core, {
      title: 'x',
      status: 'draft',
      documents: [{ ...plan, resource }],
    });
    expect(dst.status).toBe('downloadingInDraft');
    await expect(publishDst(instructor.core, dst.id)).rejects.toMatchObject({ status: 409 });
    await stage.state.ledger.settled();
    expect((await read(instructor, dst.id)).dst).toMatchObject({
      status: 'error',
      errorMessage: expect.stringContaining('x.pdf'),
    });
    await expect(publishDst(instructor.core, dst.id)).rejects.toMatchObject({ status: 409 });
  });

  it('that is deleted is gone for everybody, in any state', async () => {
    const { instructor, signer } = stage;
    const draft = (await draftFor(stage, signer.user)).dst.id;
    const live = await twoGroups(false);
    await publishDst(instructor.core, live);
    for (const id of [draft, live]) {
      await deleteDst(instructor.core, id);
      await expect(read(instructor, id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(read(signer, id)).rejects.toMatchObject({ code: 'not-found' });
      expect(stage.state.dst(id).deletedAt).toBeDefined();
    }
    expect(await toArray(allDsts(instructor.core))).toEqual([]);
  });

  it('made from a public template by somebody else is theirs; the template stays as it is', async () => {
    const { admin, instructor, signer } = stage;
    const template = (await publishedTemplate(stage, { publicTemplate: true })).dst;
    const { dst, raw } = await instantiateDst(admin.core, template.id);
    expect(dst.createdByUser).toBe(admin.user.id);
    const documents = (raw.documents as { signerGroups: { signers: object[] }[] }[]).map((document) => ({
      ...document,
      signerGroups: document.signerGroups.map((group) => ({
        signers: group.signers.map((each) => ({ ...each, userUUID: signer.user.id })),
      })),
    }));
    await putDst(admin.core, dst.id, { ...raw, documents });
    expect((await publishDst(admin.core, dst.id)).dst.status).toBe('toSign');
    expect((await sign(signer, dst.id)).dst.status).toBe('signed');
    expect((await read(instructor, template.id)).dst).toMatchObject({ status: 'published', signatures: [] });
  });

  it('writes an audit record of every kind of event', async () => {
    const { instructor, signer, other } = stage;
    const seen = new Set<string>();
    const id = await twoGroups(true);
    const { raw } = await read(instructor, id);
    await putDst(instructor.core, id, { ...raw, extraData: { st_alfresco: true } });
    await publishDst(instructor.core, id);
    await notifyDst(instructor.core, id);
    const note = await addNote(signer.core, id, 'Who pays?');
    await editNote(signer.core, id, note.id, 'Who pays the notary?');
    await deleteNote(signer.core, id, note.id);
    await fill(signer, id, 'Rome');
    await sign(signer, id);
    await sign(other, id);
    for (const event of await eventsOf(id)) seen.add(event);
    const rejected = await twoGroups(false);
    await publishDst(instructor.core, rejected);
    await decline(signer, rejected);
    await replaceDst(instructor.core, rejected);
    for (const event of await eventsOf(rejected)) seen.add(event);
    const expiring = await twoGroups(false);
    const draft = await read(instructor, expiring);
    await putDst(instructor.core, expiring, { ...draft.raw, expiresAt: '2026-01-15T09:30:00Z' });
    await publishDst(instructor.core, expiring);
    stage.advance(40 * 60 * 1000);
    for (const event of await eventsOf(expiring)) seen.add(event);
    expect([...seen].sort()).toEqual(
      [
        'event_published',
        'event_form_fill',
        'event_signature',
        'event_rejection',
        'event_replacement',
        'event_note_add',
        'event_note_modify',
        'event_note_delete',
        'event_solicitation',
        'stage_to_fill',
        'stage_to_sign',
        'stage_expired',
        'stage_signed',
        'stage_rejected',
        'event_upload_alfresco',
      ].sort(),
    );
  });
});
