/** Which files an export has, and under which names: a folder for each transaction, in it its signed documents. */
import type { Transaction } from '../../preload/model.ts';
import { toFileName } from '../platform/save-path.ts';
import { isMessage } from '../platform/signed-message.ts';
import { uniqueNames } from '../platform/unique-names.ts';
import type { RevisionRef, Store } from '../store/store.ts';

export interface SignedFile {
  /** In the zip: cleaned, unique, `/` between folder and file. */
  readonly name: string;
  readonly revision: RevisionRef;
  /** When the transaction changed last, epoch milliseconds. */
  readonly changedAt: number;
}

const isSigned = (document: Transaction['documents'][number]) =>
  document.status === 'signed' || document.signatureRequests.some(({ state }) => state === 'signed');

async function fileName(store: Store, title: string, revision: RevisionRef): Promise<string> {
  const name = toFileName(title === '' ? 'document' : title);
  const read = (offset: number, length: number) => store.readRevision(revision, offset, length);
  // What cannot be read is counted by whoever writes it.
  const isSignedMessage = await isMessage({ size: revision.sizeBytes, read }).catch(() => false);
  if (isSignedMessage) return `${name.replace(/(\.pdf|\.p7m)+$/i, '')}.pdf.p7m`;
  return /\.(pdf|p7m|p7s|xml)$/i.test(name) ? name : `${name}.pdf`;
}

/** Signed here and not taken by the provider: kept, and exported beside what the provider has. */
async function keptCopies(store: Store, transactionId: string) {
  const rows = await store.outbox({ transactionId });
  return rows.flatMap(({ kind, state, revision }) =>
    kind === 'signature' && revision && (state === 'parked' || state === 'failed') ? [revision] : [],
  );
}

/**
 * The signed files of these transactions as they are stored here.
 * @param fetch makes a document's bytes available where they are not here; what it cannot get counts as missing
 * @returns one by one; `missing` counts up meanwhile
 */
export async function* signedFiles(
  store: Store,
  transactionIds: AsyncIterable<string> | Iterable<string>,
  {
    inFolders,
    fetch,
    missing,
  }: {
    readonly inFolders: boolean;
    readonly fetch: ((transactionId: string, documentId: string) => Promise<void>) | undefined;
    readonly missing: (count: number) => void;
  },
): AsyncGenerator<SignedFile> {
  const folders = uniqueNames();
  const names = uniqueNames();
  for await (const id of transactionIds) {
    const transaction = await store.transaction(id);
    if (!transaction) continue;
    let folder: string | undefined;
    const named = async (title: string, revision: RevisionRef) => {
      const file = await fileName(store, title, revision);
      if (!inFolders) return names(file);
      folder ??= folders(toFileName(transaction.title === '' ? transaction.remoteId : transaction.title));
      return names(`${folder}/${file}`);
    };
    const changedAt = transaction.updatedAt;
    for (const document of transaction.documents.filter(isSigned)) {
      let stored = await store.document(id, document.id);
      if (!stored && fetch) {
        await fetch(id, document.id).catch(() => undefined);
        stored = await store.document(id, document.id);
      }
      if (stored) yield { name: await named(document.title, stored.revision), revision: stored.revision, changedAt };
      else missing(1);
    }
    for (const revision of await keptCopies(store, id)) {
      yield { name: await named(`${transaction.title} (kept copy)`, revision), revision, changedAt };
    }
  }
}
