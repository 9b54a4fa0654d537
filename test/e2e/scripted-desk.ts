/**
 * A desk in memory that follows the contract to the letter (every input and output is parsed by it): for the screens that are
 * hard to bring about for real (a locked card, an expired certificate, a module that crashed, no network, many rows).
 */
import { createHash, randomUUID } from 'node:crypto';
import { bufferSource, cutPage } from '../../main/pdf/index.ts';
import { createPinKey, newPinContext } from '../../native/sealed-pin.ts';
import {
  type CallName,
  type CallOutput,
  calls,
  type EventName,
  type EventPayload,
  events,
  type ParsedInput,
} from '../../preload/contract.ts';
import type { SealedPin, SignatureReport, TokenView } from '../../preload/model.ts';
import type { Sample } from '../sandbox/samples/index.ts';
import { scriptedActivity, scriptedAudit } from './scripted-activity.ts';
import { type ScriptedDevices, scriptedDevices } from './scripted-devices.ts';
import { countViews, listScripted, tagsOf } from './scripted-inbox.ts';
import { scriptedSettings } from './scripted-settings.ts';
import { scriptedSigning } from './scripted-signing.ts';
import type { ScriptedTransaction } from './scripted-transactions.ts';
import { scriptedTransactions } from './scripted-transactions.ts';

export interface Script {
  readonly samples: readonly Sample[];
  readonly signedIn: boolean;
  readonly tokens: readonly TokenView[];
  readonly tokenProblems?: CallOutput<'tokens.list'>['problems'];
  /** What is around the tokens, where it is more than one good reader. */
  readonly around?: Partial<CallOutput<'tokens.diagnose'>>;
  readonly online?: boolean;
  readonly pin?: string;
  /** What every document's signatures are said to be. */
  readonly signatures?: readonly SignatureReport[];
  readonly ineligible?: CallOutput<'signing.ineligible'>;
  /** False where the host does not hear of a locked screen. */
  readonly watchesSystem?: boolean;
  readonly moreRows?: number;
  /** What the app was started to open. */
  readonly opened?: string;
  /** The account is from before its user name was kept. */
  readonly forgotUserName?: boolean;
  readonly conflicts?: CallOutput<'conflicts.list'>;
  readonly notifications?: CallOutput<'notifications.list'>;
  /** As many deeds more to sign. */
  readonly deeds?: number;
  /** One more to sign where I like, with two documents attached to it. */
  readonly free?: boolean;
  /** The card is pulled when so many of a batch are signed; once. */
  readonly pullCardAfter?: number;
  readonly settings?: Partial<CallOutput<'settings.get'>>;
  readonly devices?: ScriptedDevices;
  /** Answers these calls with an error instead. */
  readonly failing?: Readonly<Partial<Record<CallName, string>>>;
  /** Answers beside its own, or in their place. */
  readonly more?: Handlers;
}

export const scriptedPuk = '90817263';

class Refusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const hashes = new WeakMap<Uint8Array, string>();
/** Of large samples too: each is hashed once. */
function sha256(bytes: Uint8Array): string {
  const hash = hashes.get(bytes) ?? createHash('sha256').update(bytes).digest('hex');
  hashes.set(bytes, hash);
  return hash;
}

export type Handlers = { readonly [N in CallName]?: (input: ParsedInput<N>) => CallOutput<N> | Promise<CallOutput<N>> };

export function createScriptedDesk(script: Script) {
  const now = Date.now();
  const inbox = scriptedTransactions(script.samples, now, script.moreRows, script.deeds, script.free);
  const accounts: CallOutput<'accounts.list'> = [];
  const sessions = new Map<string, ReturnType<typeof createPinKey>>();
  const listeners = new Set<(name: EventName, payload: unknown) => void>();
  const conflicts = [...(script.conflicts ?? [])];
  let notifications = [...(script.notifications ?? [])];
  const state = {
    paused: false,
    taken: false,
    online: script.online ?? true,
    around: script.around ?? {},
    tokens: script.tokens,
    pullCardAfter: script.pullCardAfter,
    pin: script.pin ?? '123456',
  };
  /** Names of the calls made, in order. */
  const made: string[] = [];

  function emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    const parsed = events[name].parse(payload);
    for (const listener of listeners) listener(name, parsed);
  }
  function find(transactionId: string): ScriptedTransaction {
    const found = inbox.find(({ transaction }) => transaction.id === transactionId);
    if (!found) throw new Refusal('not-found');
    return found;
  }
  function addAccount() {
    const account = {
      id: 'account-1',
      provider: 'signing-today' as const,
      baseUrl: 'https://signing.example',
      userId: 'me',
      userName: 'Marta Kalniņa',
      label: 'Signing Today',
      state: 'signed-in' as const,
    };
    accounts.push(account);
    return account;
  }
  function accountOf(accountId: string) {
    const account = accounts.find(({ id }) => id === accountId);
    if (!account) throw new Refusal('not-found');
    return account;
  }
  const waiting = () => inbox.flatMap(({ notes }) => notes).filter(({ unsent }) => unsent).length;

  /** As a token host does: each seal opens once, for its own place. */
  function changePin(sessionId: string, old: SealedPin | undefined, fresh: SealedPin | undefined, expected: string) {
    const key = sessions.get(sessionId);
    sessions.delete(sessionId);
    if (!key) throw new Refusal('pin-unreadable');
    if (!old || !fresh) return {};
    if (key.open(sessionId, old).toString('utf8') !== expected) throw new Refusal('pin-incorrect');
    state.pin = key.open(newPinContext(sessionId), fresh).toString('utf8');
    return {};
  }

  const settings = scriptedSettings(script.settings ?? {}, emit, (code) => new Refusal(code));
  const signing = scriptedSigning({ script, state, sessions, find, emit, refusal: (code) => new Refusal(code) });
  const handlers: Handlers = {
    'app.info': () => ({
      version: 'test',
      host: 'headless',
      secretStore: 'memory',
      profile: 'scripted',
      missing: ['PC/SC'],
    }),
    'app.takeOpened': () => {
      const taken = script.opened === undefined || state.taken ? {} : { transactionId: script.opened };
      state.taken = true;
      return taken;
    },
    'diagnostics.preview': () => ({ text: '{ "app": {} }' }),
    'appearances.identities': () => {
      throw new Refusal('unsupported');
    },
    'practice.show': () => ({ available: true }),
    'updates.check': () => ({ release: { version: '1.5.0', releasedAt: now - 86_400_000 } }),
    'accounts.list': () => accounts,
    'accounts.add': ({ password }) => {
      if (password !== 'right') throw new Refusal('sign-in-refused');
      return addAccount();
    },
    'accounts.signIn': ({ accountId, password, username }) => {
      const account = accountOf(accountId);
      if (username === undefined && script.forgotUserName) throw new Refusal('username-needed');
      if (password !== 'right') throw new Refusal('sign-in-refused');
      account.state = 'signed-in';
      return account;
    },
    'accounts.signOut': ({ accountId }) => {
      accountOf(accountId).state = 'sign-in-expired';
      return {};
    },
    'sync.now': () => {
      if (!state.online) throw new Refusal('offline');
      for (const { notes } of inbox) for (const note of notes) note.unsent = false;
      emit('sync.changed', { online: true, waiting: 0, needsAttention: 0, paused: false });
      return { pulled: inbox.length, delivered: 0, waiting: 0, errors: [] };
    },
    'sync.status': () => ({
      online: state.online,
      waiting: waiting(),
      sending: 0,
      needsAttention: conflicts.length,
      paused: state.paused,
      accounts: [],
      lastSyncAt: now - 90_000,
      ...(state.online ? {} : { offlineSince: now - 3_600_000 }),
    }),
    'sync.pause': () => {
      state.paused = true;
      return {};
    },
    'sync.resume': () => {
      state.paused = false;
      return {};
    },
    'conflicts.list': () => conflicts,
    'conflicts.settle': ({ id, choice, text }) => {
      const at = conflicts.findIndex((conflict) => conflict.id === id);
      const [settled] = conflicts.splice(at, at < 0 ? 0 : 1);
      if (!settled) throw new Refusal('not-found');
      if (choice === 'tell-sender' && !text) throw new Refusal('text-needed');
      return { toSign: [] };
    },
    'activity.list': ({ before }) => (before === undefined ? scriptedActivity(now) : []),
    'inbox.list': (query) => listScripted(inbox, query),
    'inbox.tags': () => tagsOf(inbox),
    'inbox.accounts': () => accounts.map(({ id }) => ({ accountId: id, counts: countViews(inbox) })),
    'outbox.list': () =>
      inbox.flatMap(({ transaction, notes }) =>
        notes
          .filter(({ unsent }) => unsent)
          .map(({ id, createdAt }) => ({
            id: `outbox ${id}`,
            accountId: transaction.accountId,
            transactionId: transaction.id,
            title: transaction.title,
            kind: 'note-added' as const,
            state: 'pending' as const,
            attempts: 1,
            retryAt: createdAt + 60_000,
            code: 'offline',
            createdAt,
            changedAt: createdAt,
          })),
      ),
    'outbox.retry': () => ({}),
    'inbox.show': ({ transactionId }) => {
      const { transaction, notes } = find(transactionId);
      return { transaction, notes, jobs: [], outbox: [] };
    },
    'documents.open': ({ transactionId }) => {
      const { bytes } = find(transactionId).sample;
      return { sha256: sha256(bytes), sizeBytes: bytes.length };
    },
    'documents.read': ({ transactionId, offset, length }) =>
      new Uint8Array(find(transactionId).sample.bytes.subarray(offset, offset + length)),
    'documents.firstPage': async ({ transactionId }) =>
      (await cutPage(bufferSource(find(transactionId).sample.bytes), 1).catch(() => undefined)) ?? {},
    'documents.verify': ({ transactionId }) => {
      const signatures = script.signatures ?? [];
      const sizeBytes = find(transactionId).sample.bytes.length;
      return { valid: signatures.every(({ cms }) => cms === 'valid'), sizeBytes, signatures: [...signatures] };
    },
    'documents.export': ({ transactionId }) => ({
      path: '/home/marta/Downloads/copy.pdf',
      savedId: 'saved-1',
      sha256: sha256(find(transactionId).sample.bytes),
    }),
    'app.showSaved': ({ savedId }) => {
      if (savedId !== 'saved-1') throw new Refusal('not-found');
      return {};
    },
    'notes.add': ({ transactionId, text }) => {
      const note = {
        id: randomUUID(),
        authorId: 'me',
        authorName: 'Marta Kalniņa',
        mine: true,
        text,
        createdAt: Date.now(),
        unsent: !state.online,
      };
      find(transactionId).notes.push(note);
      return note;
    },
    'transactions.decline': ({ transactionId }) => {
      find(transactionId).transaction.status = 'declined';
      emit('inbox.changed', { transactionIds: [transactionId] });
      return { declined: 1 };
    },
    'transactions.fill': ({ transactionId, values }) => {
      const { transaction } = find(transactionId);
      for (const form of transaction.documents.flatMap(({ forms }) => forms)) {
        const given = values.find(({ formId }) => formId === form.id);
        if (given) Object.assign(form, { filled: true, value: given.value });
      }
      transaction.status = 'to-sign';
      return {};
    },
    'tokens.list': () => ({ tokens: [...state.tokens], problems: script.tokenProblems ?? [] }),
    'tokens.diagnose': () => ({
      diagnosis: { layer: state.tokens.length > 0 ? 'ok' : 'no-card', cards: [] },
      service: 'running',
      readers: [{ name: 'Reader 0', cardPresent: state.tokens.length > 0 }],
      modules: [{ path: '/usr/lib/softhsm/libsofthsm2.so', source: 'vendor', vendor: 'SoftHSM' }],
      tokens: [...state.tokens],
      problems: script.tokenProblems ?? [],
      absent: [],
      ...state.around,
    }),
    'tokens.watch': () => ({}),
    'sync.conditions': () => ({}),
    'tokens.addModule': () => {
      throw new Refusal('module-wrong-architecture');
    },
    'tokens.session': () => {
      const key = createPinKey();
      const sessionId = randomUUID();
      sessions.set(sessionId, key);
      return { sessionId, publicKey: new Uint8Array(key.publicKey), needsPin: true };
    },
    'tokens.loginLifetime': () => ({
      minutes: settings.current().loginLifetimeMinutes,
      watchesSystem: script.watchesSystem ?? true,
    }),
    'tokens.logOut': () => ({}),
    'tokens.changePin': ({ sessionId, sealedOld, sealedNew }) => changePin(sessionId, sealedOld, sealedNew, state.pin),
    'tokens.unblock': ({ sessionId, sealedPuk, sealedNew }) => changePin(sessionId, sealedPuk, sealedNew, scriptedPuk),
    'notifications.list': () => structuredClone(notifications),
    'notifications.clear': ({ transactionId }) => {
      notifications = notifications.filter((each) => each.transactionId !== transactionId);
      return {};
    },
    'prepare.audit': () => ({ records: scriptedAudit(now) }),
    ...settings.handlers,
    ...signing.handlers,
    ...scriptedDevices(script.devices ?? {}, emit, (code) => new Refusal(code)),
  };

  if (script.signedIn) addAccount();
  return {
    made,
    placed: signing.placed,
    pin: () => state.pin,
    emit,
    setOnline(online: boolean) {
      state.online = online;
      emit('sync.changed', { online, waiting: waiting(), needsAttention: 0, paused: false });
    },
    /** One that was updated just now, as a sync brings it: above the others. */
    arrive(title: string) {
      const [first] = inbox;
      if (!first) throw new Error('nothing to make another of');
      const transaction = { ...first.transaction, id: randomUUID(), title, updatedAt: Date.now() };
      inbox.unshift({ ...first, transaction });
      emit('inbox.changed', { transactionIds: [transaction.id] });
    },
    insertCard() {
      state.tokens = script.tokens;
      emit('tokens.changed', { cause: 'card-inserted', service: 'running', reader: 'Reader 0' });
    },
    setAround(around: NonNullable<Script['around']>, change: EventPayload<'tokens.changed'>) {
      state.around = around;
      emit('tokens.changed', change);
    },
    on(listener: (name: EventName, payload: unknown) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async onCall(_sender: unknown, name: string, input: unknown): Promise<unknown> {
      made.push(name);
      try {
        const failing = script.failing?.[name as CallName];
        if (failing !== undefined) throw new Refusal(failing);
        const handler = (script.more?.[name as CallName] ?? handlers[name as CallName]) as
          | ((given: unknown) => unknown)
          | undefined;
        const call = calls[name as CallName];
        if (!handler) throw new Refusal('unknown-call');
        return { ok: true, value: call.output.parse(await handler(call.input.parse(input))) };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal';
        if (code === 'internal') console.error(error);
        return { ok: false, error: { code, retryable: code === 'offline', details: {} } };
      }
    },
  };
}

export type ScriptedDesk = ReturnType<typeof createScriptedDesk>;
