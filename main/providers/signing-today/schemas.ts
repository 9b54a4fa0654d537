/**
 * The shapes of Signing Today's answers, as its OpenAPI 2.0.0 gives them. Unknown fields are kept; `null` counts as missing; what
 * the app cannot do without is required. Parsing also translates: ids to text, numbers that came as text, times to epoch milliseconds.
 */
import { z } from 'zod';
import { extraData, flag, id, list, maybe, number, timestamp } from './schema-parts.ts';

const signer = z.looseObject({
  id,
  name: maybe(z.string()),
  surname: maybe(z.string()),
  email: maybe(z.string()),
  role: maybe(z.string()),
  userUUID: maybe(z.string()),
  templateLabel: maybe(z.string()),
});
export type Signer = z.infer<typeof signer>;

const form = z.looseObject({
  id,
  type: z.string(),
  positionX: maybe(number),
  positionY: maybe(number),
  width: maybe(number),
  height: maybe(number),
  page: maybe(number),
  signerId: maybe(id),
  toFill: flag,
  filled: flag,
  invisible: flag,
  extraData,
});
export type FillableForm = z.infer<typeof form>;

const signatureRequest = z.looseObject({
  id,
  reason: maybe(z.string()),
  signerId: id,
  signProfile: maybe(z.string()),
  withTimestamp: flag,
  declinable: flag,
  restrictions: list(z.looseObject({ rule: maybe(z.string()), operator: maybe(z.string()), value: maybe(z.string()) })),
});
export type SignatureRequest = z.infer<typeof signatureRequest>;

const document = z.looseObject({
  id,
  plainDocumentUuid: maybe(id),
  filledDocumentUuid: maybe(id),
  signedDocumentUuid: maybe(id),
  status: maybe(z.string()),
  forms: list(form),
  signatureRequests: list(signatureRequest),
  signerGroups: list(z.looseObject({ signers: list(signer) })),
});
export type DstDocument = z.infer<typeof document>;

export const resourceSchema = z.looseObject({
  id,
  title: maybe(z.string()),
  filename: maybe(z.string()),
  size: maybe(number),
  extraData,
});
export type Resource = z.infer<typeof resourceSchema>;

const signature = z.looseObject({
  documentId: id,
  signatureRequestId: id,
  declinedReason: maybe(z.string()),
  status: maybe(z.string()),
  extraData,
});
export type Signature = z.infer<typeof signature>;

export const dstSchema = z.looseObject({
  id,
  title: maybe(z.string()),
  replaces: maybe(id),
  replacedBy: maybe(id),
  createdByUser: maybe(z.string()),
  createdAt: maybe(timestamp),
  documents: list(document),
  publishedAt: maybe(timestamp),
  expiresAt: maybe(timestamp),
  resources: list(resourceSchema),
  signatures: list(signature),
  status: z.string(),
  errorMessage: maybe(z.string()),
  deletedAt: maybe(timestamp),
  tags: list(z.string()),
  template: flag,
  publicTemplate: flag,
  urgent: flag,
  updatedAt: maybe(timestamp),
});
export type Dst = z.infer<typeof dstSchema>;

/** A list whose items are parsed one by one, so that one bad item does not hide the others. */
export const listSchema = z.looseObject({ count: maybe(number), values: z.array(z.unknown()) });

export const noteSchema = z.looseObject({
  id,
  userId: maybe(z.string()),
  createdAt: maybe(timestamp),
  text: z.string(),
});
export const notesSchema = z.array(noteSchema).max(100_000);
export type DstNote = z.infer<typeof noteSchema>;

/** One event of a DST's life; `event` is one of the documented names, or a newer one. */
export const auditRecordSchema = z.looseObject({
  at: timestamp,
  event: z.string(),
  signer: maybe(
    z.looseObject({
      name: maybe(z.string()),
      surname: maybe(z.string()),
      email: maybe(z.string()),
      role: maybe(z.string()),
      userUUID: maybe(z.string()),
    }),
  ),
  value: maybe(z.string()),
  dstId: maybe(id),
  documentId: maybe(id),
  fillableFormId: maybe(id),
  signatureRequestId: maybe(id),
  noteId: maybe(id),
});
export const auditSchema = z.array(auditRecordSchema).max(100_000);
export type AuditRecord = z.infer<typeof auditRecordSchema>;

export const userSchema = z.looseObject({
  id,
  username: maybe(z.string()),
  name: maybe(z.string()),
  surname: maybe(z.string()),
  email: maybe(z.string()),
});
export type User = z.infer<typeof userSchema>;

const providerData = z.looseObject({
  ATR: maybe(z.string()),
  reader: maybe(z.string()),
  tokenInfo: maybe(
    z.looseObject({
      serialNumber: maybe(z.union([z.string(), z.number()]).transform(String)),
      manufacturerID: maybe(z.string()),
    }),
  ),
});

export const identitySchema = z.looseObject({
  id,
  label: maybe(z.string()),
  subjectCommonName: maybe(z.string()),
  rawCertificate: maybe(z.string()),
  providerData: maybe(providerData),
});
export const identitiesSchema = z.array(identitySchema).max(10_000);
export type Identity = z.infer<typeof identitySchema>;

/** RFC 6749, 5.1. */
export const tokenSchema = z.looseObject({
  access_token: z.string().min(1),
  token_type: maybe(z.string()),
  refresh_token: maybe(z.string().min(1)),
  expires_in: maybe(number),
});

const errorItem = z.looseObject({ code: maybe(z.string()), message: maybe(z.string()) });
/** ErrorResponse, ServiceFailureResponse, an array of the former (400), or RFC 6749's own (5.2). */
export const errorSchema = z.union([
  z.array(errorItem).max(1000),
  z
    .looseObject({
      message: maybe(z.string()),
      error_description: maybe(z.string()),
      error: maybe(z.string().catch('')),
    })
    .transform(({ message, error_description, error }) => [{ message: message ?? error_description ?? error }]),
]);
