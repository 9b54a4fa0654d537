/**
 * The rules of PUT /DST/{id} for signers: which signature and decline entries a person may add, and which file goes with a
 * signature. Works on the caller's copy of the record; what it throws leaves the stored one as it was.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ContentStore, gather } from './content-store.ts';
import { addSignature } from './dst-life.ts';
import { refusal } from './errors.ts';
import type { DstDocument, Signature, SignatureRequest, User } from './model.ts';
import type { ContentRecord, DstRecord } from './records.ts';
import { readMessage } from './signed-message.ts';
import { currentResourceId, isSigned, isTurn, signatureFor, signerOf } from './signing-order.ts';
import { parseTimestamp, toTimestamp } from './timestamps.ts';

export const signatureEntry = z.looseObject({
  documentId: z.int(),
  signatureRequestId: z.int(),
  signedAt: z.string().optional(),
  status: z.enum(['signed', 'declined']).optional(),
  declinedReason: z.string().nullish(),
  extraData: z.record(z.string(), z.unknown()).nullish(),
});
export type SignatureEntry = z.infer<typeof signatureEntry>;

export const handInBody = z.looseObject({
  updatedAt: z.string(),
  signatures: z.array(signatureEntry).default([]),
  documents: z.array(z.looseObject({ id: z.int().optional(), signedDocumentUuid: z.string().nullish() })).default([]),
});
export type HandInBody = z.infer<typeof handInBody>;

interface Asked {
  readonly document: DstDocument;
  readonly request: SignatureRequest;
}

/** The request an entry is about, once it is clear that it is this person's and its turn has come. */
function findAsked({ dst }: DstRecord, actor: User, entry: SignatureEntry): Asked {
  const document = dst.documents.find((each) => each.id === entry.documentId);
  if (!document) throw refusal(400, 'unknown-document', 'No such document in the DST', 'signatures.documentId');
  const request = document.signatureRequests.find((each) => each.id === entry.signatureRequestId);
  if (!request) throw refusal(400, 'unknown-request', 'No such signature request', 'signatures.signatureRequestId');
  if (signerOf(document, request.signerId)?.userUUID !== actor.id)
    throw refusal(403, 'not-your-request', 'The signature is asked of somebody else');
  if (dst.status !== 'toSign') throw refusal(409, 'wrong-status', `The DST is ${dst.status}`);
  if (!isTurn(dst, document, request))
    throw refusal(403, 'not-your-turn', 'An earlier signer group has not signed yet');
  return { document, request };
}

async function sha256OfStart(contents: ContentStore, id: string, length: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of contents.stream(id, length)) hash.update(chunk);
  return hash.digest('hex');
}

const AT = 'signatures.extraData';

type StoredFile = ContentRecord & { readonly id: string };

/** A .p7m around the current bytes; where they are a .p7m already, around its content, with all its signers and one more. */
async function continuesMessage(contents: ContentStore, base: StoredFile, file: StoredFile): Promise<boolean> {
  const message = readMessage(await gather(contents.stream(file.id)));
  if (!message) return false;
  const before = base.kind === 'other' ? readMessage(await gather(contents.stream(base.id))) : undefined;
  const expected = before ? createHash('sha256').update(before.content).digest('hex') : base.sha256;
  const earlier = before?.signers ?? [];
  return (
    createHash('sha256').update(message.content).digest('hex') === expected &&
    message.signers.length === earlier.length + 1 &&
    earlier.every((signer) => message.signers.includes(signer))
  );
}

/** PAdES: the file continues the current bytes; CAdES: a .p7m made on them. */
async function checkContinuation(
  contents: ContentStore,
  asked: Asked,
  base: StoredFile,
  file: StoredFile & { readonly filename: string },
): Promise<void> {
  if (asked.request.signProfile === 'CAdES') {
    if (file.kind !== 'other' || !file.filename.toLowerCase().endsWith('.p7m')) {
      throw refusal(400, 'not-a-p7m', 'A CAdES signature comes as a .p7m file', `${AT}.resourceId`);
    }
    if (await continuesMessage(contents, base, file)) return;
    throw refusal(400, 'not-a-continuation', 'The message does not hold the current bytes', `${AT}.resourceId`);
  }
  const continues =
    file.kind === 'pdf' && file.size > base.size && (await sha256OfStart(contents, file.id, base.size)) === base.sha256;
  if (!continues) {
    throw refusal(400, 'not-a-continuation', 'The file does not continue the current one', `${AT}.resourceId`);
  }
}

/** The signed file's resource id, once the file is this person's upload, unused, and made on the document's current bytes. */
async function checkFile(
  record: DstRecord,
  actor: User,
  asked: Asked,
  entry: SignatureEntry,
  contents: ContentStore,
): Promise<string> {
  const { resourceId, sha256, baseSha256 } = entry.extraData ?? {};
  const resource = record.dst.resources.find((each) => each.id === resourceId);
  const file = resource && record.contents[resource.id];
  if (!resource || !file || file.uploadedBy !== actor.id)
    throw refusal(400, 'unknown-resource', 'No file of yours with this id', `${AT}.resourceId`);
  if (record.dst.signatures.some((each) => each.extraData.resourceId === resourceId))
    throw refusal(400, 'resource-in-use', 'The file is another signature’s already', `${AT}.resourceId`);
  if (sha256 !== file.sha256) throw refusal(400, 'sha256-mismatch', 'The file’s digest is another one', `${AT}.sha256`);
  const baseId = currentResourceId(record.dst, asked.document);
  const base = record.contents[baseId];
  if (!base || baseSha256 !== base.sha256)
    throw refusal(400, 'base-mismatch', 'The signature was made on other bytes', `${AT}.baseSha256`);
  const stored = { ...file, id: resource.id, filename: resource.filename };
  await checkContinuation(contents, asked, { ...base, id: baseId }, stored);
  const before = record.dst.resources.find((each) => each.id === baseId);
  if (before?.pages !== undefined && file.kind === 'pdf') resource.pages = before.pages;
  return resource.id;
}

function checkDecline(asked: Asked, entry: SignatureEntry): string {
  if (!asked.request.declinable) throw refusal(403, 'not-declinable', 'The request may not be declined');
  const reason = entry.declinedReason?.trim() ?? '';
  if (reason === '') throw refusal(400, 'reason-missing', 'A reason is needed', 'signatures.declinedReason');
  return reason;
}

/**
 * Adds one new entry to the record.
 * @throws ApiError 400, 403 or 409
 */
export async function applyEntry(
  record: DstRecord,
  actor: User,
  entry: SignatureEntry,
  contents: ContentStore,
  now: number,
): Promise<Signature> {
  const asked = findAsked(record, actor, entry);
  const signedAt = parseTimestamp(entry.signedAt ?? '');
  if (signedAt === undefined) throw refusal(400, 'invalid', 'Not a date-time', 'signatures.signedAt');
  if (!entry.status) throw refusal(400, 'invalid', 'Either signed or declined', 'signatures.status');
  const common = {
    documentId: entry.documentId,
    signatureRequestId: entry.signatureRequestId,
    signedAt: toTimestamp(signedAt),
  };
  let signature: Signature;
  if (entry.status === 'declined') {
    signature = { ...common, status: 'declined', declinedReason: checkDecline(asked, entry), extraData: {} };
  } else {
    const resourceId = await checkFile(record, actor, asked, entry, contents);
    const { sha256, baseSha256 } = entry.extraData ?? {};
    signature = { ...common, status: 'signed', extraData: { resourceId, sha256, baseSha256 } };
  }
  addSignature(record, actor, signature, now);
  return signature;
}

/** An entry that is there already must come back as it is; it cannot be replaced. */
function isEcho(stored: Signature, entry: SignatureEntry): boolean {
  const sameStatus = entry.status === undefined || entry.status === stored.status;
  return sameStatus && (entry.extraData?.resourceId ?? undefined) === stored.extraData.resourceId;
}

/** signedDocumentUuid is set by the signer whose signature is the document's last, and by nobody before. */
function settleSignedDocuments(record: DstRecord, body: HandInBody): void {
  const { dst } = record;
  for (const document of dst.documents) {
    const given = body.documents.find((each) => each.id === document.id)?.signedDocumentUuid ?? undefined;
    const complete =
      document.signatureRequests.length > 0 &&
      document.signatureRequests.every((request) => isSigned(dst, document, request));
    const expected = complete ? currentResourceId(dst, document) : undefined;
    const target = 'documents.signedDocumentUuid';
    if (given !== expected && !(given === undefined && document.signedDocumentUuid !== undefined)) {
      throw complete
        ? refusal(400, 'signed-document-missing', 'The last signature sets the signed document', target)
        : refusal(400, 'signed-document-early', 'Signatures are still to be made', target);
    }
    if (expected !== undefined) document.signedDocumentUuid = expected;
  }
}

/**
 * Takes in a whole DST as a signer sends it back: adds the entries that are new, in their order, all or none.
 * @returns the new entries, none when the body only says what is there already
 * @throws ApiError 400, 403 or 409
 */
export async function handIn(
  record: DstRecord,
  actor: User,
  body: HandInBody,
  contents: ContentStore,
  now: number,
): Promise<Signature[]> {
  const missing = record.dst.signatures.some(
    (stored) =>
      !body.signatures.some(
        (entry) => entry.documentId === stored.documentId && entry.signatureRequestId === stored.signatureRequestId,
      ),
  );
  if (missing) throw refusal(400, 'signature-missing', 'A signature cannot be taken away', 'signatures');
  const added: Signature[] = [];
  for (const entry of body.signatures) {
    const stored = signatureFor(record.dst, entry.documentId, entry.signatureRequestId);
    if (!stored) added.push(await applyEntry(record, actor, entry, contents, now));
    else if (!isEcho(stored, entry)) throw refusal(409, 'already-signed', 'The request has its answer already');
  }
  if (added.length > 0) settleSignedDocuments(record, body);
  return added;
}
