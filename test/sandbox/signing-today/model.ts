/**
 * Signing Today's wire types (the vendor's OpenAPI 2.0.0, components.schemas). Fields without a value are left out, never null.
 * Times are strings on the wire (timestamps.ts); ids are UUIDs for DSTs, users, identities and resources, integers inside a DST.
 */
export type DstStatus =
  | 'draft'
  | 'downloadingInDraft'
  | 'downloadingInPublished'
  | 'published'
  | 'toFill'
  | 'toSign'
  | 'expired'
  | 'signed'
  | 'rejected'
  | 'error';

export type ExtraData = Record<string, unknown>;

export interface FillableForm {
  id: number;
  documentId: number;
  type: 'TextForm' | 'SignatureForm';
  /** Percent of the displayed page, as strings with two decimals: so the vendor's own sample has them. */
  positionX: string;
  positionY: string;
  width: string;
  height: string;
  /** The first page is 1: every sample of the vendor's has `page: 1`, and the thumbs operation counts the same way. */
  page: number;
  signerId: number;
  toFill: boolean;
  filled: boolean;
  invisible: boolean;
  /** `signatureRequestId` (number) of a SignatureForm, `label` and, once filled, `value` (strings) of a TextForm. */
  extraData: ExtraData;
}

export interface SignatureRestriction {
  rule: string;
  operator: string;
  value: string;
}

export interface SignatureRequest {
  id: number;
  reason: string;
  description: string;
  signerId: number;
  signProfile: 'PAdES' | 'CAdES';
  withTimestamp: boolean;
  declinable: boolean;
  restrictions: SignatureRestriction[];
  extraData: ExtraData;
}

export interface Signer {
  id: number;
  name: string;
  surname: string;
  email: string;
  phone?: string;
  role?: string;
  userUUID?: string;
  templateLabel?: string;
}

export interface SignersGroup {
  signers: Signer[];
}

export interface DstDocument {
  id: number;
  plainDocumentUuid: string;
  filledDocumentUuid?: string;
  signedDocumentUuid?: string;
  status: 'plain' | 'filled' | 'signed';
  forms: FillableForm[];
  signatureRequests: SignatureRequest[];
  signerGroups: SignersGroup[];
}

export interface LFResource {
  id: string;
  domain: string;
  type: string;
  /** None of an identity's appearance. */
  dstUuid?: string;
  title: string;
  filename: string;
  /** Made when answering: it holds the server's address. */
  url?: string;
  size: number;
  createdAt: string;
  mimetype: string;
  pages?: number;
  extraData: ExtraData;
}

export interface Signature {
  documentId: number;
  signatureRequestId: number;
  signedAt: string;
  status: 'signed' | 'declined';
  declinedReason?: string;
  /** Of a signature: `resourceId`, `sha256` of that resource, `baseSha256` of the bytes it was made on (lower-case hex). */
  extraData: ExtraData;
}

/** DigitalSignatureTransaction. */
export interface Dst {
  id: string;
  domain: string;
  title: string;
  replaces?: string;
  replacedBy?: string;
  createdByUser: string;
  createdAt: string;
  documents: DstDocument[];
  publishedAt?: string;
  expiresAt?: string;
  resources: LFResource[];
  signatures: Signature[];
  status: DstStatus;
  errorMessage?: string;
  deletedAt?: string;
  tags: string[];
  template: boolean;
  publicTemplate: boolean;
  extraData: ExtraData;
  visibleTo: string[];
  ccGroups: string[];
  ccUsers: string[];
  urgent: boolean;
  updatedAt: string;
}

export interface DstNote {
  id: number;
  dstId: string;
  userId: string;
  createdAt: string;
  text: string;
}

export type AuditEvent =
  | 'event_published'
  | 'event_form_fill'
  | 'event_signature'
  | 'event_rejection'
  | 'event_replacement'
  | 'event_note_add'
  | 'event_note_modify'
  | 'event_note_delete'
  | 'event_solicitation'
  | 'stage_to_fill'
  | 'stage_to_sign'
  | 'stage_expired'
  | 'stage_signed'
  | 'stage_rejected'
  | 'event_upload_alfresco';

export interface AuditRecord {
  at: string;
  event: AuditEvent;
  signer?: { name: string; surname: string; email: string; role?: string; userUUID?: string };
  value: string;
  dstId: string;
  documentId?: number;
  fillableFormId?: number;
  signatureRequestId?: number;
  noteId?: number;
}

export type NotificationKind =
  | 'dst_status_published'
  | 'dst_status_expired'
  | 'dst_status_rejected'
  | 'dst_status_signed'
  | 'dst_status_error'
  | 'dst_alert_fill'
  | 'dst_alert_sign'
  | 'dst_alert_note_added'
  | 'dst_alert_note_modified'
  | 'dst_alert_note_deleted';

export interface NotificationEvent {
  id: number;
  time: string;
  dstId: string;
  userId: string;
  dstTitle: string;
  username: string;
  email: string;
  event: NotificationKind;
}

export interface TrustedDevice {
  userId: string;
  deviceId: string;
  name: string;
  registeredAt: string;
}

export interface UserGroup {
  id: number;
  name: string;
  domain: string;
}

export type Capability =
  | 'user.pwd.clear'
  | 'user.create.all'
  | 'user.access.all'
  | 'user.delete.all'
  | 'dst.list.all'
  | 'dst.delete.all'
  | 'dst.create.modify_all'
  | 'devices.list.all'
  | 'devices.delete.all'
  | 'organizations.access.write.user';

export type Role = 'admin' | 'instructor' | 'signer';

export interface User {
  id: string;
  username: string;
  domain: string;
  language: 'it' | 'en' | 'es' | 'fr';
  name: string;
  surname: string;
  email: string;
  phone?: string;
  role: Role;
  groups: UserGroup[];
  capabilities: Capability[];
  createdAt: string;
  createdBy?: string;
  /** Disabled since; left out of a user who may sign in. */
  deletedAt?: string;
  automatic: boolean;
  extraData: ExtraData;
}

/** CK_TOKEN_INFO (PKCS#11 2.40, 3.3), the fields Signing Today keeps. */
export interface TokenInfo {
  label: string;
  manufacturerID: string;
  model: string;
  serialNumber: string;
  flags: number;
  ulMinPinLen: number;
  ulMaxPinLen: number;
  ulTotalPublicMemory: number;
  ulFreePublicMemory: number;
  ulTotalPrivateMemory: number;
  ulFreePrivateMemory: number;
}

export interface ProviderData {
  smartcardID?: number;
  middlewareID?: string;
  /** Hex. */
  ATR?: string;
  tokenInfo: TokenInfo;
  reader?: string;
}

export interface Identity {
  id: string;
  provider: string;
  label: string;
  providerType: string;
  subjectCommonName: string;
  issuerCommonName: string;
  expireDate: string;
  /** Base64 of the DER certificate. */
  rawCertificate?: string;
  appearance?: LFResource;
  providerData: ProviderData;
  valid: boolean;
  tags: string[];
}

/** ErrorResponse; a 400 carries an array of them. */
export interface ErrorBody {
  code: string;
  message: string;
  target?: string;
}
