/**
 * One life of a token host's process as the desk sees it: numbered requests, many under way, answered in order; a deadline on
 * the one the process is at; death and silence become failures of everything under way, and the process is killed.
 */
import { type AnsweredCall, type HostAnswer, type HostRequest, hostAnswer } from './protocol.ts';
import type { ChildProcessPort, TokenFailure } from './token-port.ts';

/** Time as a connection needs it; the desk's Clock fits. */
export interface HostClock {
  /** Monotonic milliseconds. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects when aborted. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Milliseconds from when the process gets to a call until it must have answered. */
export interface HostDeadlines {
  readonly list: number;
  readonly 'open-session': number;
  readonly login: number;
  readonly sign: number;
  readonly 'change-pin': number;
  readonly unblock: number;
  readonly 'end-batch': number;
  /** Any call in which a person enters a PIN at the reader. */
  readonly 'pin-pad': number;
  readonly close: number;
}

type Numberless<R> = R extends HostRequest ? Omit<R, 'id'> : never;
export type Call = Extract<Numberless<HostRequest>, { call: AnsweredCall }>;

/** What a call came to: the value still to be parsed by the call's kind. */
export type Outcome = { readonly ok: true; readonly value: unknown } | TokenFailure;

interface Pending {
  readonly deadlineMs: number;
  settle(outcome: Outcome): void;
}

/** A killed process that does not even end is not waited for any longer. */
const KILL_GRACE_MS = 1000;

export class Connection {
  readonly #process: ChildProcessPort;
  readonly #clock: HostClock;
  readonly #deadlines: HostDeadlines;
  readonly #onFailure: () => void;
  /** In the order sent, which is the order answered (a cancelled one may come earlier). */
  readonly #pending = new Map<number, Pending>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #waiting: HostRequest[] = [];
  #nextId = 1;
  #headId: number | undefined;
  #headSince = 0;
  #watch: AbortController | undefined;
  #gone = false;

  /** @param onFailure told once where the process died by itself or had to be killed */
  constructor(process: ChildProcessPort, clock: HostClock, deadlines: HostDeadlines, onFailure: () => void) {
    this.#process = process;
    this.#onFailure = onFailure;
    this.#clock = clock;
    this.#deadlines = deadlines;
    process.onMessage((message) => this.#receive(message));
    process.onExit(() => {
      this.#fail('module-crashed');
      this.#ended.resolve();
    });
  }

  /** True once the process died or was given up: calls go nowhere any more. */
  get gone(): boolean {
    return this.#gone;
  }

  /** @param deadline the kind whose deadline holds; the call's own unless told */
  call(request: Call, signal?: AbortSignal, deadline: keyof HostDeadlines = request.call): Promise<Outcome> {
    if (this.#gone) return Promise.resolve({ ok: false, code: 'module-crashed' });
    if (signal?.aborted) return Promise.resolve({ ok: false, code: 'cancelled' });
    const id = this.#nextId++;
    const cancel = () => this.#send({ id: this.#nextId++, call: 'cancel', target: id });
    signal?.addEventListener('abort', cancel, { once: true });
    return new Promise((resolve) => {
      const settle = (outcome: Outcome) => {
        signal?.removeEventListener('abort', cancel);
        resolve(outcome);
      };
      this.#pending.set(id, { deadlineMs: this.#deadlines[deadline], settle });
      if (request.call === 'sign') this.#sendTogether({ ...request, id });
      else this.#send({ ...request, id });
      this.#follow();
    });
  }

  /** Lets the process log out and end; kills it where it does not in time. What has not begun answers `cancelled`. */
  async end(): Promise<void> {
    if (!this.#gone) {
      this.#send({ id: this.#nextId++, call: 'close' });
      this.#fail('cancelled');
      if (await this.#endsWithin(this.#deadlines.close)) return;
    }
    this.#process.kill();
    await this.#endsWithin(KILL_GRACE_MS);
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const timer = new AbortController();
    const late = this.#clock.delay(ms, timer.signal).then(
      () => false,
      () => true,
    );
    const inTime = await Promise.race([this.#ended.promise.then(() => true), late]);
    timer.abort();
    return inTime;
  }

  #send(message: HostRequest): void {
    this.#flush();
    if (!this.#gone) this.#process.send(message);
  }

  /** Signatures asked for in one turn of the event loop go as one message: a message each costs more than its content. */
  #sendTogether(message: HostRequest): void {
    if (this.#waiting.length === 0) process.nextTick(() => this.#flush());
    this.#waiting.push(message);
  }

  #flush(): void {
    const together = this.#waiting.splice(0);
    if (this.#gone || together.length === 0) return;
    this.#process.send(together.length === 1 ? together[0] : together);
  }

  #receive(message: unknown): void {
    for (const answer of Array.isArray(message) ? message : [message]) this.#take(answer);
  }

  #take(message: unknown): void {
    if (this.#gone) return;
    const parsed = hostAnswer.safeParse(message);
    const pending = parsed.success ? this.#pending.get(parsed.data.id) : undefined;
    if (!parsed.success || !pending) {
      this.#giveUp('module-crashed');
      return;
    }
    this.#pending.delete(parsed.data.id);
    this.#follow();
    pending.settle(toOutcome(parsed.data));
  }

  /** The clock runs for the oldest request: it is the one the process is at. */
  #follow(): void {
    const [headId] = this.#pending.keys();
    if (headId === this.#headId) return;
    this.#headId = headId;
    this.#headSince = this.#clock.monotonicMs();
    if (headId === undefined) {
      this.#watch?.abort();
      this.#watch = undefined;
    } else if (!this.#watch) {
      this.#watch = new AbortController();
      void this.#watchHead(this.#watch.signal);
    }
  }

  async #watchHead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const head = this.#headId === undefined ? undefined : this.#pending.get(this.#headId);
      if (!head) return;
      const leftMs = this.#headSince + head.deadlineMs - this.#clock.monotonicMs();
      if (leftMs <= 0) this.#giveUp('module-hung');
      else await this.#clock.delay(leftMs, signal).catch(() => undefined);
    }
  }

  #giveUp(code: 'module-crashed' | 'module-hung'): void {
    this.#fail(code);
    this.#process.kill();
  }

  #fail(code: 'module-crashed' | 'module-hung' | 'cancelled'): void {
    if (!this.#gone && code !== 'cancelled') this.#onFailure();
    this.#gone = true;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#follow();
    for (const { settle } of pending) settle({ ok: false, code });
  }
}

function toOutcome(answer: HostAnswer): Outcome {
  if (answer.ok) return { ok: true, value: answer.value };
  const { code, ckr, pin } = answer;
  return { ok: false, code, ...(ckr === undefined ? {} : { ckr }), ...(pin === undefined ? {} : { pin }) };
}
