/**
 * The one HTTP port of the app. Every request has a deadline and a limit on what it will take in; redirects are not followed.
 * The implementation over undici is in undici-http.ts.
 */
export type HttpErrorCode =
  | 'offline'
  | 'timeout'
  | 'too-large'
  | 'cut-short'
  /** The handshake failed; what follows says why where it is the certificate. */
  | 'tls'
  /** Not valid now: expired, not valid yet, or this computer's clock is wrong. */
  | 'certificate-expired'
  /** Nobody trusted vouches for it. */
  | 'certificate-untrusted'
  /** It is another host's. */
  | 'wrong-host'
  | 'insecure-url'
  | 'bad-url'
  | 'cancelled';

export class HttpError extends Error {
  readonly code: HttpErrorCode;
  /** True when the request may have reached the server: its outcome is unknown. */
  readonly sent: boolean;
  constructor(code: HttpErrorCode, sent: boolean, cause?: unknown) {
    super(`http: ${code}`, { cause });
    this.name = 'HttpError';
    this.code = code;
    this.sent = sent;
  }
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** https, or http to a loopback address; else HttpError insecure-url (timestamp, OCSP and CRL fetches set allowPlainHttp). */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly allowPlainHttp?: boolean;
  /** Whole exchange, milliseconds. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpStreamResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends with HttpError cut-short where fewer bytes came than were announced, too-large past the limit. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface HttpPort {
  /** @throws HttpError; any status is an answer, not an error */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** The same with the body as it arrives; the deadline runs between chunks. */
  stream(request: HttpRequest): Promise<HttpStreamResponse>;
  close(): Promise<void>;
}
