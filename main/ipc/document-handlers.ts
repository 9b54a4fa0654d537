/** Documents: their bytes, a saved copy, what their signatures are worth. */
import { basename } from 'node:path';
import { type ContentRange, isMessage, shownRange } from '../platform/signed-message.ts';
import { isStoredDamage, type RevisionRef, type StoredDocument } from '../store/store.ts';
import { exportRevision } from './export-revision.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type DocumentCalls = Pick<
  Handlers,
  | 'documents.open'
  | 'documents.read'
  | 'documents.firstPage'
  | 'documents.verify'
  | 'documents.export'
  | 'signing.places'
>;

export function documentHandlers(rooms: Rooms): DocumentCalls {
  const { store, sync, validate, firstPage } = rooms;
  async function stored(transactionId: string, documentId: string): Promise<StoredDocument> {
    const document = await store.document(transactionId, documentId);
    if (!document) throw new CallError('not-found');
    return document;
  }

  async function document(transactionId: string, documentId: string) {
    const transaction = await store.transaction(transactionId);
    const found = transaction?.documents.find((d) => d.id === documentId);
    if (!found) throw new CallError('not-found');
    return found;
  }

  /** Fetched where it is not here: so too what was signed here, when its delivery was confirmed by reading back alone. */
  async function fetched(transactionId: string, documentId: string): Promise<StoredDocument> {
    await document(transactionId, documentId);
    if (!(await store.document(transactionId, documentId))) await sync.fetchDocument(transactionId, documentId);
    return stored(transactionId, documentId);
  }

  /** What is damaged is fetched again where the provider has it, and read once more. */
  async function mending<T>(transactionId: string, documentId: string, read: (s: StoredDocument) => Promise<T>) {
    try {
      return await read(await fetched(transactionId, documentId));
    } catch (error) {
      if (!isStoredDamage(error)) throw error;
      await sync.mendDocument(transactionId, documentId);
      return read(await stored(transactionId, documentId));
    }
  }

  const sourceOf = (revision: RevisionRef) => ({
    size: revision.sizeBytes,
    read: (offset: number, length: number) => store.readRevision(revision, offset, length),
  });
  let last: { readonly sha256: string; readonly range: ContentRange } | undefined;

  /** The part to look at: the document in a .p7m, else all of it. */
  async function shown(revision: RevisionRef): Promise<ContentRange> {
    if (last?.sha256 === revision.sha256) return last.range;
    const range = await shownRange(sourceOf(revision));
    last = { sha256: revision.sha256, range };
    return range;
  }

  return {
    'documents.open': async ({ transactionId, documentId }) => {
      await document(transactionId, documentId);
      await sync.fetchDocument(transactionId, documentId);
      return mending(transactionId, documentId, async ({ revision }) => {
        const { length } = await shown(revision);
        return { sha256: revision.sha256, sizeBytes: length };
      });
    },
    'documents.read': ({ transactionId, documentId, sha256, offset, length }) =>
      mending(transactionId, documentId, async ({ revision }) => {
        if (revision.sha256 !== sha256) throw new CallError('not-found');
        const range = await shown(revision);
        if (offset > range.length) throw new CallError('not-found');
        return store.readRevision(revision, range.offset + offset, Math.min(length, range.length - offset));
      }),
    'documents.firstPage': async ({ transactionId, documentId, sha256 }) => {
      const { revision } = await stored(transactionId, documentId);
      if (revision.sha256 !== sha256) throw new CallError('not-found');
      return (await firstPage(revision)) ?? {};
    },
    'documents.verify': ({ transactionId, documentId, online = false }) =>
      mending(transactionId, documentId, ({ revision }) => validate(revision, online)),
    'documents.export': async ({ transactionId, documentId, path }) => {
      const { title } = await document(transactionId, documentId);
      const { revision } = await fetched(transactionId, documentId);
      const suffix = (await isMessage(sourceOf(revision))) ? '.pdf.p7m' : '.pdf';
      const suggested = `${basename(title).replace(/(\.pdf|\.p7m)+$/i, '') || 'document'}${suffix}`;
      return exportRevision(rooms, revision, suggested, path);
    },
    'signing.places': async ({ transactionId, documentId }) => {
      const { forms, signatureRequests } = await document(transactionId, documentId);
      return signatureRequests
        .filter((request) => request.mine && request.state === 'ready')
        .map((request) => {
          const form = forms.find((f) => f.kind === 'signature' && f.signatureRequestId === request.id);
          const isVisible = form && !form.invisible && request.profile === 'PAdES';
          const box = isVisible ? form.box : undefined;
          return { signatureRequestId: request.id, moved: form?.moved ?? false, ...(box ? { box } : {}) };
        });
    },
  };
}
