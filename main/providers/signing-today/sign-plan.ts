/**
 * A DST's sign plan, read: who signs what, whose turn it is, on which bytes. Groups sign in order, within a group in parallel; the
 * text forms of all groups come before the first signature.
 */
import { z } from 'zod';
import type { Dst, DstDocument, FillableForm, Signature, SignatureRequest, Signer } from './schemas.ts';

export type RequestState = 'not-yet' | 'ready' | 'signed' | 'declined';

const hex64 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/)
  .transform((hex) => hex.toLowerCase());

/** A SHA-256 noted in extraData, lower-case hex. */
export function notedHash(
  extraData: Readonly<Record<string, unknown>> | null | undefined,
  name: string,
): string | undefined {
  return hex64.safeParse(extraData?.[name]).data;
}

/** An id noted in extraData, which may be text or a number. */
export function notedId(
  extraData: Readonly<Record<string, unknown>> | null | undefined,
  name: string,
): string | undefined {
  const noted = extraData?.[name];
  if (typeof noted === 'number') return String(noted);
  return typeof noted === 'string' && noted !== '' ? noted : undefined;
}

export const isTextForm = (form: FillableForm): boolean => !/signature/i.test(form.type);

export const isUnfilled = (form: FillableForm): boolean => isTextForm(form) && form.toFill && !form.filled;

export const textOf = (form: FillableForm): string => {
  const value = form.extraData?.value;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};

export function signerOf(document: DstDocument, signerId: string | undefined): Signer | undefined {
  return document.signerGroups.flatMap((group) => group.signers).find((signer) => signer.id === signerId);
}

export function isSigner(document: DstDocument, signerId: string | undefined, userId: string): boolean {
  const uuid = signerOf(document, signerId)?.userUUID;
  return uuid !== undefined && uuid.toLowerCase() === userId.toLowerCase();
}

/** Index of a request's signer group; one past the last where the plan has no such signer. */
export function groupOf(document: DstDocument, request: SignatureRequest): number {
  const index = document.signerGroups.findIndex((group) => group.signers.some(({ id }) => id === request.signerId));
  return index === -1 ? document.signerGroups.length : index;
}

export const isDeclined = (signature: Signature): boolean =>
  signature.status === undefined ? Boolean(signature.declinedReason) : signature.status === 'declined';

/** What was made of a request: its signature or decline. */
export function signatureOf(dst: Dst, document: DstDocument, requestId: string): Signature | undefined {
  return dst.signatures.findLast((each) => each.documentId === document.id && each.signatureRequestId === requestId);
}

function isSigned(dst: Dst, document: DstDocument, request: SignatureRequest): boolean {
  const made = signatureOf(dst, document, request.id);
  return made !== undefined && !isDeclined(made);
}

/** Everyone of the groups before has signed. */
export function isTurn(dst: Dst, document: DstDocument, request: SignatureRequest): boolean {
  const group = groupOf(document, request);
  return document.signatureRequests.every(
    (other) => groupOf(document, other) >= group || isSigned(dst, document, other),
  );
}

/** True when a signature for `request` would be the document's last. */
export function isLast(dst: Dst, document: DstDocument, request: SignatureRequest): boolean {
  return document.signatureRequests.every((other) => other.id === request.id || isSigned(dst, document, other));
}

/**
 * A request's state for `userId`. While the DST waits for text, a request whose turn has come is ready only where all that is
 * missing is the person's own to fill: then it can be filled and signed in one go.
 */
export function stateOf(dst: Dst, document: DstDocument, request: SignatureRequest, userId: string): RequestState {
  const made = signatureOf(dst, document, request.id);
  if (made) return isDeclined(made) ? 'declined' : 'signed';
  const open = dst.status === 'toSign' || (dst.status === 'toFill' && allMissingIsMine(dst, userId));
  return open && isTurn(dst, document, request) ? 'ready' : 'not-yet';
}

function allMissingIsMine(dst: Dst, userId: string): boolean {
  return dst.documents.every((document) =>
    document.forms.every((form) => !isUnfilled(form) || isSigner(document, form.signerId, userId)),
  );
}

/**
 * The document's latest signature: the one no other was made on, by the hashes they note; else the last in the server's order.
 * (Their times are the signers' own clocks.)
 */
export function latestSignature(dst: Dst, document: DstDocument): Signature | undefined {
  const made = dst.signatures.filter((each) => each.documentId === document.id && !isDeclined(each));
  const noted = made.filter((each) => notedId(each.extraData, 'resourceId') !== undefined);
  const bases = new Set(noted.map((each) => notedHash(each.extraData, 'baseSha256')));
  const tips = noted.filter((each) => {
    const hash = notedHash(each.extraData, 'sha256');
    return hash !== undefined && !bases.has(hash);
  });
  return tips.length === 1 ? tips[0] : (noted.at(-1) ?? made.at(-1));
}

/** What to show and sign on: the latest signature's resource, else the signed, the filled, the plain document. */
export function currentResourceId(dst: Dst, document: DstDocument): string | undefined {
  const latest = latestSignature(dst, document);
  return (
    notedId(latest?.extraData, 'resourceId') ??
    (latest ? document.signedDocumentUuid : undefined) ??
    document.filledDocumentUuid ??
    document.plainDocumentUuid
  );
}
