/** The face of the tokens room: every token of every module, and batches on one of them. */
import { createTokenHost, type HostDeadlines } from '../../native/client.ts';
import type { ChildProcessPort, TokenHost, TokenResult } from '../../native/token-port.ts';
import type { SealedPin } from '../../preload/model.ts';
import type { CertificateFacts } from '../pki/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { AccountIdentity } from './identity-match.ts';
import { type KnownKey, type KnownToken, toKnownToken, type ViewContext } from './token-view.ts';
import type { SigningKey, TokenBatch, TokenListing, Tokens } from './tokens.ts';

export { type KnownModuleOptions, knownModulePaths } from './known-modules.ts';
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
}

export function createTokens(options: TokensOptions): Tokens {
  const room = new TokensRoom(options);
  return {
    list: (identities, modulePath) => room.list(identities, modulePath),
    openSession: (tokenId) => room.openSession(tokenId),
    startBatch: (sessionId, identityId, sealedPin) => room.startBatch(sessionId, identityId, sealedPin),
    close: () => room.close(),
  };
}

interface Module {
  readonly host: TokenHost;
  /** Batches under way: the process ends with the last one. */
  batches: number;
}

class TokensRoom {
  readonly #options: TokensOptions;
  readonly #modules = new Map<string, Module>();
  /** What the last listing of each module found, by token id. */
  #known = new Map<string, KnownToken>();
  /** Sessions that wait for their PIN, with their token. */
  readonly #sessions = new Map<string, KnownToken>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  async list(identities: readonly AccountIdentity[], modulePath?: string): Promise<TokenListing> {
    const paths = modulePath === undefined ? [...new Set(this.#options.modulePaths())] : [modulePath];
    const answers = await Promise.all(paths.map((path) => this.#listModule(path)));
    const context: ViewContext = {
      parseCertificate: this.#options.parseCertificate,
      now: this.#options.clock.now(),
      identities,
      atrOf: this.#options.atrOf ?? (() => undefined),
    };
    const found = answers.flatMap(({ path, result }) =>
      result.ok ? result.value.map((snapshot) => toKnownToken(path, snapshot, context)) : [],
    );
    const tokens = oncePerToken(found);
    const kept = [...this.#known].filter(([, token]) => !paths.includes(token.modulePath));
    this.#known = new Map([...kept, ...tokens.map((token) => [token.view.id, token] as const)]);
    return {
      tokens: tokens.map(({ view }) => view),
      problems: answers.flatMap(({ path, result }) => (result.ok ? [] : [{ modulePath: path, code: result.code }])),
    };
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

  async openSession(tokenId: string): ReturnType<Tokens['openSession']> {
    if (!this.#known.has(tokenId)) await this.list([]);
    const token = this.#known.get(tokenId);
    if (!token) return { ok: false, code: 'token-absent' };
    const opened = await this.#module(token.modulePath).host.openSession(token.snapshot);
    if (!opened.ok) return opened;
    const { sessionId, publicKey, pin } = opened.value;
    this.#sessions.set(sessionId, token);
    return {
      ok: true,
      value: { sessionId, publicKey, needsPin: pin.loginRequired && !pin.protectedAuthenticationPath },
    };
  }

  async startBatch(
    sessionId: string,
    identityId: string,
    sealedPin: SealedPin | undefined,
  ): Promise<TokenResult<TokenBatch>> {
    const token = this.#sessions.get(sessionId);
    this.#sessions.delete(sessionId);
    if (!token) return { ok: false, code: 'pin-unreadable' };
    const known = token.keys.find(({ identity }) => identity.id === identityId);
    if (!known) return { ok: false, code: 'key-absent' };
    if (known.identity.disabledReason !== undefined) return { ok: false, code: 'identity-disabled' };
    const key = toSigningKey(known, token);
    if (!key) return { ok: false, code: 'mechanism-unsupported' };
    const module = this.#module(token.modulePath);
    module.batches++;
    const login = await module.host.login(sessionId, sealedPin);
    if (!login.ok) {
      await endBatch(module);
      return login;
    }
    return { ok: true, value: toBatch(module, sessionId, known.key.keyId, key) };
  }

  async close(): Promise<void> {
    this.#sessions.clear();
    await Promise.all([...this.#modules.values()].map(({ host }) => host.close()));
  }
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

function toBatch(module: Module, sessionId: string, keyId: string, key: SigningKey): TokenBatch {
  let closed: Promise<void> | undefined;
  return {
    key,
    sign(message, signal) {
      if (closed) return Promise.resolve({ ok: false, code: 'login-required' });
      return module.host.sign(sessionId, { keyId, scheme: key.scheme }, message, signal);
    },
    close() {
      closed ??= endBatch(module);
      return closed;
    },
  };
}

/** The PIN passed through the process's memory: it ends with its last batch. */
async function endBatch(module: Module): Promise<void> {
  module.batches--;
  if (module.batches === 0) await module.host.close();
}
