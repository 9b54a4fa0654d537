/** Drafts and templates as the cases need them, made by the client. */
import { PDFDocument } from 'pdf-lib';
import {
  createDst,
  publishDst,
  type WireDraft,
  type WirePlan,
} from '../../../../main/providers/signing-today/dst-workflow.ts';
import { type DstRecord, getDst, putDst } from '../../../../main/providers/signing-today/dsts.ts';
import { appendResource } from '../../../../main/providers/signing-today/resources.ts';
import type { User } from '../../../sandbox/signing-today/index.ts';
import type { Stage } from './operation-case.ts';

export async function samplePdf(pages = 1): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  for (let page = 0; page < pages; page += 1) pdf.addPage([400, 300]);
  return pdf.save();
}

export function filePart(bytes: Uint8Array, contentType = 'application/pdf') {
  return {
    contentType,
    sizeBytes: bytes.length,
    async *chunks() {
      yield bytes;
    },
  };
}

/** One signer's name in the plan, text and signature on page 1. Ids are the maker's own. */
export function planFor(signer: Partial<User> | { role: string }): WirePlan {
  const who = 'id' in signer ? { userUUID: signer.id as string } : { role: (signer as { role: string }).role };
  const label = 'id' in signer ? {} : { templateLabel: (signer as { role: string }).role };
  const place = { documentId: 1, page: 1, positionX: 10, width: 30, height: 6, signerId: 2, invisible: false };
  return {
    signerGroups: [{ signers: [{ id: 2, ...who, ...label }] }],
    signatureRequests: [
      {
        id: 3,
        reason: 'As the tenant',
        description: '',
        signerId: 2,
        signProfile: 'PAdES',
        withTimestamp: false,
        declinable: true,
        restrictions: [],
      },
    ],
    forms: [
      { ...place, id: 4, type: 'SignatureForm', positionY: 80, toFill: false, extraData: { signatureRequestId: 3 } },
    ],
  };
}

/** A draft of the instructor's with one file, whose plan asks `signer`. */
export async function draftFor(
  { instructor }: Stage,
  signer: Partial<User> | { role: string },
  more: WireDraft = {},
): Promise<DstRecord> {
  const { dst } = await createDst(instructor.core, { title: 'Lease', ...more });
  await appendResource(instructor.core, dst.id, { title: 'Lease', filename: 'lease.pdf' }, filePart(await samplePdf()));
  const { raw, dst: read } = await getDst(instructor.core, dst.id);
  const plainDocumentUuid = read.resources[0]?.id;
  return putDst(instructor.core, dst.id, { ...raw, documents: [{ id: 1, plainDocumentUuid, ...planFor(signer) }] });
}

export async function publishedTemplate(stage: Stage, more: WireDraft = {}): Promise<DstRecord> {
  const draft = await draftFor(stage, { role: 'tenant' }, { template: true, ...more });
  return publishDst(stage.instructor.core, draft.dst.id);
}
