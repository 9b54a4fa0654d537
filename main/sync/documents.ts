/** Documents' bytes from the provider into encrypted runs. */
import { documentsToOpen } from '../inbox/index.ts';
import { ProviderError, type ProviderSession } from '../providers/provider.ts';
import { type Store, StoreError } from '../store/store.ts';
import type { Presence } from './presence.ts';

export interface DocumentParts {
  readonly store: Store;
  readonly session: (accountId: string) => Promise<ProviderSession>;
  readonly presence: Pick<Presence, 'reached'>;
}

/** ISO 32000-2, 7.5.2 puts the header first; viewers accept it within the first 1024 bytes. */
const HEADER_WITHIN_BYTES = 1024;

/** A document larger than what is fetched ahead. */
export class TooLarge extends Error {
  readonly resourceId: string;
  constructor(resourceId: string) {
    super('document: too large to fetch ahead');
    this.name = 'TooLarge';
    this.resourceId = resourceId;
  }
}

function checkHeader(start: Uint8Array): void {
  if (!Buffer.from(start.subarray(0, HEADER_WITHIN_BYTES)).includes('%PDF-')) {
    throw new ProviderError('bad-response', { field: 'document' });
  }
}

/** Writes a resource's bytes into a new run; nothing is left of it where it fails. */
async function download(
  { store }: DocumentParts,
  session: ProviderSession,
  resourceId: string,
  limitBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const runId = await store.createRun();
  try {
    let start: Uint8Array = new Uint8Array();
    let isChecked = false;
    let sizeBytes = 0;
    for await (const chunk of await session.download(resourceId, signal)) {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) throw new TooLarge(resourceId);
      if (!isChecked) {
        start = Buffer.concat([start, chunk]);
        isChecked = start.length >= HEADER_WITHIN_BYTES;
        if (isChecked) checkHeader(start);
      }
      await store.appendRun(runId, chunk);
    }
    if (!isChecked) checkHeader(start);
    await store.finishRun(runId);
    return runId;
  } catch (error) {
    await store.abandonRun(runId);
    throw error;
  }
}

async function resourceOf(store: Store, transactionId: string, documentId: string) {
  const transaction = await store.transaction(transactionId);
  const document = transaction?.documents.find(({ id }) => id === documentId);
  if (!transaction || !document) throw new StoreError('not-found');
  if (document.currentResourceId === undefined) throw new ProviderError('not-found');
  return { accountId: transaction.accountId, resourceId: document.currentResourceId };
}

/** @throws StoreError signed-copy-damaged where no provider has what is missing */
async function isWhole(store: Store, transactionId: string, documentId: string, thorough: boolean): Promise<boolean> {
  const here = await store.document(transactionId, documentId);
  if (!here) return false;
  const { runs } = here.revision;
  const damaged = await store.damagedRuns(here.revision, thorough);
  // Beneath what was signed here and is not delivered lie the provider's bytes.
  const isMadeHere = here.resourceId === undefined && runs.slice(1).some(({ runId }) => damaged.includes(runId));
  if (isMadeHere) throw new StoreError('signed-copy-damaged');
  return damaged.length === 0;
}

/**
 * Makes the document's current bytes available here, unless they are; what of them is missing or damaged is fetched again.
 * @param thorough reads every byte that is here, where a reader has met damage
 * @throws ProviderError, StoreError not-found, signed-copy-damaged, TooLarge
 */
export async function fetchDocument(
  parts: DocumentParts,
  transactionId: string,
  documentId: string,
  limitBytes: number,
  signal: AbortSignal,
  thorough = false,
): Promise<void> {
  const { store } = parts;
  if (await isWhole(store, transactionId, documentId, thorough)) return;
  const { accountId, resourceId } = await resourceOf(store, transactionId, documentId);
  const session = await parts.session(accountId);
  const runId = await download(parts, session, resourceId, limitBytes, signal);
  parts.presence.reached(accountId);
  try {
    await store.setBase(transactionId, documentId, resourceId, runId);
  } catch (error) {
    const now = await resourceOf(store, transactionId, documentId);
    if (now.resourceId === resourceId) throw error;
    // It moved on while the bytes came in: once more, for the new ones.
    const newer = await download(parts, session, now.resourceId, limitBytes, signal);
    await store.setBase(transactionId, documentId, now.resourceId, newer);
  }
  // The provider's bytes are others by now than those a signature made here stands on.
  if (!(await isWhole(store, transactionId, documentId, false))) throw new StoreError('signed-copy-damaged');
}

const PAGE = 200;

/** The documents of an account's transactions that wait for me and are not here. */
export async function* missingDocuments(
  store: Store,
  accountId: string,
): AsyncIterable<{ transactionId: string; documentId: string; resourceId: string | undefined }> {
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await store.inbox({ view: 'to-do', accountId, offset, limit: PAGE });
    for (const { id } of items) {
      const transaction = await store.transaction(id);
      for (const documentId of transaction ? documentsToOpen(transaction) : []) {
        if (await store.document(id, documentId)) continue;
        const document = transaction?.documents.find((d) => d.id === documentId);
        yield { transactionId: id, documentId, resourceId: document?.currentResourceId };
      }
    }
    if (items.length < PAGE) return;
  }
}
