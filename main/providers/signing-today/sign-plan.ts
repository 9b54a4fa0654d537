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

/**
 * What is looked up again and again is found out once for each record: a plan may have ten thousand signers, requests and forms, and each
 * of them asks for the others. Records are never changed once they are read.
 */
function once<K extends object, V>(make: (of: K) => V): (of: K) => V {
  const made = new WeakMap<K, V>();
  return (of) => {
    const known = made.get(of) ?? make(of);
    made.set(of, known);
    return known;
  };
}

/** Signers by id, each with the first group that has one of that id. */
const signersOf = once((document: DstDocument) => {
  const found = new Map<string | undefined, { readonly signer: Signer; readonly group: number }>();
  document.signerGroups.forEach(({ signers }, group) => {
    for (const signer of signers) if (!found.has(signer.id)) found.set(signer.id, { signer, group });
  });
  return found;
});

export function signerOf(document: DstDocument, signerId: string | undefined): Signer | undefined {
  return signersOf(document).get(signerId)?.signer;
}

export function isSigner(document: DstDocument, signerId: string | undefined, userId: string): boolean {
  const uuid = signerOf(document, signerId)?.userUUID;
  return uuid !== undefined && uuid.toLowerCase() === userId.toLowerCase();
}

/** Index of a request's signer group; one past the last where the plan has no such signer. */
export function groupOf(document: DstDocument, request: SignatureRequest): number {
  return signersOf(document).get(request.signerId)?.group ?? document.signerGroups.length;
}

export const isDeclined = (signature: Signature): boolean =>
  signature.status === undefined ? Boolean(signature.declinedReason) : signature.status === 'declined';

const placeOf = (documentId: string | undefined, requestId: string | undefined) =>
  JSON.stringify([documentId, requestId]);

/** The last one made at each place. */
const signaturesByPlace = once(
  (dst: Dst) => new Map(dst.signatures.map((each) => [placeOf(each.documentId, each.signatureRequestId), each])),
);

/** What was made of a request: its signature or decline. */
export function signatureOf(dst: Dst, document: DstDocument, requestId: string): Signature | undefined {
  return signaturesByPlace(dst).get(placeOf(document.id, requestId));
}

function isSigned(dst: Dst, document: DstDocument, request: SignatureRequest): boolean {
  const made = signatureOf(dst, document, request.id);
  return made !== undefined && !isDeclined(made);
}

/** Of each document the first group that somebody has yet to sign in; infinite where all have. */
const openGroups = once(
  (dst: Dst) =>
    new Map(
      dst.documents.map((document) => {
        const open = document.signatureRequests.filter((request) => !isSigned(dst, document, request));
        const first = open.reduce(
          (least, request) => Math.min(least, groupOf(document, request)),
          Number.POSITIVE_INFINITY,
        );
        return [document, first];
      }),
    ),
);

/** Everyone of the groups before has signed. */
export function isTurn(dst: Dst, document: DstDocument, request: SignatureRequest): boolean {
  return groupOf(document, request) <= (openGroups(dst).get(document) ?? Number.POSITIVE_INFINITY);
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

/** Whose text is missing: users' ids as `isSigner` compares them; undefined stands for nobody that is known. */
const missingOf = once((dst: Dst) => {
  const unfilled = dst.documents.flatMap((document) =>
    document.forms.filter(isUnfilled).map(({ signerId }) => signerOf(document, signerId)?.userUUID?.toLowerCase()),
  );
  return new Set(unfilled);
});

function allMissingIsMine(dst: Dst, userId: string): boolean {
  return [...missingOf(dst)].every((missing) => missing === userId.toLowerCase());
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
