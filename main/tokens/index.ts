/** The face of the tokens room: every token of every module, and batches on one of them. */
import { createTokenHost, type HostDeadlines } from '../../native/client.ts';
import type { ChildProcessPort, TokenFailure, TokenHost, TokenPinState, TokenResult } from '../../native/token-port.ts';
import type { SealedPin, TokenView } from '../../preload/model.ts';
import type { CertificateFacts } from '../pki/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { AccountIdentity } from './identity-match.ts';
import { createKeptLogins, type KeptLogin } from './kept-logins.ts';
import { createTokenBatch, type OpenBatch } from './token-batch.ts';
import { type KnownKey, type KnownToken, toKnownToken, type ViewContext } from './token-view.ts';
import type { SigningKey, TokenBatch, TokenListing, Tokens } from './tokens.ts';

export { absentIdentities } from './absent-identities.ts';
export { type FoundModule, findModules, type KnownModuleOptions, knownModulePaths } from './known-modules.ts';
export { createLiveTokens, type LiveTokens, type LiveTokensOptions, type TokenSurroundings } from './live.ts';
export { checkModule } from './module-check.ts';
export { overviewTokens, type TokensOverview } from './overview.ts';
export { readerOfSlot } from './reader-match.ts';
export type * from './tokens.ts';

export interface TokensOptions {
  /** Starts a token host's process: the host's `startProcess` with the entry `token-host`. */
  readonly startProcess: (args: readonly string[]) => ChildProcessPort;
  /** Absolute paths of the modules to look into, asked again at each listing. */
  readonly modulePaths: () => readonly string[];
  readonly parseCertificate: (der: Uint8Array) => CertificateFacts;
  readonly clock: Clock;
  /** The answer to reset of the card in a reader (a slot's description), hex, where PC/SC knows it. */
  readonly atrOf?: (slotDescription: string) => string | undefined;
  readonly deadlinesMs?: Partial<HostDeadlines>;
  /** A login that nothing is signed with for so long ends. */
  readonly idleMs?: number;
  /** How long after its PIN a login may be used for further batches: 0 for none, infinite until the token is removed. */
  readonly loginLifetimeMs?: () => number;
}

export function createTokens(options: TokensOptions): Tokens {
  const room = new TokensRoom(options);
  return {
    list: (identities, modulePath) => room.list(identities, modulePath),
    certificateOf: (identityId) => room.certificateOf(identityId),
    openSession: (tokenId, purpose) => room.openSession(tokenId, purpose),
    startBatch: (sessionId, identityId, sealedPin) => room.startBatch(sessionId, identityId, sealedPin),
    openFile: (path) => room.openFile(path),
    startFileBatch: (sessionId, sealed, identityId) => room.startFileBatch(sessionId, sealed, identityId),
    changePin: (sessionId, sealedOld, sealedNew) =>
      room.withPinSession(sessionId, (host) => host.changePin(sessionId, sealedOld, sealedNew)),
    unblock: (sessionId, kind, sealedPuk, sealedNew) =>
      room.withPinSession(sessionId, (host) => host.unblock(sessionId, kind, sealedPuk, sealedNew)),
    endLogins: () => room.endLogins(),
    endKeptLogins: (which) => room.endKeptLogins(which),
    reopen: () => room.reopen(),
    askAgain: () => room.askAgain(),
    close: () => room.close(),
  };
}

interface Module {
  readonly host: TokenHost;
  /** Batches and changes of PINs under way: the process ends with the last one. */
  batches: number;
}

/** A batch's login that nothing is signed with ends after this. */
const IDLE_MS = 5 * 60_000;

/** What a login came to: when it stops serving further batches. */
interface Login {
  readonly untilMs: number;
  readonly pin: TokenPinState;
  readonly publicKey: Uint8Array;
}

/** A session that waits for its PIN, or for its next batch. */
interface Waiting {
  readonly token: KnownToken;
  readonly publicKey: Uint8Array;
}

class TokensRoom {
  readonly #options: TokensOptions;
  readonly #modules = new Map<string, Module>();
  /** What the last listing of each module found, by token id. */
  #known = new Map<string, KnownToken>();
  readonly #sessions = new Map<string, Waiting>();
  readonly #batches = new Set<OpenBatch>();
  readonly #kept: ReturnType<typeof createKeptLogins>;

  constructor(options: TokensOptions) {
    this.#options = options;
    this.#kept = createKeptLogins(options.clock, ({ token, sessionId }) =>
      endBatch(this.#module(token.modulePath), sessionId),
    );
  }

  async list(identities: readonly AccountIdentity[], modulePath?: string): Promise<TokenListing> {
    const paths = modulePath === undefined ? [...new Set(this.#options.modulePaths())] : [modulePath];
    const answers = await Promise.all(paths.map((path) => this.#listModule(path)));
    const context = this.#context(identities);
    const found = answers.flatMap(({ path, result }) =>
      result.ok ? toldApart(result.value.map((snapshot) => toKnownToken(path, snapshot, context))) : [],
    );
    const tokens = oncePerToken(found);
    const kept = [...this.#known].filter(([, token]) => !paths.includes(token.modulePath));
    this.#known = new Map([...kept, ...tokens.map((token) => [token.view.id, token] as const)]);
    return {
      tokens: tokens.map(({ view }) => this.#withLogin(view)),
      problems: answers.flatMap(({ path, result }) => (result.ok ? [] : [{ modulePath: path, code: result.code }])),
    };
  }

  #withLogin(view: TokenView): TokenView {
    const keptLogin = this.#kept.shown(view.id);
    return keptLogin ? { ...view, keptLogin } : view;
  }

  #context(identities: readonly AccountIdentity[]): ViewContext {
    const { parseCertificate, clock, atrOf } = this.#options;
    return { parseCertificate, now: clock.now(), identities, atrOf: atrOf ?? (() => undefined) };
  }

  async #listModule(path: string) {
    const module = this.#module(path);
    const result = await module.host.list();
    // A module that failed as a whole gets a fresh process, unless a batch still lives in this one.
    if (!result.ok && module.batches === 0) await module.host.close();
    return { path, result };
  }

  #module(path: string): Module {
    const known = this.#modules.get(path);
    if (known) return known;
    const { startProcess, clock, deadlinesMs } = this.#options;
    const host = createTokenHost(path, startProcess, { clock, ...(deadlinesMs ? { deadlinesMs } : {}) });
    const module: Module = { host, batches: 0 };
    this.#modules.set(path, module);
    return module;
  }

  certificateOf(identityId: string): ReturnType<Tokens['certificateOf']> {
    for (const { keys, snapshot } of this.#known.values()) {
      const known = keys.find(({ identity }) => identity.id === identityId);
      if (known) return { certificate: known.key.certificate, chain: snapshot.otherCertificates };
    }
    return undefined;
  }

  async openSession(tokenId: string, purpose: 'sign' | 'pin' = 'sign'): ReturnType<Tokens['openSession']> {
    if (purpose === 'pin') await this.#kept.end(({ token }) => token.view.id === tokenId);
    const kept = this.#kept.peek(tokenId);
    if (kept) {
      const { sessionId, publicKey, pin, token } = kept;
      this.#sessions.set(sessionId, { token, publicKey });
      return { ok: true, value: { sessionId, publicKey, needsPin: false, pin } };
    }
    if (!this.#known.has(tokenId)) await this.list([]);
    const token = this.#known.get(tokenId);
    if (!token) return { ok: false, code: 'token-absent' };
    return this.#openOn(token);
  }

  async openFile(path: string): ReturnType<Tokens['openFile']> {
    const listed = await this.#module(path).host.list();
    if (!listed.ok) return listed;
    const [snapshot] = listed.value;
    return snapshot
      ? this.#openOn(toKnownToken(path, snapshot, this.#context([])))
      : { ok: false, code: 'token-absent' };
  }

  async #openOn(token: KnownToken): ReturnType<Tokens['openSession']> {
    const opened = await this.#module(token.modulePath).host.openSession(token.snapshot);
    if (!opened.ok) return opened;
    const { sessionId, publicKey, pin } = opened.value;
    this.#sessions.set(sessionId, { token, publicKey });
    return {
      ok: true,
      value: { sessionId, publicKey, needsPin: pin.loginRequired && !pin.protectedAuthenticationPath, pin },
    };
  }

  async startBatch(
    sessionId: string,
    identityId: string,
    sealedPin: SealedPin | undefined,
  ): Promise<TokenResult<TokenBatch>> {
    const waiting = this.#sessions.get(sessionId);
    this.#sessions.delete(sessionId);
    if (!waiting) return { ok: false, code: 'pin-unreadable' };
    const { token } = waiting;
    const known = token.keys.find(({ identity }) => identity.id === identityId);
    if (!known) return { ok: false, code: 'key-absent' };
    if (known.identity.disabledReason !== undefined) return { ok: false, code: 'identity-disabled' };
    const key = toSigningKey(known, token);
    if (!key) return { ok: false, code: 'mechanism-unsupported' };
    const module = this.#module(token.modulePath);
    const login = this.#kept.take(sessionId) ?? (await this.#logIn(module, waiting, sessionId, sealedPin));
    if (!('untilMs' in login)) return login;
    return { ok: true, value: this.#toBatch(module, sessionId, known.key.keyId, key, { ...login, token, sessionId }) };
  }

  /** One try; the lifetime counts from here, and holds for no token that wants its PIN at each signature. */
  async #logIn(
    module: Module,
    { publicKey }: Waiting,
    sessionId: string,
    sealedPin: SealedPin | undefined,
  ): Promise<Login | TokenFailure> {
    module.batches++;
    const login = await module.host.login(sessionId, sealedPin);
    if (!login.ok) {
      await endBatch(module, sessionId);
      return login;
    }
    const { pin, asksAtEachSignature } = login.value;
    const lifetimeMs = asksAtEachSignature ? 0 : (this.#options.loginLifetimeMs?.() ?? 0);
    return { pin, publicKey, untilMs: this.#options.clock.monotonicMs() + lifetimeMs };
  }

  async startFileBatch(
    sessionId: string,
    sealed: SealedPin | undefined,
    identityId: string | undefined,
  ): Promise<TokenResult<TokenBatch>> {
    const waiting = this.#sessions.get(sessionId);
    this.#sessions.delete(sessionId);
    if (!waiting) return { ok: false, code: 'pin-unreadable' };
    const { modulePath } = waiting.token;
    const module = this.#module(modulePath);
    module.batches++;
    const chosen = await this.#openedKey(module, sessionId, sealed, modulePath, identityId);
    if (!chosen.ok) {
      await endBatch(module, sessionId);
      return chosen;
    }
    return { ok: true, value: this.#toBatch(module, sessionId, chosen.value.keyId, chosen.value.key, undefined) };
  }

  async #openedKey(
    module: Module,
    sessionId: string,
    sealed: SealedPin | undefined,
    path: string,
    identityId: string | undefined,
  ): Promise<TokenResult<{ keyId: string; key: SigningKey }>> {
    const login = await module.host.login(sessionId, sealed);
    if (!login.ok) return login;
    const listed = await module.host.list();
    if (!listed.ok) return listed;
    const opened = listed.value.map((snapshot) => toKnownToken(path, snapshot, this.#context([])));
    const keys = opened.flatMap((token) => token.keys.map((known) => ({ known, token })));
    const found = keys.find(({ known }) => identityId === undefined || known.identity.id === identityId);
    if (!found) return { ok: false, code: 'key-absent' };
    if (found.known.identity.disabledReason !== undefined) return { ok: false, code: 'identity-disabled' };
    const key = toSigningKey(found.known, found.token);
    return key
      ? { ok: true, value: { keyId: found.known.key.keyId, key } }
      : { ok: false, code: 'mechanism-unsupported' };
  }

  /** @param login what may be kept after the batch; undefined for a login that may not */
  #toBatch(
    module: Module,
    sessionId: string,
    keyId: string,
    key: SigningKey,
    login: KeptLogin | undefined,
  ): TokenBatch {
    const batch = createTokenBatch({
      key,
      clock: this.#options.clock,
      idleMs: this.#options.idleMs ?? IDLE_MS,
      sign: (message, signal) => module.host.sign(sessionId, { keyId, scheme: key.scheme }, message, signal),
      end: async (isWell) => {
        this.#batches.delete(batch);
        const mayStay = isWell && login !== undefined && (this.#options.loginLifetimeMs?.() ?? 0) > 0;
        if (!mayStay || !this.#kept.keep(login)) await endBatch(module, sessionId);
      },
    });
    this.#batches.add(batch);
    return batch;
  }

  /** A PIN passes through the process's memory here too: it ends after it, as after a batch. */
  async withPinSession(
    sessionId: string,
    run: (host: TokenHost) => Promise<TokenResult<{ pin: TokenPinState }>>,
  ): Promise<TokenResult<{ pin: TokenPinState }>> {
    const waiting = this.#sessions.get(sessionId);
    this.#sessions.delete(sessionId);
    if (!waiting) return { ok: false, code: 'pin-unreadable' };
    const module = this.#module(waiting.token.modulePath);
    module.batches++;
    try {
      return await run(module.host);
    } finally {
      await endBatch(module, sessionId);
    }
  }

  async endLogins(): Promise<void> {
    await Promise.all([...[...this.#batches].map((batch) => batch.abandon()), this.#kept.end(() => true)]);
  }

  async endKeptLogins(which: (token: TokenView) => boolean): Promise<void> {
    await this.#kept.end(({ token }) => which(token.view));
  }

  async reopen(): Promise<void> {
    this.#sessions.clear();
    const free = [...this.#modules.values()].filter(({ batches }) => batches === 0);
    await Promise.all(free.map(({ host }) => host.close()));
  }

  askAgain(): void {
    for (const { host } of this.#modules.values()) host.reset();
  }

  async close(): Promise<void> {
    this.#sessions.clear();
    await this.endLogins();
    await Promise.all([...this.#modules.values()].map(({ host }) => host.close()));
  }
}

/**
 * Slots of one module that share a serial: a card with two PINs shows one slot for each (each keeps its keys, told apart by its
 * label), and some modules have a slot of helpers beside the token (which goes).
 */
function toldApart(found: readonly KnownToken[]): KnownToken[] {
  return found.flatMap((token) => {
    const same = found.filter(({ view }) => view.id === token.view.id);
    const withKeys = same.filter(({ keys }) => keys.length > 0);
    const kept = withKeys.length > 0 ? withKeys : same.slice(0, 1);
    if (!kept.includes(token)) return [];
    if (kept[0] === token) return [token];
    return [{ ...token, view: { ...token.view, id: `${token.view.id}/${token.view.label}` } }];
  });
}

/** One token behind two modules is one token: the module that shows more of its identities, then the earlier one. */
function oncePerToken(found: readonly KnownToken[]): KnownToken[] {
  const best = new Map<string, KnownToken>();
  for (const token of found) {
    const other = best.get(token.view.id);
    if (!other || token.keys.length > other.keys.length) best.set(token.view.id, token);
  }
  return [...best.values()];
}

function toSigningKey({ identity, key, scheme }: KnownKey, token: KnownToken): SigningKey | undefined {
  if (scheme === undefined) return undefined;
  const { otherCertificates: chain } = token.snapshot;
  return { identityId: identity.id, certificate: key.certificate, chain, scheme };
}

/** The PIN passed through the process's memory: it ends with its last batch; until then the session is logged out. */
async function endBatch(module: Module, sessionId: string): Promise<void> {
  module.batches--;
  if (module.batches === 0) await module.host.close();
  else await module.host.endBatch(sessionId);
}
