/** The steps of a DST that its maker takes. What a DST is made of is in wire types: it goes out as it is written here. */
import { z } from 'zod';
import { type DstRecord, toDstRecord } from './dsts.ts';
import { pathOf, type RequestCore } from './request-core.ts';

/** A signer in a sign plan: a person by user id or e-mail, or, in a template, a role. */
export interface WireSigner {
  readonly id: number;
  readonly name?: string;
  readonly surname?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly role?: string;
  readonly userUUID?: string;
  readonly templateLabel?: string;
}

/** Percent of the displayed page, from its top left corner. */
export interface WireForm {
  readonly id: number;
  readonly documentId: number;
  readonly type: 'TextForm' | 'SignatureForm';
  readonly positionX: number;
  readonly positionY: number;
  readonly width: number;
  readonly height: number;
  readonly page: number;
  readonly signerId: number;
  readonly toFill: boolean;
  readonly invisible: boolean;
  readonly extraData: Readonly<Record<string, string | number | boolean>>;
}

export interface WireRequest {
  readonly id: number;
  readonly reason: string;
  readonly description: string;
  readonly signerId: number;
  readonly signProfile: 'PAdES' | 'CAdES';
  readonly withTimestamp: boolean;
  readonly declinable: boolean;
  readonly restrictions: readonly { readonly rule: string; readonly operator: string; readonly value: string }[];
}

/** A document's sign plan: groups in signing order, their forms and requests. Ids are the maker's, unique in the DST. */
export interface WirePlan {
  readonly signerGroups: readonly { readonly signers: readonly WireSigner[] }[];
  readonly signatureRequests: readonly WireRequest[];
  readonly forms: readonly WireForm[];
}

/** What is set of a DST when it is made or edited. */
export interface WireDraft {
  readonly title?: string;
  readonly tags?: readonly string[];
  readonly urgent?: boolean;
  readonly template?: boolean;
  readonly publicTemplate?: boolean;
  readonly visibleTo?: readonly string[];
  readonly ccUsers?: readonly string[];
  readonly ccGroups?: readonly string[];
  /** RFC 3339. The documents call it read-only and give no other way to set it: a server may pass it over, reading back tells. */
  readonly expiresAt?: string;
}

/** POST /DSTs: an empty draft; files come by PATCH resources, the sign plan by PUT. */
export async function createDst(core: RequestCore, draft: WireDraft, signal?: AbortSignal): Promise<DstRecord> {
  const json = { ...draft, status: 'draft' };
  return toDstRecord(await core.value({ method: 'POST', path: pathOf('DSTs'), json, signal }), true);
}

async function step(core: RequestCore, id: string, name: string, signal: AbortSignal | undefined): Promise<DstRecord> {
  return toDstRecord(await core.value({ method: 'POST', path: pathOf('DST', id, name), signal }), true);
}

/** POST /DST/{id}/publish: a draft goes to its signers. ProviderError stale where it is no draft, refused where something lacks. */
export const publishDst = (core: RequestCore, id: string, signal?: AbortSignal): Promise<DstRecord> =>
  step(core, id, 'publish', signal);

/** POST /DST/{id}/instantiate: a new draft made from a published template. */
export const instantiateDst = (core: RequestCore, id: string, signal?: AbortSignal): Promise<DstRecord> =>
  step(core, id, 'instantiate', signal);

/** POST /DST/{id}/modify: what is published is a draft again, with the same id. */
export const modifyDst = (core: RequestCore, id: string, signal?: AbortSignal): Promise<DstRecord> =>
  step(core, id, 'modify', signal);

/** POST /DST/{id}/templatize: a new draft template made from a published one. */
export const templatizeDst = (core: RequestCore, id: string, signal?: AbortSignal): Promise<DstRecord> =>
  step(core, id, 'templatize', signal);

/** POST /DST/{id}/replace: a new draft in the place of a rejected DST. */
export const replaceDst = (core: RequestCore, id: string, signal?: AbortSignal): Promise<DstRecord> =>
  step(core, id, 'replace', signal);

/** POST /DST/{id}/notify: reminds those who have something to do now. */
export async function notifyDst(core: RequestCore, id: string, signal?: AbortSignal): Promise<void> {
  await core.nothing({ method: 'POST', path: pathOf('DST', id, 'notify'), signal });
}

const addressSchema = z.looseObject({ url: z.url() });

/**
 * GET /DST/{id}/sign/{docId}/{signId}: the service's own page for signing in a browser. It is the service's word: open it only
 * where it is the account's host.
 */
export async function signingAddress(
  core: RequestCore,
  about: { dstId: string; documentId: string; signatureRequestId: string },
  signal?: AbortSignal,
): Promise<URL> {
  const path = pathOf('DST', about.dstId, 'sign', about.documentId, about.signatureRequestId);
  return new URL((await core.json({ method: 'GET', path, signal }, addressSchema)).url);
}
