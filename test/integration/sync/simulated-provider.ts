/** A signing service in memory, and a session over a network that a test makes fail. Effects are counted at the server. */
import {
  type Change,
  type ChangeContent,
  type DeliveryMemo,
  type Observation,
  ProviderError,
  type ProviderSession,
  type RemoteNotification,
  type RemoteTransaction,
} from '../../../main/providers/provider.ts';
import type { Note, SignatureRequest, TransactionDocument } from '../../../preload/model.ts';
import { aDocument, aForm, aRequest, aTransaction } from '../../unit/inbox/model-fixtures.ts';
import { sha256, somePdf } from '../store/open-profile.ts';

export const faults = [
  'no-connection',
  'lost-request',
  'lost-response',
  'duplicate',
  'server-error',
  'rate-limited',
  'sign-in-expired',
  'cut-body',
  /** The request arrives after others that were sent later. */
  'late',
] as const;
export type Fault = (typeof faults)[number];

/** Asked once a request; undefined lets it through. */
export type Network = (call: string) => Fault | undefined;

interface ServerTransaction {
  remote: RemoteTransaction;
  readonly notes: Note[];
}

export interface Server {
  /** Counts up with every change; the server's clock. */
  time: number;
  readonly transactions: Map<string, ServerTransaction>;
  readonly devices: Set<string>;
  notifications: RemoteNotification[];
  /** Requests on their way that nobody waits for any more, and when they arrive at the latest (our clock). */
  late: { readonly at: number; readonly arrive: () => Promise<void> }[];
  readonly resources: Map<string, Uint8Array>;
  /** `<kind> <remoteId> …` for each change that took effect through a session. */
  readonly effects: string[];
  /** How often each fault was met. */
  readonly met: Map<Fault, number>;
}

const today = (server: Server, remoteId: string) => {
  const found = server.transactions.get(remoteId);
  if (!found) throw new ProviderError('not-found', { status: 404 });
  return found;
};

export function makeServer(): Server {
  return {
    time: 1_000_000,
    transactions: new Map(),
    devices: new Set(),
    notifications: [],
    late: [],
    resources: new Map(),
    effects: [],
    met: new Map(),
  };
}

export function addTransaction(
  server: Server,
  remoteId: string,
  document: Partial<TransactionDocument> = {},
  about: Partial<RemoteTransaction['transaction']> = {},
) {
  const resourceId = `resource-${remoteId}-0`;
  server.resources.set(resourceId, somePdf(3000));
  const documents = [aDocument({ currentResourceId: resourceId, ...document })];
  server.time += 1;
  const {
    id: _id,
    accountId: _accountId,
    ...transaction
  } = aTransaction(remoteId, { documents, updatedAt: server.time, ...about });
  server.transactions.set(remoteId, { remote: { transaction, deleted: false }, notes: [] });
}

/** Documents with two signers, me first, and a text form of mine that need not be filled. */
export const twoSigners: Partial<TransactionDocument> = {
  signatureRequests: [aRequest(), aRequest({ id: 'theirs', mine: false, signerName: 'Otto Other' })],
  forms: [aForm({ required: false })],
};

function change(server: Server, remoteId: string, map: (document: TransactionDocument) => TransactionDocument): void {
  const entry = today(server, remoteId);
  server.time += 1;
  const { transaction } = entry.remote;
  const documents = transaction.documents.map(map);
  const requests = documents.flatMap((document) => document.signatureRequests);
  const ended = requests.some(({ state }) => state === 'declined')
    ? 'declined'
    : requests.every(({ state }) => state === 'signed')
      ? 'signed'
      : undefined;
  const isMine = requests.some(({ mine, state }) => mine && state === 'ready');
  const status = ended ?? (isMine ? 'to-sign' : 'waiting');
  entry.remote = { ...entry.remote, transaction: { ...transaction, documents, status, updatedAt: server.time } };
}

const settle = (requests: readonly SignatureRequest[], id: string, to: Partial<SignatureRequest>) =>
  requests.map((request) => (request.id === id ? { ...request, ...to } : request));

/** Somebody signs: the document stands on a new resource. */
export function signAt(server: Server, remoteId: string, requestId: string, bytes: Uint8Array): string {
  const resourceId = `resource-${remoteId}-${server.time}`;
  server.resources.set(resourceId, bytes);
  change(server, remoteId, (document) => ({
    ...document,
    status: 'signed',
    currentResourceId: resourceId,
    signatureRequests: settle(document.signatureRequests, requestId, { state: 'signed' }),
  }));
  return resourceId;
}

export function deleteAt(server: Server, remoteId: string): void {
  change(server, remoteId, (document) => document);
  const entry = today(server, remoteId);
  entry.remote = { ...entry.remote, deleted: true };
}

/** Gone without a trace: no list speaks of it any more. */
export function purgeAt(server: Server, remoteId: string): void {
  server.transactions.delete(remoteId);
}

/** My note, edited or deleted on another of my machines. */
export function changeNoteAt(server: Server, remoteId: string, noteId: string, text: string | undefined): void {
  const { notes } = today(server, remoteId);
  const at = notes.findIndex(({ id }) => id === noteId);
  const note = notes[at];
  if (note && text !== undefined) notes[at] = { ...note, text };
  else if (note) notes.splice(at, 1);
}

export function notifyAt(server: Server, remoteId: string): void {
  server.time += 1;
  const id = `notification-${server.time}`;
  server.notifications.unshift({ id, remoteId, title: 'A lease', event: 'to-sign', at: server.time });
}

/** Lets arrive what is late; all of it, or what is due by a time. */
export async function arrivals(server: Server, by = Number.POSITIVE_INFINITY): Promise<void> {
  for (const request of server.late.filter(({ at }) => at <= by)) {
    server.late = server.late.filter((each) => each !== request);
    await request.arrive();
  }
}

const bytesOf = (server: Server, remoteId: string) => {
  const resourceId = today(server, remoteId).remote.transaction.documents[0]?.currentResourceId ?? '';
  return server.resources.get(resourceId) ?? new Uint8Array();
};

function observe(server: Server, made: Change, memo: DeliveryMemo | undefined): Observation {
  const open: Observation = { kind: 'not-applied', memo: memo ?? {} };
  if (made.kind === 'device-revoked') return server.devices.has(made.remoteId) ? open : { kind: 'applied' };
  if (made.kind === 'notification-cleared') {
    return server.notifications.some(({ id }) => made.ids.includes(id)) ? open : { kind: 'applied' };
  }
  const found = server.transactions.get(made.remoteId);
  if (!found || found.remote.deleted) return { kind: 'conflict', code: 'deleted' };
  const { remote, notes } = found;
  const [document] = remote.transaction.documents;
  if (!document) return { kind: 'conflict', code: 'not-permitted' };
  const applied: Observation = { kind: 'applied', remoteTransaction: remote };
  const needsRunning = made.kind === 'fill' || made.kind === 'decline' || made.kind === 'signature';
  if (needsRunning && remote.transaction.status === 'draft') return { kind: 'conflict', code: 'not-permitted' };
  switch (made.kind) {
    case 'note-added': {
      const before = memo?.before;
      if (!Array.isArray(before)) return { kind: 'not-applied', memo: { before: notes.map(({ id }) => id) } };
      const added = notes.find((note) => note.mine && note.text === made.text && !before.includes(note.id));
      return added ? { kind: 'applied', note: added } : open;
    }
    case 'note-edited':
    case 'note-deleted': {
      const note = notes.find(({ id }) => id === made.noteId);
      if (!note) return made.kind === 'note-deleted' ? { kind: 'applied' } : { kind: 'conflict', code: 'note-deleted' };
      if (made.kind === 'note-edited' && note.text === made.text) return { kind: 'applied' };
      return note.text === made.baseText ? open : { kind: 'conflict', code: 'note-changed' };
    }
    case 'published':
      return remote.transaction.status === 'draft' ? open : applied;
    case 'fill': {
      if (made.values.every((value) => document.forms.some((f) => f.id === value.formId && f.value === value.value)))
        return applied;
      if (remote.transaction.status === 'declined') return { kind: 'conflict', code: 'declined' };
      return document.status === 'signed' ? { kind: 'conflict', code: 'document-moved-on' } : open;
    }
    case 'decline':
    case 'signature': {
      const request = document.signatureRequests.find(({ id }) => id === made.signatureRequestId);
      const isDeclined = request?.state === 'declined';
      if (made.kind === 'decline' && isDeclined) return applied;
      const isOurs = made.kind === 'signature' && server.effects.includes(effectOf(made));
      if (request?.state === 'signed') return isOurs ? applied : { kind: 'conflict', code: 'signed-elsewhere' };
      if (remote.transaction.status === 'declined') return { kind: 'conflict', code: 'declined' };
      if (made.kind === 'decline') return open;
      const base = sha256(bytesOf(server, made.remoteId));
      return base === made.baseSha256 ? open : { kind: 'conflict', code: 'document-moved-on' };
    }
  }
}

function aboutEffect(made: Change): string {
  switch (made.kind) {
    case 'note-added':
      return made.text;
    case 'note-edited':
      return `${made.noteId} ${made.text}`;
    case 'note-deleted':
      return made.noteId;
    case 'signature':
      return made.sha256;
    case 'fill':
      return made.values.map(({ value }) => value).join(' ');
    case 'notification-cleared':
      return made.ids.join(' ');
    default:
      return '';
  }
}

/** Once an effect took place at the server, in the words its list counts it by. */
export const effectOf = (made: Change): string => `${made.kind} ${made.remoteId} ${aboutEffect(made)}`.trim();

async function take(server: Server, made: Change, content: ChangeContent | undefined): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content?.chunks() ?? []) chunks.push(chunk);
  if (made.kind === 'note-edited' || made.kind === 'note-deleted') {
    // As the service does: what the note said before is not asked for.
    const note = server.transactions.get(made.remoteId)?.notes.find(({ id }) => id === made.noteId);
    if (!note) throw new ProviderError('stale', { status: 404 });
    // A request that the network repeats changes nothing the second time.
    if (made.kind === 'note-edited' && note.text === made.text) return;
  } else if (made.kind !== 'note-added' && observe(server, made, undefined).kind !== 'not-applied') {
    throw new ProviderError('stale', { status: 409 });
  }
  server.effects.push(effectOf(made));
  switch (made.kind) {
    case 'device-revoked':
      server.devices.delete(made.remoteId);
      return;
    case 'notification-cleared':
      server.notifications = server.notifications.filter(({ remoteId }) => remoteId !== made.remoteId);
      return;
    case 'note-edited':
    case 'note-deleted':
      return changeNoteAt(server, made.remoteId, made.noteId, made.kind === 'note-edited' ? made.text : undefined);
    case 'published': {
      const entry = today(server, made.remoteId);
      const { transaction } = entry.remote;
      entry.remote = { ...entry.remote, transaction: { ...transaction, status: 'to-sign' } };
      return change(server, made.remoteId, (document) => document);
    }
    case 'note-added': {
      const { notes } = today(server, made.remoteId);
      const id = `note-${server.effects.length}`;
      notes.push({
        id,
        authorId: 'me',
        authorName: 'Mia',
        mine: true,
        text: made.text,
        createdAt: server.time,
        unsent: false,
      });
      return;
    }
    case 'fill':
      return change(server, made.remoteId, (document) => ({
        ...document,
        forms: document.forms.map((form) => {
          const value = made.values.find(({ formId }) => formId === form.id)?.value;
          return value === undefined ? form : { ...form, value, filled: true };
        }),
        status: document.status === 'plain' ? 'filled' : document.status,
      }));
    case 'decline':
      return change(server, made.remoteId, (document) => ({
        ...document,
        signatureRequests: settle(document.signatureRequests, made.signatureRequestId, {
          state: 'declined',
          declinedReason: made.reason,
        }),
      }));
    case 'signature':
      signAt(server, made.remoteId, made.signatureRequestId, Buffer.concat(chunks));
  }
}

const PAGE = 3;
/** No request outlives its connection by more. */
const LATEST_MS = 10_000;

/** A session over `network`; `isSignedIn` is asked at each request. */
export function openSession(
  server: Server,
  network: Network,
  isSignedIn: () => boolean = () => true,
  now: () => number = () => 0,
): ProviderSession {
  /** Reading: a fault means no answer. Changing: a fault comes before or after the effect. */
  async function request<T>(call: string, changes: boolean, work: () => Promise<T> | T): Promise<T> {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isSignedIn()) throw new ProviderError('sign-in-expired', { status: 401 });
    await arrivals(server, now());
    const asked = network(call);
    // Reading changes nothing: late is lost. Notes, which a server cannot tell apart, are not sent on by anybody twice.
    const fault = asked === 'late' && !changes ? 'no-connection' : asked;
    if (fault) server.met.set(fault, (server.met.get(fault) ?? 0) + 1);
    switch (fault) {
      case undefined:
      case 'cut-body':
        return work();
      case 'no-connection':
        throw new ProviderError('offline');
      case 'lost-request':
        throw new ProviderError('offline', { outcomeUnknown: changes });
      case 'server-error':
        throw new ProviderError('server-error', { status: 502, outcomeUnknown: changes });
      case 'rate-limited':
        throw new ProviderError('rate-limited', { status: 429, retryAfterMs: 20_000 });
      case 'sign-in-expired':
        throw new ProviderError('sign-in-expired', { status: 401 });
      case 'lost-response':
        await work();
        throw new ProviderError('offline', { outcomeUnknown: changes });
      case 'late':
        server.late.push({
          at: now() + LATEST_MS,
          arrive: async () => void (await Promise.resolve(work()).catch(() => 0)),
        });
        throw new ProviderError('offline', { outcomeUnknown: true });
      case 'duplicate': {
        const answer = await work();
        // A server with no keys takes an equal note twice: no proxy repeats a POST, so notes are spared.
        if (!call.endsWith('note-added')) await Promise.resolve(work()).catch(() => undefined);
        return answer;
      }
    }
  }

  return {
    async *transactions({ updatedSince = 0, position = 0 }) {
      const all = [...server.transactions.values()]
        .map(({ remote }) => remote)
        .filter(({ transaction }) => transaction.updatedAt >= updatedSince)
        .toSorted((a, b) => b.transaction.updatedAt - a.transaction.updatedAt);
      for (let at = position; at === position || at < all.length; at += PAGE) {
        const items = await request('transactions', false, () => all.slice(at, at + PAGE));
        yield { items, total: all.length, unreadable: [] };
      }
    },
    transaction: (remoteId) => request('transaction', false, () => today(server, remoteId).remote),
    notes: (remoteId) => request('notes', false, () => structuredClone(today(server, remoteId).notes)),
    identities: async () => [],
    notifications: () => request('notifications', false, () => [...server.notifications]),
    clockSkewMs: () => undefined,
    async download(resourceId) {
      let isCut = false;
      const bytes = await request('download', false, () => server.resources.get(resourceId));
      if (!bytes) throw new ProviderError('not-found', { status: 404 });
      isCut = network('body') === 'cut-body';
      if (isCut) server.met.set('cut-body', (server.met.get('cut-body') ?? 0) + 1);
      return (async function* () {
        yield bytes.subarray(0, 1000);
        if (isCut) throw new ProviderError('offline');
        yield bytes.subarray(1000);
      })();
    },
    observe: (made, memo) => request(`observe ${made.kind}`, false, () => observe(server, made, memo)),
    async send(made, memo, content, saveMemo) {
      if (made.kind === 'signature' && memo.uploaded !== true) {
        await request('upload', true, () => undefined);
        await saveMemo({ ...memo, uploaded: true });
      }
      await request(`send ${made.kind}`, true, () => take(server, made, content));
    },
  };
}
