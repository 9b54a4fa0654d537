/**
 * Typed calls to a worker thread: numbered messages, errors as `{code, message}`, abort by message. A worker that dies rejects
 * everything under way with WorkerGone, and is started again for the next call where that is wanted.
 */
import { type MessagePort, Worker } from 'node:worker_threads';

/** An object of async methods; arguments and results must be structured-cloneable, a last AbortSignal argument is carried over. */
export type Remote<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

interface Request {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly abortable: boolean;
}
interface Abort {
  readonly id: number;
  readonly abort: true;
}
type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly name: string; readonly code: string; readonly detail?: string };

export class WorkerGone extends Error {
  readonly code = 'worker-gone';
  constructor(cause?: unknown) {
    super('worker: gone', { cause });
    this.name = 'WorkerGone';
  }
}

/** An error as it came from the worker: its class's name, its code, and a detail that holds no secret. */
export class RemoteError extends Error {
  readonly code: string;
  readonly detail: string | undefined;
  constructor(name: string, code: string, detail: string | undefined) {
    super(`${name}: ${code}`);
    this.name = name;
    this.code = code;
    this.detail = detail;
  }
}

function field(error: unknown, name: string): string | undefined {
  const value = typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Worker side: answers calls on `port` with the methods of `target`. */
export function serve(port: MessagePort, target: object): void {
  const running = new Map<number, AbortController>();
  const methods = target as Record<string, ((...args: unknown[]) => unknown) | undefined>;
  port.on('message', async (message: Request | Abort) => {
    if ('abort' in message) {
      running.get(message.id)?.abort();
      return;
    }
    const { id, method, args, abortable } = message;
    const controller = new AbortController();
    running.set(id, controller);
    let answer: Answer;
    try {
      const run = Object.hasOwn(methods, method) ? methods[method] : undefined;
      if (!run) throw new RemoteError('WorkerError', 'unknown-method', method);
      const value = await run.apply(target, abortable ? [...args, controller.signal] : [...args]);
      answer = { id, ok: true, value };
    } catch (error) {
      const detail = field(error, 'detail') ?? field(error, 'message');
      answer = {
        id,
        ok: false,
        name: field(error, 'name') ?? 'Error',
        code: field(error, 'code') ?? 'internal',
        ...(detail === undefined ? {} : { detail }),
      };
    }
    running.delete(id);
    port.postMessage(answer);
  });
}

export interface WorkerClient<T> {
  readonly remote: Remote<T>;
  /** Resolves when the thread has ended. */
  close(): Promise<void>;
}

export interface WorkerOptions {
  /**
   * A worker that died is started again for the next call: for one that keeps nothing between calls. One that dies three times
   * without an answer in between stays dead.
   */
  readonly restart?: boolean;
  /** Started by the first call, or this long after (milliseconds): what must be there at once has the processor till then. */
  readonly laterMs?: number;
  /** Told of each death that was not asked for. */
  readonly onDeath?: (cause: unknown) => void;
}

const DEATHS_IN_A_ROW = 3;

/** One thread from its start to its end. */
interface Life {
  readonly call: (method: string, given: readonly unknown[]) => Promise<unknown>;
  readonly gone: () => Error | undefined;
  end(): Promise<void>;
}

function startLife(url: URL, data: unknown, onAnswer: () => void, onEnd: (cause: unknown) => void): Life {
  const worker = new Worker(url, { workerData: data });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  let gone: Error | undefined;
  const fail = (cause: unknown) => {
    const isNews = gone === undefined;
    gone ??= new WorkerGone(cause);
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
    if (isNews) onEnd(cause);
  };
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`worker ended with ${code}`)));
  worker.on('message', (answer: Answer) => {
    onAnswer();
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (!call) return;
    if (answer.ok) call.resolve(answer.value);
    else call.reject(new RemoteError(answer.name, answer.code, answer.detail));
  });
  const call = (method: string, given: readonly unknown[]) => {
    if (gone) return Promise.reject(gone);
    const last = given.at(-1);
    const signal = last instanceof AbortSignal ? last : undefined;
    const args = signal || last === undefined ? given.slice(0, -1) : given;
    const id = nextId++;
    return new Promise<unknown>((resolve, reject) => {
      const abort = () => worker.postMessage({ id, abort: true } satisfies Abort);
      const settle =
        <V>(next: (value: V) => void) =>
        (value: V) => {
          signal?.removeEventListener('abort', abort);
          next(value);
        };
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      worker.postMessage({ id, method, args, abortable: signal !== undefined } satisfies Request);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  };
  return {
    call,
    gone: () => gone,
    async end() {
      gone ??= new WorkerGone();
      for (const { reject } of waiting.values()) reject(gone);
      waiting.clear();
      await worker.terminate();
    },
  };
}

/** Starts the worker at `url`, or has it started later; `data` becomes its workerData. `T` is the shape of the object it serves. */
export function startWorker<T extends object>(
  url: URL,
  data: unknown,
  { restart = false, laterMs, onDeath }: WorkerOptions = {},
): WorkerClient<T> {
  let deaths = 0;
  let closed = false;
  const start = () =>
    startLife(
      url,
      data,
      () => {
        deaths = 0;
      },
      (cause) => {
        deaths++;
        onDeath?.(cause);
      },
    );
  let life: Life | undefined;
  const waking = laterMs === undefined ? undefined : setTimeout(() => wake(), laterMs);
  /** The thread, started where there is none yet, or where it died and may be started again. */
  const wake = () => {
    if (life?.gone() && restart && !closed && deaths < DEATHS_IN_A_ROW) life = undefined;
    life ??= start();
    return life;
  };
  if (laterMs === undefined) wake();
  const call = (method: string, given: readonly unknown[]) =>
    closed && !life ? Promise.reject(new WorkerGone()) : wake().call(method, given);
  const remote = new Proxy(Object.freeze({}), {
    get: (_target, method) =>
      typeof method === 'string' && method !== 'then' ? (...args: unknown[]) => call(method, args) : undefined,
  }) as Remote<T>;
  return {
    remote,
    async close() {
      closed = true;
      clearTimeout(waking);
      await life?.end();
    },
  };
}
