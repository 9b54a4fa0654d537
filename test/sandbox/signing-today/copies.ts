/** New DSTs made from others: an instance of a template, a template of a template, a replacement of a rejected DST. */
import { newDraft } from './draft.ts';
import type { Ledger } from './ledger.ts';
import type { DstDocument, User } from './model.ts';
import type { DstRecord } from './records.ts';

/** The document as it was before anybody filled or signed it, with ids of its own. */
function freshDocument(ledger: Ledger, source: DstDocument, plainDocumentUuid: string): DstDocument {
  const ids = new Map<number, number>();
  const fresh = (id: number) => {
    const made = ledger.nextId();
    ids.set(id, made);
    return made;
  };
  const of = (id: number) => ids.get(id) ?? id;
  const id = ledger.nextId();
  const signerGroups = source.signerGroups.map(({ signers }) => ({
    signers: signers.map((signer) => ({ ...signer, id: fresh(signer.id) })),
  }));
  const signatureRequests = source.signatureRequests.map((request) => ({
    ...request,
    id: fresh(request.id),
    signerId: of(request.signerId),
  }));
  const forms = source.forms.map((form) => {
    const { value: _value, signatureRequestId, ...extra } = form.extraData;
    const request = typeof signatureRequestId === 'number' ? { signatureRequestId: of(signatureRequestId) } : {};
    return {
      ...form,
      id: fresh(form.id),
      documentId: id,
      signerId: of(form.signerId),
      filled: false,
      extraData: { ...extra, ...request },
    };
  });
  return { id, plainDocumentUuid, status: 'plain', forms, signatureRequests, signerGroups };
}

/**
 * A draft of the person's with the same title, tags, notices and sign plan, on copies of the plain files. What was filled, signed
 * or declined is not in it.
 */
export async function copyDst(ledger: Ledger, source: DstRecord, creator: User, at: number): Promise<DstRecord> {
  const { dst } = source;
  const copy = newDraft(ledger, creator, at);
  Object.assign(copy.dst, {
    title: dst.title,
    tags: [...dst.tags],
    urgent: dst.urgent,
    visibleTo: [...dst.visibleTo],
    ccGroups: [...dst.ccGroups],
    ccUsers: [...dst.ccUsers],
  });
  const plain = new Set(dst.documents.map(({ plainDocumentUuid }) => plainDocumentUuid));
  const made = new Set(
    dst.documents.flatMap((each) => [each.filledDocumentUuid, each.signedDocumentUuid]).filter(Boolean),
  );
  const signed = new Set(dst.signatures.map(({ extraData }) => extraData.resourceId));
  const copies = new Map<string, string>();
  for (const resource of dst.resources) {
    if (!plain.has(resource.id) && (made.has(resource.id) || signed.has(resource.id))) continue;
    const id = ledger.newUuid();
    copies.set(resource.id, id);
    const { uploadedBy: _by, ...content } = await ledger.contents.write(id, ledger.contents.stream(resource.id));
    copy.contents[id] = content;
    copy.dst.resources.push({ ...resource, id, dstUuid: copy.dst.id });
  }
  copy.dst.documents = dst.documents.map((document) =>
    freshDocument(ledger, document, copies.get(document.plainDocumentUuid) ?? document.plainDocumentUuid),
  );
  return copy;
}
