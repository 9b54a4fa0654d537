/** Delivers one outbox row: runs the machine's effects against the provider, each state stored before its effect. */
import { isOfNotes, readChange } from '../inbox/index.ts';
import type { Clock } from '../platform/clock.ts';
import type {
  Change,
  ChangeContent,
  DeliveryMemo,
  Observation,
  ProviderSession,
  RemoteTransaction,
} from '../providers/provider.ts';
import { type OutboxRow, type Store, StoreError } from '../store/store.ts';
import { type DeliveryEvent, type DeliveryState, IN_FLIGHT_MS, reduce } from './outbox-machine.ts';
import { notesKey, notificationsKey, type Reads } from './reads.ts';
import type { SyncEvent } from './sync.ts';
import { toTransaction } from './to-transaction.ts';
import { toTrouble } from './trouble.ts';

export interface DeliveryParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly session: (accountId: string) => Promise<ProviderSession>;
  readonly random: () => number;
  readonly reads: Reads;
  readonly emit: (event: SyncEvent) => void;
}

const READ_CHUNK_BYTES = 256 * 1024;

/** A delivery under way. `seen` is the last observation and when its reading began. */
interface Under {
  readonly row: OutboxRow;
  /** Another one once an edited note was kept beside the one there. */
  change: Change;
  memo: DeliveryMemo | undefined;
  readonly startMs: number;
  /** How long the provider asked to wait, where it did. */
  retryAfterMs: number | undefined;
  seen: { readonly observation: Observation; readonly begun: number } | undefined;
  /** The signed file could not be read: the provider is not to blame. */
  unreadable: string | undefined;
}

function toState(row: OutboxRow): DeliveryState {
  const { attempts } = row;
  switch (row.state) {
    case 'confirmed':
      return { kind: 'confirmed' };
    case 'settled':
    case 'parked':
    case 'failed':
      return { kind: row.state === 'settled' ? 'parked' : row.state, attempts, code: row.code ?? 'internal' };
    case 'pending':
    case 'sending':
    case 'unknown':
      return { kind: row.state, attempts };
  }
}

function readMemo(text: string | undefined): DeliveryMemo | undefined {
  const memo: unknown = text === undefined ? undefined : JSON.parse(text);
  return typeof memo === 'object' && memo !== null ? { ...memo } : undefined;
}

/** The signed file as the provider reads it. */
function content(store: Store, under: Under, revision: OutboxRow['revision']): ChangeContent | undefined {
  if (!revision) return undefined;
  return {
    sizeBytes: revision.sizeBytes,
    async *chunks() {
      for (let at = 0; at < revision.sizeBytes; at += READ_CHUNK_BYTES) {
        try {
          yield await store.readRevision(revision, at, Math.min(READ_CHUNK_BYTES, revision.sizeBytes - at));
        } catch (error) {
          under.unreadable = error instanceof StoreError ? error.code : undefined;
          throw error;
        }
      }
    },
  };
}

async function send(parts: DeliveryParts, session: ProviderSession, under: Under, signal: AbortSignal) {
  const { store } = parts;
  const { row } = under;
  const saveMemo = async (memo: DeliveryMemo) => {
    under.memo = memo;
    await store.updateOutbox(row.id, { memo: JSON.stringify(memo) });
  };
  await session.send(under.change, under.memo ?? {}, content(store, under, row.revision), saveMemo, signal);
}

/** A note edited here that is another there, or gone: the one there stays, and the edit goes out as a note of its own. */
async function keepBoth(parts: DeliveryParts, under: Under, code: string): Promise<DeliveryEvent | undefined> {
  const { change, row } = under;
  if (change.kind !== 'note-edited' || (code !== 'note-changed' && code !== 'note-deleted')) return undefined;
  const { key, remoteId, text } = change;
  const added = { kind: 'note-added' as const, key, remoteId, text };
  const author = (await parts.store.accounts()).find(({ id }) => id === row.accountId);
  const note = {
    id: row.id,
    authorId: author?.userId ?? '',
    authorName: author?.userName ?? '',
    mine: true,
    text,
    createdAt: row.createdAt,
    unsent: true,
  };
  await parts.store.keepBothNotes(row.id, note, JSON.stringify(added), parts.clock.now());
  under.change = added;
  under.memo = undefined;
  return { kind: 'revised' };
}

/** Changes that a provider would make a second time where an earlier request of theirs arrives late. */
const madeTwice: ReadonlySet<Change['kind']> = new Set(['note-added', 'note-edited', 'fill']);

/** `changedAt` is when the last attempt ended, or when it was begun where nobody saw its end. */
function notBefore({ row, change }: Under, clock: Clock): { notBefore?: number } {
  const wasSent = row.state === 'sending' || row.state === 'unknown';
  if (!wasSent || !madeTwice.has(change.kind) || row.code === 'not-seen') return {};
  // A time to come is from before the clock was set back.
  return { notBefore: Math.min(row.changedAt, clock.now()) + IN_FLIGHT_MS };
}

async function observe(
  parts: DeliveryParts,
  session: ProviderSession,
  under: Under,
  signal: AbortSignal,
): Promise<DeliveryEvent> {
  const begun = parts.reads.begin();
  const observation = await session.observe(under.change, under.memo, signal);
  under.seen = { observation, begun };
  switch (observation.kind) {
    case 'applied':
      return { kind: 'applied' };
    case 'conflict':
      return (await keepBoth(parts, under, observation.code)) ?? { kind: 'conflict', code: observation.code };
    case 'not-applied':
      under.memo = observation.memo;
      return { kind: 'not-applied', now: parts.clock.now(), random: parts.random(), ...notBefore(under, parts.clock) };
  }
}

/** What the provider now says, read back together with the change or after it. */
async function readBack(parts: DeliveryParts, session: ProviderSession, under: Under, signal: AbortSignal) {
  const { row, change, seen } = under;
  const { transactionId } = row;
  if (change.kind === 'notification-cleared') {
    // A list that was asked for before may still have them.
    parts.reads.stored(notificationsKey(row.accountId), parts.reads.begin());
    return {};
  }
  if (transactionId === undefined) return {};
  const applied = seen?.observation.kind === 'applied' ? seen.observation : undefined;
  if (isOfNotes(change.kind)) {
    const begun = parts.reads.begin();
    const notes = await session.notes(change.remoteId, signal);
    parts.reads.stored(notesKey(transactionId), begun);
    return { notes, ...(applied?.note ? { noteId: applied.note.id } : {}) };
  }
  const known = applied?.remoteTransaction;
  const begun = known && seen ? seen.begun : parts.reads.begin();
  const remote: RemoteTransaction = known ?? (await session.transaction(change.remoteId, signal));
  // A page asked for after this reading is stored already: it is at least as new.
  if (parts.reads.isOutdated(transactionId, begun)) return {};
  parts.reads.stored(transactionId, begun);
  return { transaction: toTransaction(row.accountId, remote) };
}

const changedIn = ({ transactionId }: OutboxRow): SyncEvent => ({
  kind: 'inbox-changed',
  transactionIds: transactionId === undefined ? [] : [transactionId],
});

async function confirm(
  parts: DeliveryParts,
  session: ProviderSession,
  under: Under,
  signal: AbortSignal,
): Promise<DeliveryEvent> {
  const now = await readBack(parts, session, under, signal);
  const ms = parts.clock.monotonicMs() - under.startMs;
  await parts.store.confirmOutbox(under.row.id, { ...now, at: parts.clock.now(), ms });
  parts.emit(changedIn(under.row));
  return { kind: 'confirmed' };
}

/** What of a state its row keeps; undefined where nothing is to be stored. */
function toStored(state: DeliveryState, memo: DeliveryMemo | undefined) {
  switch (state.kind) {
    case 'confirmed':
    case 'sent':
      return undefined;
    case 'sending':
      return { state: state.kind, memo: JSON.stringify(memo ?? {}), retryAt: undefined, code: undefined };
    case 'pending':
    case 'unknown':
      return { state: state.kind, attempts: state.attempts, retryAt: state.retryAt, code: state.code };
    case 'parked':
    case 'failed':
      return { state: state.kind, retryAt: undefined, code: state.code };
  }
}

/** What the signing job whose file this is hears of a state. */
function toNews(jobId: string, state: DeliveryState, ms: number): SyncEvent | undefined {
  switch (state.kind) {
    case 'sending':
      return { kind: 'delivery', jobId, state: 'delivering' };
    case 'confirmed':
      return { kind: 'delivery', jobId, state: 'delivered', ms };
    case 'parked':
      return { kind: 'delivery', jobId, state: 'conflict', code: state.code };
    case 'failed':
      return { kind: 'delivery', jobId, state: 'failed', code: state.code };
    case 'pending':
    case 'unknown': {
      const { code, retryAt } = state;
      const why = { ...(code === undefined ? {} : { code }), ...(retryAt === undefined ? {} : { retryAt }) };
      return { kind: 'delivery', jobId, state: 'queued', ...why };
    }
    case 'sent':
      return undefined;
  }
}

async function enter(
  parts: DeliveryParts,
  row: OutboxRow,
  state: DeliveryState,
  memo: DeliveryMemo | undefined,
  ms: number,
) {
  const stored = toStored(state, memo);
  if (stored) {
    await parts.store.updateOutbox(row.id, { ...stored, at: parts.clock.now() });
    parts.emit(changedIn(row));
  }
  const news = row.jobId === undefined ? undefined : toNews(row.jobId, state, ms);
  if (news) parts.emit(news);
}

function firstEvent(row: OutboxRow, change: Change | undefined): DeliveryEvent {
  if (!change) return { kind: 'unreadable', code: 'unreadable' };
  return change.kind === 'signature' && !row.revision ? { kind: 'unreadable', code: 'damaged' } : { kind: 'due' };
}

/**
 * Takes a row as far as it goes now: confirmed, parked, failed, or waiting for its next time.
 * @returns where it stands, and the code of the trouble it met last
 * @throws StoreError where its state cannot be stored
 */
export async function deliverRow(
  parts: DeliveryParts,
  row: OutboxRow,
  signal: AbortSignal,
): Promise<{ state: DeliveryState['kind']; trouble: string | undefined; retryAfterMs: number | undefined }> {
  const startMs = parts.clock.monotonicMs();
  const change = readChange(row.change);
  const under: Under | undefined = change && {
    row,
    change,
    memo: readMemo(row.memo),
    startMs,
    retryAfterMs: undefined,
    seen: undefined,
    unreadable: undefined,
  };
  let trouble: string | undefined;
  let state = toState(row);
  let event: DeliveryEvent | undefined = firstEvent(row, change);
  while (event) {
    if (event.kind === 'trouble') trouble = event.code;
    const step = reduce(state, event);
    if (step.state !== state) {
      await enter(parts, row, step.state, under?.memo, parts.clock.monotonicMs() - startMs);
    }
    state = step.state;
    event = under && step.effect ? await run(parts, step.effect, under, signal) : undefined;
  }
  return { state: state.kind, trouble, retryAfterMs: under?.retryAfterMs };
}

async function run(
  parts: DeliveryParts,
  effect: 'observe' | 'send' | 'confirm',
  under: Under,
  signal: AbortSignal,
): Promise<DeliveryEvent> {
  try {
    signal.throwIfAborted();
    const session = await parts.session(under.row.accountId);
    if (effect === 'observe') return await observe(parts, session, under, signal);
    if (effect === 'confirm') return await confirm(parts, session, under, signal);
    await send(parts, session, under, signal);
    return { kind: 'sent' };
  } catch (error) {
    if (under.unreadable === 'damaged') return { kind: 'unreadable', code: 'damaged' };
    const { now, random } = { now: parts.clock.now(), random: parts.random() };
    const facts = toTrouble(error, signal);
    under.retryAfterMs = facts.retryAfterMs;
    return { kind: 'trouble', ...facts, now, random };
  }
}
