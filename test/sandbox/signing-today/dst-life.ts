/**
 * A DST's life: published -> toFill -> toSign -> signed, with rejected on a decline and expired by the clock. These functions
 * change the record they are given (the caller's copy) and write its audit trail; permissions are the operations' business.
 */
import type { AuditEvent, AuditRecord, Dst, DstDocument, FillableForm, Signature, User } from './model.ts';
import type { DstRecord } from './records.ts';
import { isSigned, unfilledForms } from './signing-order.ts';
import { parseTimestamp, toTimestamp } from './timestamps.ts';

type AuditSubject = Pick<AuditRecord, 'documentId' | 'fillableFormId' | 'signatureRequestId' | 'noteId'>;

/** Each change moves updatedAt on by a millisecond at least: two states never carry the same one. */
export function touch(record: DstRecord, at: number): void {
  const before = parseTimestamp(record.dst.updatedAt) ?? 0;
  record.dst.updatedAt = toTimestamp(Math.max(at, before + 1));
}

/** Adds an audit record; `actor` is left out for what the server did by itself. */
export function addAudit(
  record: DstRecord,
  at: number,
  event: AuditEvent,
  actor: User | undefined,
  about: AuditSubject = {},
): void {
  const { id, title } = record.dst;
  const who = actor ? `${actor.name} ${actor.surname} (${actor.email})` : 'Signing Today';
  record.audit.push({
    at: toTimestamp(at),
    event,
    ...(actor && {
      signer: {
        name: actor.name,
        surname: actor.surname,
        email: actor.email,
        role: actor.role,
        userUUID: actor.id,
      },
    }),
    value: `${who}: ${event} "${title}" (${id})`,
    dstId: id,
    ...about,
  });
}

const LIVE = new Set<Dst['status']>(['published', 'toFill', 'toSign']);

/** A published template is none: nobody signs it. */
export const isLive = (dst: Dst): boolean => !dst.template && LIVE.has(dst.status);

function settleDocument(dst: Dst, document: DstDocument): void {
  if (document.signatureRequests.length === 0) return;
  if (document.signatureRequests.every((request) => isSigned(dst, document, request))) document.status = 'signed';
}

/** Moves a live DST to the stage its forms and signatures say. */
function advance(record: DstRecord, at: number): void {
  const { dst } = record;
  if (!isLive(dst)) return;
  for (const document of dst.documents) settleDocument(dst, document);
  const requests = dst.documents.flatMap((document) => document.signatureRequests.map((each) => ({ document, each })));
  const stage = dst.documents.some((document) => unfilledForms(document).length > 0)
    ? ({ status: 'toFill', event: 'stage_to_fill' } as const)
    : requests.every(({ document, each }) => isSigned(dst, document, each))
      ? ({ status: 'signed', event: 'stage_signed' } as const)
      : ({ status: 'toSign', event: 'stage_to_sign' } as const);
  if (dst.status === stage.status) return;
  dst.status = stage.status;
  addAudit(record, at, stage.event, undefined);
  if (stage.status === 'signed' && dst.extraData.st_alfresco === true) {
    addAudit(record, at, 'event_upload_alfresco', undefined);
  }
}

export function publish(record: DstRecord, actor: User, at: number): void {
  record.dst.status = 'published';
  record.dst.publishedAt = toTimestamp(at);
  addAudit(record, at, 'event_published', actor);
  touch(record, at);
  advance(record, at);
}

/** Takes a published DST back to be changed: what was filled is filled anew. */
export function takeBack(record: DstRecord, at: number): void {
  const { dst } = record;
  dst.status = 'draft';
  delete dst.publishedAt;
  const rendered = new Set(dst.documents.map(({ filledDocumentUuid }) => filledDocumentUuid));
  dst.resources = dst.resources.filter(({ id }) => !rendered.has(id));
  for (const document of dst.documents) {
    document.status = 'plain';
    delete document.filledDocumentUuid;
    for (const form of document.forms) {
      const { value: _value, ...extra } = form.extraData;
      form.filled = false;
      form.extraData = extra;
    }
  }
  touch(record, at);
}

/** When a live DST's time was over, where it is. */
function overAt({ dst }: DstRecord, now: number): number | undefined {
  const end = dst.expiresAt === undefined || !isLive(dst) ? undefined : parseTimestamp(dst.expiresAt);
  return end === undefined || end > now ? undefined : end;
}

export const isOver = (record: DstRecord, now: number): boolean => overAt(record, now) !== undefined;

/** Expires a live DST whose time is over. Returns whether it did. */
export function expire(record: DstRecord, now: number): boolean {
  const { dst } = record;
  const end = overAt(record, now);
  if (end === undefined) return false;
  dst.status = 'expired';
  addAudit(record, end, 'stage_expired', undefined);
  touch(record, end);
  return true;
}

/** Writes a text form's value. The filled document is rendered by the caller before `settleFills`. */
export function fillForm(record: DstRecord, actor: User, form: FillableForm, value: string, at: number): void {
  form.filled = true;
  form.extraData = { ...form.extraData, value };
  addAudit(record, at, 'event_form_fill', actor, { documentId: form.documentId, fillableFormId: form.id });
  touch(record, at);
}

/** After a fill: the document stands on `filledDocumentUuid` once it is rendered, and the DST moves on. */
export function settleFills(
  record: DstRecord,
  document: DstDocument,
  filledDocumentUuid: string | undefined,
  at: number,
): void {
  if (filledDocumentUuid !== undefined) {
    document.filledDocumentUuid = filledDocumentUuid;
    document.status = 'filled';
  }
  advance(record, at);
}

export function fail(record: DstRecord, message: string, at: number): void {
  record.dst.status = 'error';
  record.dst.errorMessage = message;
  touch(record, at);
}

/** Records a checked signature or decline. */
export function addSignature(record: DstRecord, actor: User, signature: Signature, at: number): void {
  const { dst } = record;
  const about = { documentId: signature.documentId, signatureRequestId: signature.signatureRequestId };
  dst.signatures.push(signature);
  if (signature.status === 'declined') {
    addAudit(record, at, 'event_rejection', actor, about);
    dst.status = 'rejected';
    addAudit(record, at, 'stage_rejected', undefined);
  } else {
    addAudit(record, at, 'event_signature', actor, about);
    advance(record, at);
  }
  touch(record, at);
}
