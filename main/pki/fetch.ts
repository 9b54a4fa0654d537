/** One exchange with an authority over HTTP; failures are answers with a code. Only the signal throws. */
import type { Clock } from '../platform/clock.ts';
import { HttpError, type HttpErrorCode, type HttpPort, type HttpRequest, type HttpResponse } from '../platform/http.ts';

export type FetchProblem = 'offline' | 'timeout' | 'http-status' | 'bad-response' | 'rejected';

export type Fetched =
  | { readonly kind: 'body'; readonly body: Uint8Array }
  | { readonly kind: 'failed'; readonly code: FetchProblem; readonly status?: number; readonly retryAfterMs?: number };

const maxRetryAfterMs = 24 * 60 * 60 * 1000;

const codeOfHttpError: Readonly<Record<HttpErrorCode, FetchProblem>> = {
  offline: 'offline',
  cancelled: 'offline',
  tls: 'offline',
  'certificate-expired': 'offline',
  'certificate-untrusted': 'offline',
  'wrong-host': 'offline',
  timeout: 'timeout',
  'too-large': 'bad-response',
  'cut-short': 'bad-response',
  'insecure-url': 'rejected',
  'bad-url': 'rejected',
};

/** Retry-After as seconds or date (RFC 9110, 10.2.3), in milliseconds from now, a day at most. */
function retryAfterMs({ headers }: HttpResponse, clock: Clock): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - clock.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), maxRetryAfterMs) : undefined;
}

/** Plain HTTP is allowed: what comes back is signed. @throws the signal's reason; errors that are no HttpError */
export async function fetchBody(
  http: HttpPort,
  clock: Clock,
  request: Omit<HttpRequest, 'allowPlainHttp' | 'signal'>,
  signal?: AbortSignal,
): Promise<Fetched> {
  signal?.throwIfAborted();
  try {
    const response = await http.request({ ...request, allowPlainHttp: true, ...(signal ? { signal } : {}) });
    const { body } = response;
    if (response.status === 200) {
      return { kind: 'body', body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) };
    }
    const wait = retryAfterMs(response, clock);
    const { status } = response;
    return { kind: 'failed', code: 'http-status', status, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof HttpError) return { kind: 'failed', code: codeOfHttpError[error.code] };
    throw error;
  }
}
