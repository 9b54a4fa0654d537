/** Signing Today over node:http: loopback only, base path /api. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, failed, refused } from './answers.ts';
import { requireSession } from './bearer.ts';
import { ApiError, notFound } from './errors.ts';
import { bodyOf, type Exchange } from './exchange.ts';
import { changeSchema, createFaults, type Fault, insteadOf, type Misbehaviour } from './misbehaviour.ts';
import { type Call, createRouter, type Match } from './router.ts';
import { routes } from './routes.ts';
import type { SigningTodayState } from './state.ts';

const BASE_PATH = '/api';

/** A request as it was answered; no status where the connection ended without one. */
export interface LoggedRequest {
  readonly method: string;
  /** Below the base path, without the query. */
  readonly path: string;
  readonly query: string;
  readonly status: number | undefined;
}

export interface SigningTodayServer {
  /** `http://127.0.0.1:PORT/api`. */
  readonly url: string;
  readonly port: number;
  readonly state: SigningTodayState;
  /** Every request so far, in the order of the answers. */
  readonly requests: readonly LoggedRequest[];
  /** How many requests are being worked on. */
  readonly pending: number;
  misbehave(misbehaviour: Misbehaviour): void;
  /** Forgets the faults that are still ordered. */
  behave(): void;
  /** Ends every connection at once; the state stays and can be served again. Resolves when no operation is running any more. */
  stop(): Promise<void>;
}

const route = createRouter(routes);

interface Outcome {
  readonly answer: Answer;
  /** None where the path or the method is none of the API's. */
  readonly match: Match | undefined;
}

async function runOperation(call: Omit<Call, 'params'>, path: string | undefined): Promise<Outcome> {
  let match: Match | undefined;
  try {
    if (path === undefined) throw notFound('path');
    match = route(call.request.method ?? '', path);
    const { route: row, params } = match;
    const answer =
      row.auth === 'none'
        ? await row.run({ ...call, params })
        : await row.run({ ...call, params, ...requireSession(call.state, call.request) });
    return { answer, match };
  } catch (error) {
    return { answer: error instanceof ApiError ? refused(error) : failed, match };
  }
}

async function toBytes(body: Answer['body']): Promise<Uint8Array> {
  return body instanceof Uint8Array ? body : Buffer.concat(await body.open().toArray());
}

/** Resources' bytes are not read for it: no schema says anything of them. */
function toExchange(request: IncomingMessage, url: URL, match: Match, answer: Answer): Exchange {
  const { operationId, method, path } = match.route;
  const bytes = answer.body instanceof Uint8Array ? answer.body : new Uint8Array();
  return {
    operationId,
    method,
    path,
    params: match.params,
    query: url.searchParams,
    body: bodyOf(request),
    status: answer.status,
    headers: answer.headers,
    answer: bytes,
  };
}

async function write(response: ServerResponse, answer: Answer): Promise<void> {
  const { body } = answer;
  const length = body instanceof Uint8Array ? body.length : body.size;
  const headers = answer.status === 204 ? answer.headers : { ...answer.headers, 'content-length': String(length) };
  response.writeHead(answer.status, headers);
  await pipeline(body instanceof Uint8Array ? Readable.from([body]) : body.open(), response);
}

/** Announces the whole body, sends half of it, and ends the connection. */
async function cutShort(response: ServerResponse, answer: Answer): Promise<void> {
  const body = await toBytes(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.write(body.subarray(0, body.length >> 1), () => resolve());
  });
  response.destroy();
}

async function send(response: ServerResponse, answer: Answer, fault: Fault | undefined): Promise<void> {
  if (fault?.kind === 'drop-response') response.destroy();
  else if (fault?.kind === 'cut-body') await cutShort(response, answer);
  else if (fault?.kind === 'changed-schema') await write(response, changeSchema(answer, fault.change));
  else if (fault?.kind === 'half-json') {
    const body = await toBytes(answer.body);
    await write(response, { ...answer, body: body.subarray(0, body.length >> 1) });
  } else await write(response, answer);
}

/**
 * Serves `state` on 127.0.0.1, on a free port unless one is given.
 * @throws the listening error, such as EADDRINUSE
 */
export async function startSigningToday(
  state: SigningTodayState,
  options: {
    readonly port?: number;
    /** Told of every operation that was run, as it is answered. */
    readonly onExchange?: (exchange: Exchange) => void;
  } = {},
): Promise<SigningTodayServer> {
  const faults = createFaults();
  const requests: LoggedRequest[] = [];
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let baseUrl = '';

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? '';
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = url.pathname.startsWith(`${BASE_PATH}/`) ? url.pathname.slice(BASE_PATH.length) : undefined;
    const fault = faults.take(method, path ?? url.pathname);
    const log = (status: number | undefined) =>
      requests.push({ method, path: path ?? url.pathname, query: url.search, status });
    if (fault?.kind === 'refuse') {
      log(undefined);
      request.destroy();
      return;
    }
    if (fault?.kind === 'delay') await delay(fault.ms, undefined, { signal: stopping.signal });
    const instead = fault && insteadOf(fault);
    const run = instead ? undefined : await runOperation({ state, request, query: url.searchParams, baseUrl }, path);
    const given = instead ?? run?.answer ?? failed;
    if (run?.match && options.onExchange) options.onExchange(toExchange(request, url, run.match, given));
    log(fault?.kind === 'drop-response' ? undefined : given.status);
    request.resume();
    await send(response, given, fault);
  };

  const server = createServer((request, response) => {
    const task = answer(request, response)
      .catch(() => {
        response.destroy();
      })
      .finally(() => running.delete(task));
    running.add(task);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  baseUrl = `http://127.0.0.1:${port}${BASE_PATH}`;

  return {
    url: baseUrl,
    port,
    state,
    requests,
    get pending() {
      return running.size;
    },
    misbehave: (misbehaviour) => faults.order(misbehaviour),
    behave: () => faults.clear(),
    async stop() {
      stopping.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await Promise.all(running);
      await state.ledger.settled();
    },
  };
}
