/**
 * Handing in a signed file: PATCH /DST/{id}/resources with the file, then PUT /DST/{id} with an entry {documentId,
 * signatureRequestId, signedAt, status, extraData: {resourceId, sha256, baseSha256}} added to its signatures.
 */
import { z } from 'zod';
import {
  type Change,
  type ChangeContent,
  type ConflictCode,
  type DeliveryMemo,
  type Observation,
  ProviderError,
} from '../provider.ts';
import { putDst } from './dsts.ts';
import { badResponse } from './errors.ts';
import {
  closedBecause,
  conflict,
  type HandInContext,
  impossible,
  readForChange,
  readToSend,
  type Verdict,
} from './hand-in.ts';
import { withEntry } from './put-signature.ts';
import { appendResource, downloadResource } from './resources.ts';
import type { Dst, Resource } from './schemas.ts';
import {
  currentResourceId,
  isDeclined,
  isLast,
  isSigner,
  isTurn,
  latestSignature,
  notedHash,
  signatureOf,
} from './sign-plan.ts';
import { toTimestamp } from './timestamps.ts';

type SignatureChange = Extract<Change, { kind: 'signature' }>;

/** What is kept between steps: the hash of the bytes the document stood on, and the upload once it is there. */
const memoSchema = z.looseObject({
  base: z.object({ resourceId: z.string(), sha256: z.string() }).optional().catch(undefined),
  uploadedResourceId: z.string().optional().catch(undefined),
});
type Memo = z.infer<typeof memoSchema>;

const readMemo = (memo: DeliveryMemo | undefined): Memo => memoSchema.parse(memo ?? {});

function findPlace(dst: Dst, change: Pick<SignatureChange, 'documentId' | 'signatureRequestId'>) {
  const document = dst.documents.find(({ id }) => id === change.documentId);
  const request = document?.signatureRequests.find(({ id }) => id === change.signatureRequestId);
  return document && request ? { document, request } : undefined;
}

/** All that the DST itself says; whether the bytes moved on is for `baseOf`. */
function judge(dst: Dst, change: SignatureChange, userId: string): Verdict {
  const place = findPlace(dst, change);
  const made = place && signatureOf(dst, place.document, place.request.id);
  if (made && isDeclined(made)) return impossible('declined');
  if (made) {
    return notedHash(made.extraData, 'sha256') === change.sha256 ? { kind: 'applied' } : impossible('signed-elsewhere');
  }
  const closed = closedBecause(dst);
  if (closed) return impossible(closed);
  if (!place || !isSigner(place.document, place.request.signerId, userId)) return impossible('not-permitted');
  if (dst.status === 'signed') return impossible('signed-elsewhere');
  return isTurn(dst, place.document, place.request) ? { kind: 'open' } : impossible('not-permitted');
}

/** The hash of the bytes the document stands on now; undefined where it has none, or they are gone. */
async function baseOf(
  context: HandInContext,
  dst: Dst,
  documentId: string,
  memo: Memo,
  signal: AbortSignal | undefined,
): Promise<Memo['base']> {
  const document = dst.documents.find(({ id }) => id === documentId);
  const resourceId = document && currentResourceId(dst, document);
  if (!document || resourceId === undefined) return undefined;
  const noted = notedHash(latestSignature(dst, document)?.extraData, 'sha256');
  const known = noted ?? context.hashes.get(resourceId);
  if (known !== undefined) return { resourceId, sha256: known };
  if (memo.base?.resourceId === resourceId) return memo.base;
  try {
    const bytes = await downloadResource(context.core, resourceId, { signal });
    for await (const _chunk of context.hashes.watch(resourceId, bytes));
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'not-found') return undefined;
    throw error;
  }
  const sha256 = context.hashes.get(resourceId);
  return sha256 === undefined ? undefined : { resourceId, sha256 };
}

export async function observeSignature(
  context: HandInContext,
  change: SignatureChange,
  memo: DeliveryMemo | undefined,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const record = await readForChange(context, change.remoteId, signal);
  if (typeof record === 'string') return conflict(record);
  const { dst } = record;
  const verdict = judge(dst, change, context.userId);
  if (verdict.kind === 'applied') return { kind: 'applied', remoteTransaction: await context.toRemote(dst, signal) };
  if (verdict.kind === 'conflict') return verdict;
  const kept = readMemo(memo);
  const base = await baseOf(context, dst, change.documentId, kept, signal);
  if (base?.sha256 !== change.baseSha256) return conflict('document-moved-on' satisfies ConflictCode);
  const uploaded = findUpload(dst.resources, change, kept.uploadedResourceId);
  const { uploadedResourceId: _, ...rest } = kept;
  return {
    kind: 'not-applied',
    memo: { ...rest, base, ...(uploaded === undefined ? {} : { uploadedResourceId: uploaded }) },
  };
}

/** Says which bytes they are: an upload whose confirmation never arrived is found again, and not made twice. */
function titleOf(change: SignatureChange): string {
  return `${change.fileName} [sha256 ${change.sha256.slice(0, 32)}]`;
}

function findUpload(
  resources: readonly Resource[],
  change: SignatureChange,
  uploadedResourceId: string | undefined,
): string | undefined {
  const title = titleOf(change);
  return resources.find(
    (resource) =>
      resource.id === uploadedResourceId || (resource.title === title && resource.size === change.sizeBytes),
  )?.id;
}

async function upload(
  context: HandInContext,
  change: SignatureChange,
  content: ChangeContent,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { dst: before } = await readOrStale(context, change, signal);
  const known = new Set(before.resources.map(({ id }) => id));
  const dst = await appendResource(
    context.core,
    change.remoteId,
    { title: titleOf(change), filename: change.fileName },
    {
      contentType: /\.p7m$/i.test(change.fileName) ? 'application/pkcs7-mime' : 'application/pdf',
      sizeBytes: content.sizeBytes,
      chunks: () => content.chunks(),
    },
    { signal },
  );
  const added = dst.resources.filter(({ id }) => !known.has(id));
  const ours =
    added.find(({ title }) => title === titleOf(change)) ??
    // A server that words titles its own way: then by its file name, where that leaves no doubt.
    onlyOne(added.filter(({ filename }) => filename === change.fileName)) ??
    onlyOne(added);
  if (!ours) throw badResponse('resources', true);
  return ours.id;
}

const onlyOne = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);

async function readOrStale(context: HandInContext, change: SignatureChange, signal: AbortSignal | undefined) {
  const record = await readToSend(context, change.remoteId, (dst) => judge(dst, change, context.userId), signal);
  // Made already: whoever observes it again will see.
  if (!record) throw new ProviderError('stale');
  return record;
}

/**
 * Uploads the file unless it is there, then adds the entry to the DST as it is at that moment.
 * @throws ProviderError stale where the DST moved on; outcomeUnknown where the answer never came
 */
export async function sendSignature(
  context: HandInContext,
  change: SignatureChange,
  memo: DeliveryMemo,
  content: ChangeContent | undefined,
  saveMemo: (memo: DeliveryMemo) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const kept = readMemo(memo);
  let resourceId = kept.uploadedResourceId;
  if (resourceId === undefined) {
    if (!content) throw new TypeError('a signature is handed in with its file');
    resourceId = await upload(context, change, content, signal);
    await saveMemo({ ...kept, uploadedResourceId: resourceId });
  }
  const record = await readOrStale(context, change, signal);
  const { dst } = record;
  const base = await baseOf(context, dst, change.documentId, kept, signal);
  const place = findPlace(dst, change);
  if (!place || base?.sha256 !== change.baseSha256) throw new ProviderError('stale');
  const entry = {
    documentId: change.documentId,
    signatureRequestId: change.signatureRequestId,
    signedAt: toTimestamp(change.signedAt),
    status: 'signed',
    extraData: { resourceId, sha256: change.sha256, baseSha256: change.baseSha256 },
  } as const;
  const last = isLast(dst, place.document, place.request);
  await putDst(context.core, change.remoteId, withEntry(record, entry, last ? resourceId : undefined), signal);
}
