/**
 * Conflicts: changes made here that the provider has moved past. Each is on hold in the outbox, its signed file kept, until the
 * person settles it; nothing is dropped or overwritten before.
 */
import type { ConflictChoice, ConflictView, Transaction } from '../../preload/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { OutboxRow, Store } from '../store/store.ts';
import { ChangeError, newNote } from './changes.ts';
import { type LocalChange, readChange } from './local-change.ts';
import { type RequestRef, signableRequests } from './tasks.ts';

export interface ConflictsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Something changed in the outbox, for this transaction or for an account as a whole. */
  readonly committed: (transactionId: string | undefined) => void;
}

export type ToSign = RequestRef & { readonly transactionId: string };

export interface Conflicts {
  /** Newest first; settled ones only on request, and only those whose copy is kept. */
  list(filter: { transactionId?: string; settled?: boolean }): Promise<ConflictView[]>;
  /** @returns what is to be reviewed and signed anew, with sign-new-version @throws ChangeError not-found, not-a-choice, text-needed */
  settle(id: string, choice: ConflictChoice, text?: string): Promise<readonly ToSign[]>;
}

/** What the provider says after which nothing more can be signed in the transaction itself. */
const OVER = new Set(['declined', 'expired', 'deleted', 'replaced']);

interface Known {
  readonly row: OutboxRow;
  readonly change: LocalChange | undefined;
  readonly transaction: Transaction | undefined;
  /** The transaction that took this one's place, where it is here. */
  readonly successor: Transaction | undefined;
}

/** What is mine to sign now in place of what was signed in vain. */
function signAnew({ row, change, transaction, successor }: Known): ToSign[] {
  if (change?.kind !== 'signature') return [];
  const code = row.code ?? '';
  if (successor) {
    return signableRequests(successor).map(({ documentId, signatureRequestId }) => ({
      transactionId: successor.id,
      documentId,
      signatureRequestId,
    }));
  }
  if (!transaction || OVER.has(code)) return [];
  return signableRequests(transaction)
    .filter(({ signatureRequestId }) => signatureRequestId === change.signatureRequestId)
    .map(({ documentId, signatureRequestId }) => ({ transactionId: transaction.id, documentId, signatureRequestId }));
}

/** Where a note to the sender can go. */
const noteTo = ({ row, transaction, successor }: Known): Transaction | undefined =>
  successor ?? (row.code === 'deleted' || row.code === 'not-found' ? undefined : transaction);

function choicesOf(known: Known): ConflictChoice[] {
  const { row } = known;
  if (row.state === 'settled') return row.revision ? ['discard'] : [];
  return [
    ...(signAnew(known).length > 0 ? ['sign-new-version' as const] : []),
    ...(row.revision ? ['keep-copy' as const] : []),
    ...(noteTo(known) && row.kind !== 'note-added' ? ['tell-sender' as const] : []),
    'discard',
  ];
}

function textsOf(change: LocalChange | undefined): string[] {
  switch (change?.kind) {
    case 'decline':
      return [change.reason];
    case 'fill':
      return change.values.map(({ value }) => value);
    case 'note-added':
    case 'note-edited':
      return [change.text];
    case 'note-deleted':
      return [change.baseText];
    default:
      return [];
  }
}

function toView(known: Known): ConflictView {
  const { row, change, transaction } = known;
  const { id, accountId, transactionId, jobId, revision, settled } = row;
  const place = change && 'signatureRequestId' in change ? change : undefined;
  const document = transaction?.documents.find((each) => each.id === place?.documentId);
  const fileName = change?.kind === 'signature' ? change.fileName : 'document.pdf';
  return {
    id,
    accountId,
    title: transaction?.title ?? (change?.kind === 'device-revoked' ? change.name : ''),
    kind: change ? row.kind : 'unreadable',
    code: row.code ?? 'internal',
    happenedAt: row.changedAt,
    texts: textsOf(change),
    choices: choicesOf(known),
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(place ? { documentId: place.documentId, signatureRequestId: place.signatureRequestId } : {}),
    ...(document ? { documentTitle: document.title } : {}),
    ...(jobId === undefined ? {} : { jobId }),
    ...(revision ? { copy: { sha256: revision.sha256, sizeBytes: revision.sizeBytes, fileName } } : {}),
    ...(settled === undefined ? {} : { settled }),
  };
}

export function createConflicts({ store, clock, newId, committed }: ConflictsDeps): Conflicts {
  async function know(row: OutboxRow): Promise<Known> {
    const transaction = row.transactionId === undefined ? undefined : await store.transaction(row.transactionId);
    const successor =
      transaction?.replacedBy === undefined
        ? undefined
        : await store.transaction(`${row.accountId}:${transaction.replacedBy}`);
    return { row, change: readChange(row.change), transaction, successor };
  }

  const isOnHold = ({ state }: OutboxRow) => state === 'parked' || state === 'failed';

  async function find(id: string): Promise<Known> {
    const rows = [...(await store.outbox({ unconfirmed: true })), ...(await store.outbox({ settled: true }))];
    const row = rows.find((each) => each.id === id && (isOnHold(each) || each.revision !== undefined));
    if (!row) throw new ChangeError('not-found');
    return know(row);
  }

  return {
    async list({ transactionId, settled = false }) {
      const about = transactionId === undefined ? {} : { transactionId };
      const open = (await store.outbox({ unconfirmed: true, ...about })).filter(isOnHold);
      const kept = settled ? (await store.outbox({ settled: true, ...about })).filter(({ revision }) => revision) : [];
      const rows = [...open, ...kept].toSorted((a, b) => b.changedAt - a.changedAt);
      const views: ConflictView[] = [];
      for (const row of rows) views.push(toView(await know(row)));
      return views;
    },

    async settle(id, choice, text) {
      const known = await find(id);
      const { row } = known;
      if (!choicesOf(known).includes(choice)) throw new ChangeError('not-a-choice');
      const at = clock.now();
      const keepCopy = choice !== 'discard';
      const toSign = choice === 'sign-new-version' ? signAnew(known) : [];
      const addressee = choice === 'tell-sender' ? noteTo(known) : undefined;
      if (addressee) {
        if (text === undefined) throw new ChangeError('text-needed');
        const then = await newNote(store, addressee, newId(), text, at);
        await store.settleOutbox(id, { choice, keepCopy, at, then });
        if (addressee.id !== row.transactionId) committed(addressee.id);
      } else await store.settleOutbox(id, { choice, keepCopy, at });
      // What the provider deleted stayed here for this alone.
      if (!keepCopy && row.code === 'deleted' && known.transaction) {
        await store.applyPull(row.accountId, [], [known.transaction.remoteId]);
      }
      committed(row.transactionId);
      return toSign;
    },
  };
}
