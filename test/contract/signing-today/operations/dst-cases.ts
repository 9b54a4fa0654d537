/** Contract tests of the DST operations: one for each, by operationId. */
import { PDFDocument } from 'pdf-lib';
import { expect } from 'vitest';
import {
  deleteDst,
  fillForm,
  getAudit,
  getDst,
  listDsts,
  putDst,
} from '../../../../main/providers/signing-today/dsts.ts';
import type { OperationCase, Stage } from './operation-case.ts';

async function samplePdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.addPage([400, 300]);
  return pdf.save();
}

/** A DST that asks the signer for one signature, and, where wanted, a text first. */
export async function publishedDst({ state, signer, instructor }: Stage, forms: 'text' | 'none' = 'none') {
  const place = { page: 1, positionX: 10, positionY: 10, width: 30, height: 5 };
  const text = { ...place, type: 'TextForm', signer: signer.user.id } as const;
  return state.addDst({
    title: 'Lease',
    createdBy: instructor.user.id,
    documents: [
      {
        title: 'lease',
        pdf: await samplePdf(),
        forms: forms === 'text' ? [text] : [],
        signatureRequests: [{ signer: signer.user.id, declinable: true }],
        signerGroups: [[signer.user.id]],
      },
    ],
  });
}

export const dstCases: Readonly<Record<string, OperationCase>> = {
  async dSTsGET(stage) {
    const dst = await publishedDst(stage);
    const { count, values } = await listDsts(stage.signer.core, { top: 10, count: true });
    expect(count).toBe(1);
    expect(values).toMatchObject([{ id: dst.id, title: 'Lease' }]);
  },
  async dSTIdGET(stage) {
    const { id } = await publishedDst(stage);
    const record = await getDst(stage.signer.core, id);
    expect(record.dst).toMatchObject({ id, status: 'toSign', title: 'Lease' });
  },
  async dSTIdPUT(stage) {
    const { id } = await publishedDst(stage);
    const { raw } = await getDst(stage.signer.core, id);
    const [document] = stage.state.dst(id).documents;
    const request = document?.signatureRequests[0];
    const entry = {
      documentId: document?.id,
      signatureRequestId: request?.id,
      signedAt: '2026-01-15T09:00:00Z',
      status: 'declined',
      declinedReason: 'Wrong date',
    };
    const after = await putDst(stage.signer.core, id, { ...raw, signatures: [entry] });
    expect(after.dst.status).toBe('rejected');
    await expect(putDst(stage.signer.core, id, raw)).rejects.toMatchObject({ code: 'stale', status: 409 });
  },
  async dSTIdFillPATCH(stage) {
    const { id, documents } = await publishedDst(stage, 'text');
    const [form] = documents[0]?.forms ?? [];
    const filled = { ...form, extraData: { ...form?.extraData, value: 'Rome' } };
    const { dst } = await fillForm(stage.signer.core, id, filled);
    expect(dst.documents[0]?.forms[0]).toMatchObject({ filled: true, extraData: { value: 'Rome' } });
  },
  async dSTIdDELETE(stage) {
    const { id } = await publishedDst(stage);
    await expect(deleteDst(stage.signer.core, id)).rejects.toMatchObject({ status: 403 });
    await deleteDst(stage.instructor.core, id);
    expect(stage.state.dst(id).deletedAt).toBeDefined();
    await expect(getDst(stage.signer.core, id)).rejects.toMatchObject({ code: 'not-found' });
  },
  async dSTIdAuditGET(stage) {
    const { id } = await publishedDst(stage);
    const records = await getAudit(stage.signer.core, id);
    expect(records.map(({ event }) => event)).toEqual(['event_published', 'stage_to_sign']);
    expect(records[0]).toMatchObject({ at: stage.clock.now(), signer: { name: 'Ines' }, dstId: id });
  },
};
