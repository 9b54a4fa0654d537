/** What a test or the demo puts into the sandbox: inputs in plain types, turned into the wire's own shapes. Times are epoch milliseconds. */
import type {
  Capability,
  DstDocument,
  FillableForm,
  ProviderData,
  Role,
  SignatureRequest,
  SignatureRestriction,
  Signer,
  TokenInfo,
  UserGroup,
} from './model.ts';

export interface SeedUser {
  /** A UUID; one is made when it is left out. */
  readonly id?: string;
  /** Without the domain: the person signs in as `username@domain`. */
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly surname: string;
  /** `demo` when left out. */
  readonly domain?: string;
  readonly email?: string;
  readonly phone?: string;
  /** `signer` when left out. */
  readonly role?: Role;
  readonly groups?: readonly UserGroup[];
  /** What the user may beside the role's own; the role's when left out. */
  readonly capabilities?: readonly Capability[];
  /** A robot or service user. */
  readonly automatic?: boolean;
}

export interface SeedIdentity {
  readonly id?: string;
  readonly label: string;
  readonly subjectCommonName: string;
  readonly issuerCommonName: string;
  readonly expiresAt: number;
  /** DER. */
  readonly certificate?: Uint8Array;
  readonly providerData: Omit<ProviderData, 'tokenInfo'> & {
    /** What is left out gets a small card's usual figures. */
    readonly tokenInfo: Pick<TokenInfo, 'serialNumber' | 'manufacturerID'> & Partial<TokenInfo>;
  };
  readonly tags?: readonly string[];
}

/**
 * A place in the sign plan. `key` names it for forms and requests; a bare string is a user's id and its own key.
 * Without `userId` the signer is somebody outside the organisation.
 */
export type SeedSigner =
  | string
  | {
      readonly key: string;
      readonly userId?: string;
      readonly name?: string;
      readonly surname?: string;
      readonly email?: string;
      readonly role?: string;
    };

export interface SeedForm {
  readonly type: 'TextForm' | 'SignatureForm';
  /** The first page is 1. */
  readonly page: number;
  /** Percent of the page as displayed, from its top left corner. */
  readonly positionX: number;
  readonly positionY: number;
  readonly width: number;
  readonly height: number;
  /** A signer's key. */
  readonly signer: string;
  /** A signature request's key: extraData.signatureRequestId is set; else the form belongs to its signer. */
  readonly request?: string;
  /** What the text is for; goes to extraData.label. */
  readonly label?: string;
  readonly invisible?: boolean;
  /** True for a TextForm when left out: the DST waits for it. */
  readonly toFill?: boolean;
}

export interface SeedSignatureRequest {
  /** Names it for forms; the signer's key when left out. */
  readonly key?: string;
  /** A signer's key. */
  readonly signer: string;
  readonly reason?: string;
  readonly description?: string;
  readonly signProfile?: 'PAdES' | 'CAdES';
  readonly withTimestamp?: boolean;
  readonly declinable?: boolean;
  readonly restrictions?: readonly SignatureRestriction[];
}

export interface SeedDocument {
  readonly title: string;
  /** Made from the title when left out. */
  readonly filename?: string;
  readonly pdf: Uint8Array;
  /** Counted when left out; a file that cannot be read has none. */
  readonly pages?: number;
  readonly forms?: readonly SeedForm[];
  readonly signatureRequests: readonly SeedSignatureRequest[];
  /** In signing order; parallel within a group. */
  readonly signerGroups: readonly (readonly SeedSigner[])[];
}

export interface SeedDst {
  readonly id?: string;
  readonly title: string;
  /** A user's id. */
  readonly createdBy: string;
  readonly documents: readonly SeedDocument[];
  readonly urgent?: boolean;
  readonly tags?: readonly string[];
  readonly expiresAt?: number;
  /** The clock's time when left out; also the time of publishing. */
  readonly createdAt?: number;
  /** False leaves it a draft; true when left out. */
  readonly publish?: boolean;
  /** The DST is in status error with this message. */
  readonly errorMessage?: string;
  readonly visibleTo?: readonly string[];
  readonly ccUsers?: readonly string[];
  readonly ccGroups?: readonly string[];
}

export interface SeedFill {
  readonly userId: string;
  readonly documentId: number;
  readonly formId: number;
  readonly value: string;
  readonly at?: number;
}
export interface SeedSignature {
  readonly userId: string;
  readonly documentId: number;
  readonly signatureRequestId: number;
  /** The signed file: it continues what the document stands at (`currentBytes`). */
  readonly signed: Uint8Array;
  readonly at?: number;
}
export interface SeedDecline {
  readonly userId: string;
  readonly documentId: number;
  readonly signatureRequestId: number;
  readonly reason: string;
  readonly at?: number;
}
export interface SeedNote {
  readonly userId: string;
  readonly text: string;
  readonly at?: number;
}

type People = (userId: string) => { name: string; surname: string; email: string };

function toSigner(seed: SeedSigner, id: number, people: People): Signer {
  if (typeof seed === 'string') return { id, ...people(seed), userUUID: seed };
  const person = seed.userId === undefined ? undefined : people(seed.userId);
  return {
    id,
    name: seed.name ?? person?.name ?? seed.key,
    surname: seed.surname ?? person?.surname ?? '',
    email: seed.email ?? person?.email ?? `${seed.key}@example.test`,
    ...(seed.role === undefined ? {} : { role: seed.role }),
    ...(seed.userId === undefined ? {} : { userUUID: seed.userId }),
  };
}

function lookUp(ids: ReadonlyMap<string, number>, key: string, what: string): number {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`seed: no ${what} "${key}"`);
  return id;
}

function toRequest(seed: SeedSignatureRequest, id: number, signerId: number): SignatureRequest {
  return {
    id,
    reason: seed.reason ?? '',
    description: seed.description ?? '',
    signerId,
    signProfile: seed.signProfile ?? 'PAdES',
    withTimestamp: seed.withTimestamp ?? false,
    declinable: seed.declinable ?? false,
    restrictions: (seed.restrictions ?? []).map((each) => ({ ...each })),
    extraData: {},
  };
}

function toForm(seed: SeedForm, id: number, documentId: number, signerId: number, request?: number): FillableForm {
  return {
    id,
    documentId,
    type: seed.type,
    positionX: seed.positionX.toFixed(2),
    positionY: seed.positionY.toFixed(2),
    width: seed.width.toFixed(2),
    height: seed.height.toFixed(2),
    page: seed.page,
    signerId,
    toFill: seed.toFill ?? seed.type === 'TextForm',
    filled: false,
    invisible: seed.invisible ?? false,
    extraData: {
      ...(request === undefined ? {} : { signatureRequestId: request }),
      ...(seed.label === undefined ? {} : { label: seed.label }),
    },
  };
}

/**
 * The document as the wire has it. `nextId` gives integers unique within the DST; `people` the names of users.
 * @throws Error where a form or request names a signer or request that is not there
 */
export function toDocument(
  seed: SeedDocument,
  plainDocumentUuid: string,
  nextId: () => number,
  people: People,
): DstDocument {
  const id = nextId();
  const signerIds = new Map<string, number>();
  const signerGroups = seed.signerGroups.map((group) => ({
    signers: group.map((each) => {
      const signer = toSigner(each, nextId(), people);
      signerIds.set(typeof each === 'string' ? each : each.key, signer.id);
      return signer;
    }),
  }));
  const requestIds = new Map<string, number>();
  const signatureRequests = seed.signatureRequests.map((each) => {
    const request = toRequest(each, nextId(), lookUp(signerIds, each.signer, 'signer'));
    requestIds.set(each.key ?? each.signer, request.id);
    return request;
  });
  const forms = (seed.forms ?? []).map((each) => {
    const request = each.request === undefined ? undefined : lookUp(requestIds, each.request, 'signature request');
    return toForm(each, nextId(), id, lookUp(signerIds, each.signer, 'signer'), request);
  });
  return { id, plainDocumentUuid, status: 'plain', forms, signatureRequests, signerGroups };
}
