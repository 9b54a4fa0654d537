/** From what went wrong on the way, or what the server answered, to the provider port's closed list of codes. */
import type { z } from 'zod';
import { HttpError } from '../../platform/http.ts';
import { ProviderError, type ProviderErrorCode } from '../provider.ts';
import { decodeJson } from './json.ts';
import { errorSchema } from './schemas.ts';
import { toLine } from './text.ts';

const longestWaitMs = 24 * 3600 * 1000;

const httpCodes: Record<HttpError['code'], ProviderErrorCode> = {
  offline: 'offline',
  timeout: 'offline',
  'cut-short': 'offline',
  tls: 'tls',
  'certificate-expired': 'certificate-expired',
  'certificate-untrusted': 'certificate-untrusted',
  'wrong-host': 'wrong-host',
  'too-large': 'bad-response',
  'insecure-url': 'insecure-url',
  'bad-url': 'insecure-url',
  cancelled: 'cancelled',
};

/** An HttpError in the port's terms; anything else (a file that could not be read) stays what it is. */
export function fromHttp(error: unknown, mutates: boolean): unknown {
  if (!(error instanceof HttpError)) return error;
  return new ProviderError(httpCodes[error.code], { outcomeUnknown: mutates && error.sent, cause: error });
}

/** RFC 9110, 10.2.3: seconds or a date. Milliseconds from now, a day at most; undefined where it says nothing sensible. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const waitMs = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), longestWaitMs);
}

function codeOfStatus(status: number): ProviderErrorCode {
  if (status === 401) return 'sign-in-expired';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 409 || status === 412) return 'stale';
  if (status === 429) return 'rate-limited';
  if (status === 408 || status >= 500) return 'server-error';
  if (status >= 400) return 'refused';
  return 'bad-response';
}

/** The server's own words where its answer has the documented shape; a page of HTML has none worth showing. */
function messageOf(body: Uint8Array, contentType: string | undefined): string | undefined {
  const json = decodeJson(body, contentType);
  const parsed = json.ok ? errorSchema.safeParse(json.value) : undefined;
  if (!parsed?.success) return undefined;
  const said = parsed.data.map((item) => item.message ?? '').filter((message) => message !== '');
  return said.length === 0 ? undefined : toLine(said.join('; '));
}

/** An answer other than 2xx. A change the server failed on (5xx) may have been made all the same. */
export function fromAnswer(
  answer: { status: number; headers: Readonly<Record<string, string>>; body: Uint8Array },
  about: { mutates: boolean; now: number },
): ProviderError {
  const code = codeOfStatus(answer.status);
  const serverMessage = messageOf(answer.body, answer.headers['content-type']);
  // A date is by the server's clock.
  const date = Date.parse(answer.headers.date ?? '');
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], Number.isNaN(date) ? about.now : date);
  return new ProviderError(code, {
    status: answer.status,
    outcomeUnknown: about.mutates && code === 'server-error',
    ...(serverMessage === undefined ? {} : { serverMessage }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(code === 'bad-response' ? { field: 'status' } : {}),
  });
}

/** An answer that says it went well but cannot be read. */
export function badResponse(field: string, mutates: boolean, cause?: unknown): ProviderError {
  return new ProviderError('bad-response', { field, outcomeUnknown: mutates, cause });
}

/** Where in a response the first thing at fault is, e.g. `documents.0.forms.2.page`; `body` for the whole. */
export function fieldOf(error: z.ZodError): string {
  const path = error.issues[0]?.path ?? [];
  return path.length === 0 ? 'body' : path.map(String).join('.').slice(0, 200);
}
