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
} from './token-port.ts';

export type { HostClock, HostDeadlines } from './connection.ts';
export { planSigning } from './mechanism.ts';
export { startChild } from './start-child.ts';

export interface TokenHostOptions {
  readonly clock?: HostClock;
  readonly deadlinesMs?: Partial<HostDeadlines>;
}

/** Cards are slow to appear and slow to sign; a module that is silent for longer hangs. */
const defaultDeadlinesMs: HostDeadlines = {
  list: 15_000,
  'open-session': 15_000,
  login: 30_000,
  sign: 30_000,
  close: 3_000,
};

const systemHostClock: HostClock = {
  monotonicMs: () => performance.now(),
  delay: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
};

/**
 * @param modulePath absolute path of the PKCS#11 module
 * @param startProcess starts a token host's process with the module's path as its one argument
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
  #connection: Connection | undefined;

  constructor(modulePath: string, startProcess: StartProcess, options: TokenHostOptions) {
    this.modulePath = modulePath;
    this.#startProcess = startProcess;
    this.#clock = options.clock ?? systemHostClock;
    this.#deadlines = { ...defaultDeadlinesMs, ...options.deadlinesMs };
  }

  list(signal?: AbortSignal): Promise<TokenResult<readonly TokenSnapshot[]>> {
    return this.#call({ call: 'list' }, signal);
  }

  openSession({ manufacturerId, serialNumber }: TokenRef): Promise<TokenResult<AnswerValue<'open-session'>>> {
    return this.#call({ call: 'open-session', token: { manufacturerId, serialNumber } });
  }

  login(sessionId: string, sealedPin: SealedPinBytes | undefined): Promise<TokenResult<AnswerValue<'login'>>> {
    return this.#call({ call: 'login', sessionId, ...(sealedPin ? { sealedPin } : {}) });
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
    await connection?.end();
  }

  async #call<C extends AnsweredCall>(
    request: Extract<Call, { call: C }>,
    signal?: AbortSignal,
  ): Promise<TokenResult<AnswerValue<C>>> {
    const connection = this.#connect();
    if (!connection) return { ok: false, code: 'module-crashed' };
    const outcome = await connection.call(request, signal);
    if (!outcome.ok) return outcome;
    const value = answerValues[request.call as C].safeParse(outcome.value);
    return value.success ? { ok: true, value: value.data as AnswerValue<C> } : { ok: false, code: 'function-failed' };
  }

  #connect(): Connection | undefined {
    if (this.#connection && !this.#connection.gone) return this.#connection;
    try {
      const process = this.#startProcess([this.modulePath]);
      this.#connection = new Connection(process, this.#clock, this.#deadlines);
    } catch {
      // The system would not start the process: to the caller the same as one that died at once.
      this.#connection = undefined;
    }
    return this.#connection;
  }
}
