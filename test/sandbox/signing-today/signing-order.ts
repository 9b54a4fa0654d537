/** Who may do what now: signer groups sign in order, within a group in parallel, text forms of all groups come first. Pure. */
import type { Dst, DstDocument, FillableForm, Signature, SignatureRequest, Signer } from './model.ts';

export function signersOf(document: DstDocument): Signer[] {
  return document.signerGroups.flatMap((group) => group.signers);
}

export function signerOf(document: DstDocument, signerId: number): Signer | undefined {
  return signersOf(document).find((signer) => signer.id === signerId);
}

export function signatureFor(dst: Dst, documentId: number, requestId: number): Signature | undefined {
  return dst.signatures.find((each) => each.documentId === documentId && each.signatureRequestId === requestId);
}

export function isSigned(dst: Dst, document: DstDocument, request: SignatureRequest): boolean {
  return signatureFor(dst, document.id, request.id)?.status === 'signed';
}

/** True when every request of the groups before its signer's is signed. */
export function isTurn(dst: Dst, document: DstDocument, request: SignatureRequest): boolean {
  const group = document.signerGroups.findIndex((each) => each.signers.some(({ id }) => id === request.signerId));
  const earlier = new Set(
    document.signerGroups.slice(0, Math.max(group, 0)).flatMap((each) => each.signers.map(({ id }) => id)),
  );
  return document.signatureRequests.every((each) => !earlier.has(each.signerId) || isSigned(dst, document, each));
}

/** The text forms a document still waits for. */
export function unfilledForms(document: DstDocument): FillableForm[] {
  return document.forms.filter((form) => form.type === 'TextForm' && form.toFill && !form.filled);
}

/** The resource a signature is to be made on: the latest signature's, else the filled document, else the plain one. */
export function currentResourceId(dst: Dst, document: DstDocument): string {
  const latest = dst.signatures.findLast((each) => each.documentId === document.id && each.status === 'signed');
  const signed = latest?.extraData.resourceId;
  return typeof signed === 'string' ? signed : (document.filledDocumentUuid ?? document.plainDocumentUuid);
}
