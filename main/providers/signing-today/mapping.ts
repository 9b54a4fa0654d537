/** From a DST to the unified transaction: what the signed-in person has to do, in the desk's words. */
import type {
  Form,
  SignatureRequest as ModelRequest,
  Note,
  PercentBox,
  TransactionDocument,
  TransactionStatus,
} from '../../../preload/model.ts';
import { moveInside, type ProviderIdentity, type RemoteNotification, type RemoteTransaction } from '../provider.ts';
import type { DstNotification } from './notifications.ts';
import type { Dst, DstDocument, DstNote, FillableForm, Identity, SignatureRequest, Signer } from './schemas.ts';
import {
  currentResourceId,
  groupOf,
  isDeclined,
  isSigner,
  isTextForm,
  isUnfilled,
  notedId,
  signatureOf,
  signerOf,
  stateOf,
  textOf,
} from './sign-plan.ts';
import { toLine, toText } from './text.ts';

/** A person's name where it is known, else an empty text. */
export type NameOf = (userId: string) => string;

export function nameOfSigner(signer: Pick<Signer, 'name' | 'surname' | 'email'>): string {
  const name = toLine([signer.name, signer.surname].filter(Boolean).join(' '), 200);
  return name === '' ? toLine(signer.email, 200) : name;
}

export function toRemoteTransaction(dst: Dst, userId: string, nameOf: NameOf): RemoteTransaction {
  const createdAt = dst.createdAt ?? dst.publishedAt ?? dst.updatedAt ?? 0;
  const documents = dst.documents.map((document) => toDocument(dst, document, userId));
  const errorMessage = dst.status === 'error' ? toLine(dst.errorMessage) : '';
  return {
    deleted: dst.deletedAt !== undefined,
    transaction: {
      provider: 'signing-today',
      remoteId: dst.id,
      title: toLine(dst.title),
      status: toStatus(dst, documents, userId),
      urgent: dst.urgent,
      tags: dst.tags.map((tag) => toLine(tag, 100)).filter((tag) => tag !== ''),
      senderName: dst.createdByUser === undefined ? '' : nameOf(dst.createdByUser),
      madeByMe: dst.createdByUser?.toLowerCase() === userId.toLowerCase(),
      createdAt,
      updatedAt: dst.updatedAt ?? dst.publishedAt ?? createdAt,
      ...(dst.expiresAt === undefined ? {} : { expiresAt: dst.expiresAt }),
      ...(errorMessage === '' ? {} : { errorMessage }),
      ...(dst.replaces === undefined ? {} : { replaces: dst.replaces }),
      ...(dst.replacedBy === undefined ? {} : { replacedBy: dst.replacedBy }),
      documents,
    },
  };
}

const plainStatuses: Readonly<Record<string, TransactionStatus>> = {
  draft: 'draft',
  downloadingInDraft: 'draft',
  signed: 'signed',
  rejected: 'declined',
  expired: 'expired',
  error: 'error',
};

/** Where the DST stands for the person; a status not known to this app has nothing to do in it yet. */
function toStatus(dst: Dst, documents: readonly TransactionDocument[], userId: string): TransactionStatus {
  const plain = plainStatuses[dst.status];
  if (plain) return plain;
  if (dst.status === 'toFill') {
    const mine = dst.documents.some((document) =>
      document.forms.some((form) => isUnfilled(form) && isSigner(document, form.signerId, userId)),
    );
    return mine ? 'to-fill' : 'waiting';
  }
  if (dst.status !== 'toSign') return 'waiting';
  const ready = documents.some(({ signatureRequests }) =>
    signatureRequests.some(({ mine, state }) => mine && state === 'ready'),
  );
  return ready ? 'to-sign' : 'waiting';
}

function toDocument(dst: Dst, document: DstDocument, userId: string): TransactionDocument {
  const resourceId = currentResourceId(dst, document);
  const plain = dst.resources.find(({ id }) => id === document.plainDocumentUuid);
  const owners = ownersOfForms(document);
  return {
    id: document.id,
    title: toLine(plain?.title) || toLine(plain?.filename) || toLine(dst.title),
    ...(resourceId === undefined ? {} : { currentResourceId: resourceId }),
    status: toDocumentStatus(document),
    forms: document.forms.map((form) => toForm(document, form, owners.get(form.id), userId)),
    signatureRequests: document.signatureRequests.map((request) => toRequest(dst, document, request, userId)),
  };
}

function toDocumentStatus(document: DstDocument): TransactionDocument['status'] {
  const { status } = document;
  if (status === 'plain' || status === 'filled' || status === 'signed') return status;
  if (document.signedDocumentUuid !== undefined) return 'signed';
  return document.filledDocumentUuid === undefined ? 'plain' : 'filled';
}

/**
 * Which request each signature form belongs to: the one its extraData names; else its signer's, each request once before any
 * gets a second form.
 */
function ownersOfForms(document: DstDocument): Map<string, SignatureRequest> {
  const owners = new Map<string, SignatureRequest>();
  const forms = document.forms.filter((form) => !isTextForm(form));
  const byId = new Map(document.signatureRequests.map((request) => [request.id, request]));
  const bySigner = Map.groupBy(document.signatureRequests, ({ signerId }) => signerId);
  const taken = new Set<string>();
  function give(form: FillableForm, request: SignatureRequest | undefined): void {
    if (!request) return;
    owners.set(form.id, request);
    taken.add(request.id);
  }
  for (const form of forms) give(form, byId.get(notedId(form.extraData, 'signatureRequestId') ?? ''));
  // Each signer's requests are looked through once, however many forms he has.
  const next = new Map<FillableForm['signerId'], number>();
  for (const form of forms) {
    if (owners.has(form.id)) continue;
    const own = form.signerId === undefined ? [] : (bySigner.get(form.signerId) ?? []);
    let at = next.get(form.signerId) ?? 0;
    while (at < own.length && taken.has(own[at]?.id ?? '')) at++;
    next.set(form.signerId, at);
    give(form, own[at] ?? own[0]);
  }
  return owners;
}

function toForm(document: DstDocument, form: FillableForm, owner: SignatureRequest | undefined, userId: string): Form {
  const place = toBox(form);
  const text = isTextForm(form);
  const label = ['label', 'name', 'title']
    .map((name) => form.extraData?.[name])
    .find((each) => typeof each === 'string');
  return {
    id: form.id,
    kind: text ? 'text' : 'signature',
    ...(place ? { box: place.box } : {}),
    moved: place?.moved ?? false,
    required: text ? form.toFill : true,
    filled: form.filled,
    mine: isSigner(document, owner?.signerId ?? form.signerId, userId),
    invisible: form.invisible,
    label: toLine(typeof label === 'string' ? label : ''),
    value: toText(textOf(form)),
    ...(owner ? { signatureRequestId: owner.id } : {}),
  };
}

/** Percent of the displayed page; none where the record has no usable place. */
function toBox(form: FillableForm): { box: PercentBox; moved: boolean } | undefined {
  const { positionX: x, positionY: y, width, height, page } = form;
  if (x === undefined || y === undefined || width === undefined || height === undefined || page === undefined) {
    return undefined;
  }
  if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0) return undefined;
  if (!Number.isInteger(page) || page < 1) return undefined;
  return moveInside({ page, x, y, width, height });
}

function toRequest(dst: Dst, document: DstDocument, request: SignatureRequest, userId: string): ModelRequest {
  const signer = signerOf(document, request.signerId);
  const made = signatureOf(dst, document, request.id);
  return {
    id: request.id,
    signerId: request.signerId,
    signerName: signer ? nameOfSigner(signer) : '',
    mine: isSigner(document, request.signerId, userId),
    reason: toLine(request.reason),
    profile: request.signProfile?.toLowerCase() === 'cades' ? 'CAdES' : 'PAdES',
    withTimestamp: request.withTimestamp,
    declinable: request.declinable,
    state: stateOf(dst, document, request, userId),
    ...(made && isDeclined(made) ? { declinedReason: toText(made.declinedReason, 2000) } : {}),
    group: groupOf(document, request),
    // The vendor's own sample has a restriction whose fields are all empty: it restricts nothing.
    restrictions: request.restrictions
      .map(({ rule, operator, value }) => ({ rule: toLine(rule), operator: toLine(operator), value: toLine(value) }))
      .filter(({ rule, operator, value }) => rule !== '' || operator !== '' || value !== ''),
  };
}

export function toNote(note: DstNote, userId: string, nameOf: NameOf): Note {
  return {
    id: note.id,
    authorId: note.userId ?? '',
    authorName: note.userId === undefined ? '' : nameOf(note.userId),
    mine: note.userId?.toLowerCase() === userId.toLowerCase(),
    text: toText(note.text),
    createdAt: note.createdAt ?? 0,
    unsent: false,
  };
}

const notificationEvents: Readonly<Record<string, RemoteNotification['event']>> = {
  dst_status_published: 'published',
  dst_status_expired: 'expired',
  dst_status_rejected: 'declined',
  dst_status_signed: 'signed',
  dst_status_error: 'error',
  dst_alert_fill: 'to-fill',
  dst_alert_sign: 'to-sign',
  dst_alert_note_added: 'note-added',
  dst_alert_note_modified: 'note-edited',
  dst_alert_note_deleted: 'note-deleted',
};

/** Undefined for one that is about no DST. The vendor's sample writes its events with a prefix the enumeration lacks. */
export function toNotification(item: DstNotification): RemoteNotification | undefined {
  const { id, dstId, time, dstTitle, event = '' } = item;
  if (dstId === undefined) return undefined;
  return {
    id: id ?? `${dstId} ${time ?? ''} ${event}`,
    remoteId: dstId,
    title: toLine(dstTitle),
    at: time ?? 0,
    event: notificationEvents[event.replace(/^evt_/, '')] ?? 'other',
  };
}

export function toIdentity(identity: Identity): ProviderIdentity {
  const { ATR, reader, tokenInfo } = identity.providerData ?? {};
  return {
    id: identity.id,
    label: toLine(identity.label) || toLine(identity.subjectCommonName),
    tokenSerialNumber: tokenInfo?.serialNumber?.trim() || undefined,
    tokenManufacturerId: tokenInfo?.manufacturerID?.trim() || undefined,
    atr: ATR?.replace(/[\s:]/g, '').toLowerCase() || undefined,
    reader: reader?.trim() || undefined,
    certificate: toCertificate(identity.rawCertificate),
  };
}

/** PEM or bare base64 to DER; undefined where it is neither. */
function toCertificate(raw: string | undefined): Uint8Array | undefined {
  const base64 = (raw ?? '').replace(/-----(BEGIN|END) CERTIFICATE-----/g, '').replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const der = Buffer.from(base64, 'base64');
  return der[0] === 0x30 ? new Uint8Array(der) : undefined;
}
