/**
 * The token host's work without its process: requests in, answers out, strictly one after the other, since a module's calls
 * wait for each other anyway.
 */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { checkModuleFile } from './module-file.ts';
import { isP12Path, loadP12 } from './p12-module.ts';
import { Pkcs11Module, type SlotHandle, type TokenModule } from './pkcs11-module.ts';
import { type AnsweredCall, type AnswerValue, type HostAnswer, type HostRequest, hostRequest } from './protocol.ts';
import { TokenHostError, toTokenHostError } from './return-values.ts';
import { readTokenObjects } from './token-objects.ts';
import type { TokenRef, TokenSnapshot } from './token-port.ts';
import { TokenSession } from './token-session.ts';

type Job = Extract<HostRequest, { call: AnsweredCall }>;

export interface HostService {
  /** Takes a message as it came; answers go to `send`. */
  receive(message: unknown): void;
  /** Forgets PINs, closes sessions, finalizes the module, then calls `onClosed`. Waits for a call under way. */
  close(): void;
}

/**
 * @param module loaded at the first request, so that a failure to load is an answer
 * @param send takes answers for the desk
 * @param onClosed the process may end now
 */
export function createHostService(
  module: { readonly path: string; readonly parameters?: string | undefined },
  send: (answers: HostAnswer | readonly HostAnswer[]) => void,
  onClosed: () => void,
): HostService {
  const service = new Service(() => loadModule(module.path, module.parameters), send, onClosed);
  return { receive: (message) => service.receive(message), close: () => service.close() };
}

/** Quick signatures are answered together, at least so often: a message each costs more than its content. */
const TURN_MS = 4;

class Service {
  readonly #load: () => Promise<TokenModule>;
  readonly #post: (answers: HostAnswer | readonly HostAnswer[]) => void;
  readonly #made: HostAnswer[] = [];
  readonly #onClosed: () => void;
  readonly #queue: Job[] = [];
  readonly #sessions = new Map<string, TokenSession>();
  #module: Promise<TokenModule> | undefined;
  #running = false;
  #closing = false;

  constructor(
    load: () => Promise<TokenModule>,
    send: (answers: HostAnswer | readonly HostAnswer[]) => void,
    onClosed: () => void,
  ) {
    this.#load = load;
    this.#post = send;
    this.#onClosed = onClosed;
  }

  receive(message: unknown): void {
    for (const request of Array.isArray(message) ? message : [message]) this.#take(request);
  }

  #take(message: unknown): void {
    const parsed = hostRequest.safeParse(message);
    if (!parsed.success) {
      const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : undefined;
      if (typeof id === 'number' && Number.isInteger(id) && id > 0) this.#send({ id, ok: false, code: 'bad-request' });
      return;
    }
    const request = parsed.data;
    if (request.call === 'close') this.close();
    else if (request.call === 'cancel') this.#cancel(request.target);
    else this.#enqueue(request);
  }

  #enqueue(job: Job): void {
    this.#queue.push(job);
    if (!this.#running) void this.#run();
  }

  close(): void {
    this.#closing = true;
    for (const { id } of this.#queue.splice(0)) this.#send({ id, ok: false, code: 'cancelled' });
    if (!this.#running) void this.#finish();
  }

  #cancel(target: number): void {
    const index = this.#queue.findIndex((job) => job.id === target);
    if (index < 0) return;
    this.#queue.splice(index, 1);
    this.#send({ id: target, ok: false, code: 'cancelled' });
  }

  async #run(): Promise<void> {
    this.#running = true;
    let lastTurnMs = performance.now();
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      this.#made.push(await this.#answer(job));
      if (job.call === 'sign' && this.#queue.length > 0 && performance.now() - lastTurnMs < TURN_MS) continue;
      this.#flush();
      // Lets messages in, so that `cancel` and `close` are heard while others wait their turn.
      await setImmediate();
      lastTurnMs = performance.now();
    }
    this.#running = false;
    if (this.#closing) await this.#finish();
  }

  #send(answer: HostAnswer): void {
    this.#flush();
    this.#post(answer);
  }

  #flush(): void {
    const together = this.#made.splice(0);
    if (together.length > 0) this.#post(together);
  }

  async #finish(): Promise<void> {
    for (const session of this.#sessions.values()) session.end();
    this.#sessions.clear();
    const module = await this.#module?.catch(() => undefined);
    module?.finalize();
    this.#onClosed();
  }

  async #answer(job: Job): Promise<HostAnswer> {
    const { id } = job;
    try {
      return { id, ok: true, value: await this.#perform(job) };
    } catch (error) {
      const { code, ckr, pin } = toTokenHostError(error, 'function-failed');
      return { id, ok: false, code, ...(ckr === undefined ? {} : { ckr }), ...(pin === undefined ? {} : { pin }) };
    }
  }

  async #perform(job: Job): Promise<AnswerValue<AnsweredCall>> {
    if (job.call === 'sign') return this.#sign(job);
    if (job.call === 'end-batch') return this.#endBatch(job.sessionId);
    this.#module ??= this.#load();
    const module = await this.#module;
    if (job.call === 'list') return listTokens(module);
    if (job.call === 'open-session') return this.#openSession(module, job.token);
    const session = this.#sessions.get(job.sessionId);
    if (!session) throw new TokenHostError('pin-unreadable');
    this.#endOthersOn(session);
    return this.#keepingLive(session, () => enter(session, job));
  }

  #endBatch(sessionId: string): Record<string, never> {
    this.#sessions.get(sessionId)?.end();
    this.#sessions.delete(sessionId);
    return {};
  }

  #sign(job: Extract<Job, { call: 'sign' }>): Uint8Array {
    const session = this.#sessions.get(job.sessionId);
    if (!session) throw new TokenHostError('login-required');
    return this.#keepingLive(session, () => session.sign(job, job.data));
  }

  #keepingLive<T>(session: TokenSession, run: () => T): T {
    try {
      return run();
    } finally {
      if (session.ended) this.#sessions.delete(session.id);
    }
  }

  #openSession(module: TokenModule, token: Parameters<typeof findToken>[1]): AnswerValue<'open-session'> {
    const found = findToken(module, token);
    const session = new TokenSession(module, found.slot, randomUUID());
    this.#sessions.set(session.id, session);
    return { sessionId: session.id, publicKey: session.publicKey, pin: found.pin };
  }

  /** A login holds for all of a process's sessions on a token: without this a second, wrong PIN would seem right. */
  #endOthersOn(session: TokenSession): void {
    for (const other of this.#sessions.values()) {
      if (other === session || !other.loggedIn || !other.slot.equals(session.slot)) continue;
      other.end();
      this.#sessions.delete(other.id);
    }
  }
}

function enter(session: TokenSession, job: Extract<Job, { call: 'login' | 'change-pin' | 'unblock' }>) {
  switch (job.call) {
    case 'login':
      return session.login(job.sealedPin);
    case 'change-pin':
      return session.changePin(job.sealedOld, job.sealedNew);
    case 'unblock':
      return session.unblock(job.kind, job.sealedPuk, job.sealedNew);
  }
}

async function loadModule(path: string, parameters?: string): Promise<TokenModule> {
  if (isP12Path(path)) return loadP12(path);
  await checkModuleFile(path);
  return Pkcs11Module.load(path, parameters);
}

function findToken(module: TokenModule, token: TokenRef & { label?: string | undefined }) {
  const found = module.slotsWithToken().flatMap((slot) => {
    const facts = tryOn(() => module.tokenFacts(slot));
    return !(facts instanceof TokenHostError) && isToken(facts, token) ? [{ slot, facts }] : [];
  });
  const best = found.find(({ facts }) => facts.label === token.label) ?? found[0];
  if (!best) throw new TokenHostError('token-absent');
  return { slot: best.slot, pin: best.facts.pin };
}

function isToken(facts: TokenRef, token: TokenRef): boolean {
  return facts.manufacturerId === token.manufacturerId && facts.serialNumber === token.serialNumber;
}

function tryOn<T>(read: () => T): T | TokenHostError {
  try {
    return read();
  } catch (error) {
    return toTokenHostError(error, 'function-failed');
  }
}

/** Every token that can be read. One that cannot hides no other; if none can, the first failure is the answer. */
function listTokens(module: TokenModule): TokenSnapshot[] {
  const results = module.slotsWithToken().map((slot) => tryOn(() => readToken(module, slot)));
  const tokens = results.flatMap((result) => (result && !(result instanceof TokenHostError) ? [result] : []));
  const failure = results.find((result) => result instanceof TokenHostError && result.code !== 'token-absent');
  if (tokens.length === 0 && failure instanceof TokenHostError) throw failure;
  return tokens;
}

/** Undefined for a blank token, such as the free slot SoftHSM always shows. */
function readToken(module: TokenModule, slot: SlotHandle): TokenSnapshot | undefined {
  const { initialized, ...facts } = module.tokenFacts(slot);
  if (!initialized) return undefined;
  const session = module.openSession(slot);
  try {
    return {
      ...facts,
      slotDescription: module.slotDescription(slot),
      mechanisms: module.mechanisms(slot),
      ...readTokenObjects(module, session),
    };
  } finally {
    module.closeSession(session);
  }
}
