/** One request to Signing Today: address, sign-in, deadline, limits, and its answer or failure in the port's terms. */
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { HttpPort, HttpRequest } from '../../platform/http.ts';
import { urlProblem } from '../../platform/secure-url.ts';
import { ProviderError } from '../provider.ts';
import { badResponse, fieldOf, fromAnswer, fromHttp } from './errors.ts';
import { decodeJson } from './json.ts';
import type { MultipartBody } from './multipart.ts';

export interface Call {
  readonly method: HttpRequest['method'];
  /** Made by `pathOf`. */
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly json?: unknown;
  readonly multipart?: MultipartBody;
  readonly signal?: AbortSignal | undefined;
}

/** What goes into the Authorization header. */
export interface Authorizer {
  current(): Promise<string>;
  /** After a 401: a header other than `refused`, or ProviderError sign-in-expired. Missing where there is none to be had. */
  renew?(refused: string, signal: AbortSignal | undefined): Promise<string>;
}

/** Every method rejects with ProviderError, or with the error of a file being sent. */
export interface RequestCore {
  /** The answer's JSON, read by `schema`. */
  json<S extends z.ZodType>(call: Call, schema: S): Promise<z.output<S>>;
  /** The answer's JSON as it came. */
  value(call: Call): Promise<unknown>;
  /** The answer's bytes as they arrive; to be read or returned. */
  download(call: Call): Promise<AsyncIterable<Uint8Array>>;
}

const jsonTimeoutMs = 30_000;
/** A slow upload still gets its time: 32 KiB a second. */
const uploadBytesPerMs = 32;
const jsonLimitBytes = 32 * 1024 * 1024;
const errorLimitBytes = 64 * 1024;
const downloadLimitBytes = 8 * 1024 ** 3;

const isMutation = (call: Call) => call.method !== 'GET';

/**
 * A path of the API, each segment encoded.
 * @throws ProviderError not-found for a segment no address can carry
 */
export function pathOf(...segments: readonly string[]): string {
  for (const segment of segments) {
    if (segment === '' || segment === '.' || segment === '..') throw new ProviderError('not-found');
  }
  return `/${segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join('/')}`;
}

/**
 * The API's address without trailing slash.
 * @throws ProviderError insecure-url where it is none that may be spoken to
 */
export function parseBaseUrl(baseUrl: string): string {
  if (urlProblem(baseUrl, false)) throw new ProviderError('insecure-url');
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

/** Reads a value by a schema; `mutates` says that the request it answers may have changed something. */
export function parseAs<S extends z.ZodType>(schema: S, value: unknown, mutates: boolean): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw badResponse(fieldOf(parsed.error), mutates);
  return parsed.data;
}

/** @throws ProviderError insecure-url */
export function createRequestCore(deps: {
  http: HttpPort;
  clock: Clock;
  baseUrl: string;
  authorizer: Authorizer;
}): RequestCore {
  const { http, clock, authorizer } = deps;
  const base = parseBaseUrl(deps.baseUrl);

  function toRequest(call: Call, authorization: string): HttpRequest {
    const query = new URLSearchParams(
      (call.query ?? []).map(([name, value]) => [name, value] as [string, string]),
    ).toString();
    const { multipart, signal } = call;
    const json = call.json === undefined ? undefined : Buffer.from(JSON.stringify(call.json));
    const contentType = multipart?.contentType ?? (json ? 'application/json' : undefined);
    return {
      method: call.method,
      url: `${base}${call.path}${query === '' ? '' : `?${query}`}`,
      headers: {
        authorization,
        accept: '*/*',
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...(multipart ? { 'content-length': String(multipart.sizeBytes) } : {}),
      },
      ...(multipart ? { body: multipart.chunks() } : json ? { body: json } : {}),
      timeoutMs: jsonTimeoutMs + Math.ceil((multipart?.sizeBytes ?? 0) / uploadBytesPerMs),
      maxResponseBytes: jsonLimitBytes,
      ...(signal ? { signal } : {}),
    };
  }

  /** Runs once, and once more with a renewed sign-in after a 401; a second 401 is the answer. */
  async function signedIn<A extends { status: number }>(
    call: Call,
    run: (request: HttpRequest) => Promise<A>,
    discard: (answer: A) => Promise<void>,
  ): Promise<A> {
    const authorization = await authorizer.current();
    const answer = await run(toRequest(call, authorization));
    if (answer.status !== 401 || !authorizer.renew) return answer;
    await discard(answer);
    return run(toRequest(call, await authorizer.renew(authorization, call.signal)));
  }

  async function value(call: Call): Promise<unknown> {
    const mutates = isMutation(call);
    const run = (request: HttpRequest) =>
      http.request(request).catch((error) => {
        throw fromHttp(error, mutates);
      });
    const answer = await signedIn(call, run, async () => undefined);
    if (answer.status < 200 || answer.status > 299) throw fromAnswer(answer, { mutates, now: clock.now() });
    const decoded = decodeJson(answer.body, answer.headers['content-type']);
    if (!decoded.ok) throw badResponse(decoded.field, mutates);
    return decoded.value;
  }

  return {
    value,
    async json(call, schema) {
      return parseAs(schema, await value(call), isMutation(call));
    },
    async download(call) {
      const run = (request: HttpRequest) =>
        http.stream({ ...request, maxResponseBytes: downloadLimitBytes }).catch((error) => {
          throw fromHttp(error, false);
        });
      const answer = await signedIn(call, run, async ({ body }) => void (await firstBytes(body)));
      if (answer.status < 200 || answer.status > 299) {
        const body = await firstBytes(answer.body);
        throw fromAnswer({ ...answer, body }, { mutates: false, now: clock.now() });
      }
      // A log-in page of a proxy or portal is no document.
      if (/^\s*text\/html\b/i.test(answer.headers['content-type'] ?? '')) {
        await firstBytes(answer.body);
        throw badResponse('content-type', false);
      }
      return inPortsTerms(answer.body);
    },
  };
}

/** The beginning of an error's body; what follows is not read. */
async function firstBytes(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let taken = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      taken += chunk.byteLength;
      if (taken > errorLimitBytes) break;
    }
  } catch {
    // The status alone says enough.
  }
  return Buffer.concat(chunks);
}

async function* inPortsTerms(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw fromHttp(error, false);
  }
}
