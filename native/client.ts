/**
 * The desk's side of a token host: TokenHost over a process that is started when it is needed and started again after it died
 * or had to be killed. This file and token-port.ts are the room's face.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, Connection, type HostClock, type HostDeadlines } from './connection.ts';
import { type AnsweredCall, type AnswerValue, answerValues } from './protocol.ts';
import type {
  SealedPinBytes,
  SignatureScheme,
  StartProcess,
  TokenHost,
  TokenRef,
  TokenResult,
  TokenSnapshot,
  UnblockKind,
} from './token-port.ts';

export type { HostClock, HostDeadlines } from './connection.ts';
export { planSigning } from './mechanism.ts';
export { startChild } from './start-child.ts';

export interface TokenHostOptions {
  readonly clock?: HostClock;
  readonly deadlinesMs?: Partial<HostDeadlines>;
  /** What the module's C_Initialize needs, for the few that need any (NSS softokn). */
  readonly parameters?: string;
}

/** So often a module may crash or hang before it is set aside. */
const MAX_FAILURES = 3;

/** Cards are slow to appear and slow to sign; a module that is silent for longer hangs. */
const defaultDeadlinesMs: HostDeadlines = {
  list: 15_000,
  'open-session': 15_000,
  login: 30_000,
  sign: 30_000,
  'change-pin': 30_000,
  unblock: 30_000,
  'end-batch': 10_000,
  'pin-pad': 180_000,
  close: 3_000,
};

const systemHostClock: HostClock = {
  monotonicMs: () => performance.now(),
  delay: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
};

/**
 * @param modulePath absolute path of the PKCS#11 module
 * @param startProcess starts a token host's process with the module's path as its argument, then its parameters if it has any
 */
export function createTokenHost(
  modulePath: string,
  startProcess: StartProcess,
  options: TokenHostOptions = {},
): TokenHost {
  return new TokenHostClient(modulePath, startProcess, options);
}

class TokenHostClient implements TokenHost {
  readonly modulePath: string;
  readonly #startProcess: StartProcess;
  readonly #clock: HostClock;
  readonly #deadlines: HostDeadlines;
  readonly #args: readonly string[];
  /** Sessions whose token asks for the PIN itself. */
  readonly #padSessions = new Set<string>();
  #connection: Connection | undefined;
  #failures = 0;

  constructor(modulePath: string, startProcess: StartProcess, options: TokenHostOptions) {
    this.modulePath = modulePath;
    this.#args = options.parameters === undefined ? [modulePath] : [modulePath, options.parameters];
    this.#startProcess = startProcess;
    this.#clock = options.clock ?? systemHostClock;
    this.#deadlines = { ...defaultDeadlinesMs, ...options.deadlinesMs };
  }

  list(signal?: AbortSignal): Promise<TokenResult<readonly TokenSnapshot[]>> {
    return this.#call({ call: 'list' }, signal);
  }

  openSession(token: TokenRef & { readonly label?: string }): Promise<TokenResult<AnswerValue<'open-session'>>> {
    const { manufacturerId, serialNumber, label } = token;
    return this.#call({
      call: 'open-session',
      token: { manufacturerId, serialNumber, ...(label === undefined ? {} : { label }) },
    });
  }

  login(sessionId: string, sealedPin: SealedPinBytes | undefined): Promise<TokenResult<AnswerValue<'login'>>> {
    if (!sealedPin) this.#padSessions.add(sessionId);
    return this.#call({ call: 'login', sessionId, ...(sealedPin ? { sealedPin } : {}) });
  }

  changePin(
    sessionId: string,
    sealedOld: SealedPinBytes | undefined,
    sealedNew: SealedPinBytes | undefined,
  ): Promise<TokenResult<AnswerValue<'change-pin'>>> {
    if (!sealedOld) this.#padSessions.add(sessionId);
    return this.#call({ call: 'change-pin', sessionId, ...only({ sealedOld, sealedNew }) });
  }

  unblock(
    sessionId: string,
    kind: UnblockKind,
    sealedPuk: SealedPinBytes | undefined,
    sealedNew: SealedPinBytes | undefined,
  ): Promise<TokenResult<AnswerValue<'unblock'>>> {
    if (!sealedPuk) this.#padSessions.add(sessionId);
    return this.#call({ call: 'unblock', sessionId, kind, ...only({ sealedPuk, sealedNew }) });
  }

  async endBatch(sessionId: string): Promise<void> {
    this.#padSessions.delete(sessionId);
    if (this.#connection && !this.#connection.gone) await this.#call({ call: 'end-batch', sessionId });
  }

  reset(): void {
    this.#failures = 0;
  }

  sign(
    sessionId: string,
    key: { keyId: string; scheme: SignatureScheme },
    data: Uint8Array,
    signal?: AbortSignal,
  ): Promise<TokenResult<Uint8Array>> {
    return this.#call({ call: 'sign', sessionId, keyId: key.keyId, scheme: key.scheme, data }, signal);
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#padSessions.clear();
    await connection?.end();
  }

  async #call<C extends AnsweredCall>(
    request: Extract<Call, { call: C }>,
    signal?: AbortSignal,
  ): Promise<TokenResult<AnswerValue<C>>> {
    const lives = this.#connection && !this.#connection.gone;
    if (!lives && this.#failures >= MAX_FAILURES) return { ok: false, code: 'module-set-aside' };
    const connection = this.#connect();
    if (!connection) return { ok: false, code: 'module-crashed' };
    const isAtThePad =
      'sessionId' in request && request.call !== 'end-batch' && this.#padSessions.has(request.sessionId);
    const outcome = await connection.call(request, signal, isAtThePad ? 'pin-pad' : request.call);
    if (!outcome.ok) return outcome;
    const value = answerValues[request.call as C].safeParse(outcome.value);
    return value.success ? { ok: true, value: value.data as AnswerValue<C> } : { ok: false, code: 'function-failed' };
  }

  #connect(): Connection | undefined {
    if (this.#connection && !this.#connection.gone) return this.#connection;
    try {
      const process = this.#startProcess(this.#args);
      this.#connection = new Connection(process, this.#clock, this.#deadlines, () => this.#failures++);
    } catch {
      // The system would not start the process: to the caller the same as one that died at once.
      this.#connection = undefined;
    }
    return this.#connection;
  }
}

type Only<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that have a value. */
function only<T extends object>(members: T): Only<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Only<T>;
}
