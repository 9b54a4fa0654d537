/** One request to Signing Today: address, sign-in, deadline, limits, and its answer or failure in the port's terms. */
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { createClockSkew } from '../../platform/clock-skew.ts';
import type { HttpPort, HttpRequest, HttpResponse } from '../../platform/http.ts';
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
  /** Sent as text/plain. */
  readonly text?: string;
  /** Sent as application/x-www-form-urlencoded. */
  readonly form?: readonly (readonly [string, string])[];
  /** The media type asked for, where the operation offers several. */
  readonly accept?: string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes that are through so far, and of how many where that is known: of a multipart body sent, or of a download. */
export type OnProgress = (doneBytes: number, totalBytes: number | undefined) => void;

/** What goes into the Authorization header. */
export interface Authorizer {
  /** Undefined sends the request without the header. */
  current(): Promise<string | undefined>;
  /** After a 401: a header other than `refused`, or ProviderError sign-in-expired. Missing where there is none to be had. */
  renew?(refused: string, signal: AbortSignal | undefined): Promise<string>;
}

/** For the operations nobody has to be signed in for. */
export const anonymous: Authorizer = { current: async () => undefined };

/** Every method rejects with ProviderError, or with the error of a file being sent. */
export interface RequestCore {
  /** The answer's JSON, read by `schema`. */
  json<S extends z.ZodType>(call: Call, schema: S): Promise<z.output<S>>;
  /** The answer's JSON as it came. */
  value(call: Call): Promise<unknown>;
  /** For operations that answer with nothing (204); what comes all the same is not read. */
  nothing(call: Call): Promise<void>;
  /** A short answer's bytes, of the media type that `call.accept` names. */
  bytes(call: Call): Promise<Uint8Array>;
  /** Where the answer (302 or 303) sends the caller; it is not followed. */
  redirect(call: Call): Promise<string>;
  /** The server's clock less ours; undefined until an answer said. */
  clockSkewMs(): number | undefined;
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
const isSuccess = (status: number) => status >= 200 && status <= 299;
const isHtml = (headers: HttpResponse['headers']) => /^\s*text\/html\b/i.test(headers['content-type'] ?? '');

const toPairs = (pairs: readonly (readonly [string, string])[]): string =>
  new URLSearchParams(pairs.map(([name, value]) => [name, value] as [string, string])).toString();

function plainBody({ json, text, form }: Call): { contentType: string; body: Uint8Array } | undefined {
  if (json !== undefined) return { contentType: 'application/json', body: Buffer.from(JSON.stringify(json)) };
  if (text !== undefined) return { contentType: 'text/plain; charset=utf-8', body: Buffer.from(text) };
  return form && { contentType: 'application/x-www-form-urlencoded', body: Buffer.from(toPairs(form)) };
}

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
  const skew = createClockSkew();

  function toRequest(call: Call, authorization: string | undefined): HttpRequest {
    const query = toPairs(call.query ?? []);
    const { multipart, signal } = call;
    const plain = multipart ? undefined : plainBody(call);
    const contentType = multipart?.contentType ?? plain?.contentType;
    return {
      method: call.method,
      url: `${base}${call.path}${query === '' ? '' : `?${query}`}`,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        accept: call.accept ?? '*/*',
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...(multipart ? { 'content-length': String(multipart.sizeBytes) } : {}),
      },
      ...(multipart
        ? { body: counted(multipart.chunks(), multipart.sizeBytes, call.onProgress) }
        : plain
          ? { body: plain.body }
          : {}),
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
    if (answer.status !== 401 || !authorizer.renew || authorization === undefined) return answer;
    await discard(answer);
    return run(toRequest(call, await authorizer.renew(authorization, call.signal)));
  }

  /** The answer where its status is one that is hoped for. */
  async function answerTo(call: Call, isGood: (status: number) => boolean): Promise<HttpResponse> {
    const mutates = isMutation(call);
    const run = async (request: HttpRequest) => {
      const sentAt = clock.now();
      const answered = await http.request(request).catch((error) => {
        throw fromHttp(error, mutates);
      });
      skew.sample(answered.headers.date, sentAt, clock.now());
      return answered;
    };
    const answer = await signedIn(call, run, async () => undefined);
    if (!isGood(answer.status)) throw fromAnswer(answer, { mutates, now: clock.now() });
    return answer;
  }

  async function value(call: Call): Promise<unknown> {
    const answer = await answerTo(call, isSuccess);
    const decoded = decodeJson(answer.body, answer.headers['content-type']);
    if (!decoded.ok) throw badResponse(decoded.field, isMutation(call));
    return decoded.value;
  }

  return {
    value,
    clockSkewMs: () => skew.ms(),
    async nothing(call) {
      const answer = await answerTo(call, isSuccess);
      // A portal's page says 200 to anything.
      if (isHtml(answer.headers)) throw badResponse('content-type', isMutation(call));
    },
    async bytes(call) {
      const answer = await answerTo(call, isSuccess);
      const [type = ''] = (answer.headers['content-type'] ?? '').split(';');
      if (type.trim().toLowerCase() !== call.accept) throw badResponse('content-type', isMutation(call));
      return answer.body;
    },
    async redirect(call) {
      const { headers } = await answerTo(call, (status) => status === 302 || status === 303);
      if (!headers.location) throw badResponse('location', isMutation(call));
      return headers.location;
    },
    async json(call, schema) {
      return parseAs(schema, await value(call), isMutation(call));
    },
    async download(call) {
      const run = (request: HttpRequest) =>
        http.stream({ ...request, maxResponseBytes: downloadLimitBytes }).catch((error) => {
          throw fromHttp(error, false);
        });
      const answer = await signedIn(call, run, async ({ body }) => void (await firstBytes(body)));
      if (!isSuccess(answer.status)) {
        const body = await firstBytes(answer.body);
        throw fromAnswer({ ...answer, body }, { mutates: false, now: clock.now() });
      }
      // A log-in page of a proxy or portal is no document.
      if (isHtml(answer.headers)) {
        await firstBytes(answer.body);
        throw badResponse('content-type', false);
      }
      const announced = Number(answer.headers['content-length'] ?? Number.NaN);
      const total = Number.isSafeInteger(announced) ? announced : undefined;
      return counted(inPortsTerms(answer.body), total, call.onProgress);
    },
  };
}

/** The chunks as they are, told of as each is taken. */
function counted(
  chunks: AsyncIterable<Uint8Array>,
  total: number | undefined,
  onProgress: OnProgress | undefined,
): AsyncIterable<Uint8Array> {
  if (!onProgress) return chunks;
  return (async function* () {
    let done = 0;
    for await (const chunk of chunks) {
      yield chunk;
      done += chunk.byteLength;
      onProgress(done, total);
    }
  })();
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
