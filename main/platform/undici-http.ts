/**
 * The HTTP port over undici: HTTP/1.1, a deadline and a size limit per request, no redirects, no transparent decoding. TLS
 * trusts the system's store, what Node brings, and one CA file; an https-capable proxy is used for everything but loopback.
 */
import { Readable } from 'node:stream';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, errors, ProxyAgent } from 'undici';
import { asTlsKey, type ClientCertificate } from './client-certificate.ts';
import {
  HttpError,
  type HttpErrorCode,
  type HttpPort,
  type HttpRequest,
  type HttpResponse,
  type HttpStreamResponse,
} from './http.ts';
import { isLoopback, urlProblem } from './secure-url.ts';

export interface HttpOptions {
  /** `http://proxy:port` or `https://…`; credentials in it are sent to the proxy only. */
  readonly proxyUrl?: string;
  /** PEM certificates trusted besides the system's. */
  readonly caPem?: string;
  /** Shown to every server that asks who is there (RFC 8446, 4.4.2): so only for a port that speaks to one server. */
  readonly client?: ClientCertificate;
}

const connectTimeoutMs = 15_000;
/** Keeps a spare socket long enough for a burst of calls, short enough not to meet a server's own time-out. */
const keepAliveMs = 4_000;

/**
 * Makes the app's HTTP port. Nothing is connected, and no certificate store is read, before the first request needs it.
 * @throws TypeError for a proxy address that is no address
 */
export function createHttp(options: HttpOptions = {}): HttpPort {
  const dispatchers = createDispatchers(options);
  return {
    async request(request) {
      const exchange = openExchange(request);
      try {
        const head = await exchange.start(dispatchers.forUrl(request.url));
        return { status: head.status, headers: head.headers, body: await collect(head.body) } satisfies HttpResponse;
      } catch (error) {
        throw exchange.toError(error);
      } finally {
        exchange.end();
      }
    },
    async stream(request) {
      const exchange = openExchange(request);
      try {
        const head = await exchange.start(dispatchers.forUrl(request.url));
        return { status: head.status, headers: head.headers, body: follow(exchange, head.body) };
      } catch (error) {
        exchange.end();
        throw exchange.toError(error);
      }
    },
    close: () => dispatchers.close(),
  };
}

interface Exchange {
  start(dispatcher: Dispatcher): Promise<HttpStreamResponse>;
  /** The deadline stands still while the reader of a stream works, and starts anew when the network is waited for. */
  pause(): void;
  restart(): void;
  toError(error: unknown): unknown;
  end(): void;
}

/** One request's deadline, abort, limits, and what is known of how far it got. */
function openExchange(request: HttpRequest): Exchange {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let stopped: 'timeout' | 'cancelled' | undefined;
  let sent = false;
  let answered = false;
  let bodyFailure: { readonly error: unknown } | undefined;

  const stop = (why: NonNullable<typeof stopped>) => {
    stopped ??= why;
    controller.abort();
  };
  const cancel = () => stop('cancelled');
  const pause = () => clearTimeout(timer);
  const restart = () => {
    pause();
    timer = setTimeout(stop, request.timeoutMs, 'timeout');
  };

  async function* outgoing(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      bodyFailure = { error };
      throw error;
    }
  }

  async function* incoming(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let taken = 0;
    for await (const chunk of body) {
      taken += chunk.byteLength;
      if (taken > request.maxResponseBytes) throw new HttpError('too-large', true);
      yield chunk;
    }
  }

  return {
    pause,
    restart,
    end() {
      pause();
      request.signal?.removeEventListener('abort', cancel);
    },
    async start(dispatcher) {
      const problem = urlProblem(request.url, request.allowPlainHttp ?? false);
      if (problem) throw new HttpError(problem, false);
      if (request.signal?.aborted) throw new HttpError('cancelled', false);
      request.signal?.addEventListener('abort', cancel, { once: true });
      restart();
      const { origin, pathname, search } = new URL(request.url);
      const body = request.body;
      const answer = await sendThrough(dispatcher, () => {
        sent = true;
      }).request({
        origin,
        path: `${pathname}${search}`,
        method: request.method,
        headers: { 'accept-encoding': 'identity', ...request.headers },
        body:
          body === undefined || body instanceof Uint8Array
            ? (body ?? null)
            : Readable.from(outgoing(body), { objectMode: false }),
        signal: controller.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      answered = true;
      const headers = flatten(answer.headers);
      if (Number(headers['content-length'] ?? 0) > request.maxResponseBytes) {
        answer.body.on('error', () => undefined).destroy();
        throw new HttpError('too-large', true);
      }
      return { status: answer.statusCode, headers, body: incoming(answer.body) };
    },
    toError(error) {
      if (bodyFailure) return bodyFailure.error;
      if (error instanceof HttpError) return error;
      if (stopped) return new HttpError(stopped, sent, error);
      return new HttpError(answered ? 'cut-short' : codeOf(error), sent, error);
    },
  };
}

async function* follow(exchange: Exchange, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of body) {
      exchange.pause();
      yield chunk;
      exchange.restart();
    }
  } catch (error) {
    throw exchange.toError(error);
  } finally {
    exchange.end();
  }
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** undici announces a request at the moment it starts to write it to an open connection: from then on its outcome is open. */
function sendThrough(dispatcher: Dispatcher, onSend: () => void): Dispatcher {
  return dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart(controller, context) {
          onSend();
          handler.onRequestStart?.(controller, context);
        },
        onRequestUpgrade: (...about) => handler.onRequestUpgrade?.(...about),
        onResponseStart: (...about) => handler.onResponseStart?.(...about),
        onResponseData: (...about) => handler.onResponseData?.(...about),
        onResponseEnd: (...about) => handler.onResponseEnd?.(...about),
        onResponseError: (...about) => handler.onResponseError?.(...about),
      }),
  );
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Certificate and handshake failures as OpenSSL and Node name them. */
const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;
const certificateCodes: readonly { readonly code: HttpErrorCode; readonly names: RegExp }[] = [
  { code: 'certificate-expired', names: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/ },
  { code: 'wrong-host', names: /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/ },
  {
    code: 'certificate-untrusted',
    names:
      /^(UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT.*)|.*SELF_SIGNED_CERT.*|CERT_(UNTRUSTED|REJECTED|REVOKED)|INVALID_CA)$/,
  },
];

function codeOf(error: unknown): HttpErrorCode {
  if (error instanceof errors.InvalidArgumentError) return 'bad-url';
  const about = typeof error === 'object' && error !== null ? (error as { code?: unknown; cause?: unknown }) : {};
  if (error instanceof errors.SecureProxyConnectionError) {
    const code = codeOf(about.cause);
    return code === 'offline' ? 'tls' : code;
  }
  const name = typeof about.code === 'string' ? about.code : '';
  return certificateCodes.find(({ names }) => names.test(name))?.code ?? (tlsCode.test(name) ? 'tls' : 'offline');
}

function createDispatchers(options: HttpOptions): {
  forUrl(url: string): Dispatcher;
  close(): Promise<void>;
} {
  const proxyUrl = options.proxyUrl === undefined ? undefined : new URL(options.proxyUrl);
  let context: SecureContext | undefined;
  const secureContext = () => {
    const { client } = options;
    context ??= createSecureContext({ ca: trusted(options.caPem), ...(client && asTlsKey(client)) });
    return context;
  };
  const common = { allowH2: false, keepAliveTimeout: keepAliveMs, keepAliveMaxTimeout: keepAliveMs } as const;
  const overTcp = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  let overTls: buildConnector.connector | undefined;
  const direct = new Agent({
    ...common,
    connect: (about, callback) => {
      if (about.protocol !== 'https:') return overTcp(about, callback);
      overTls ??= buildConnector({ timeout: connectTimeoutMs, allowH2: false, secureContext: secureContext() });
      return overTls(about, callback);
    },
  });
  let proxied: Dispatcher | undefined;
  return {
    forUrl(url) {
      if (!proxyUrl || !URL.canParse(url) || isLoopback(new URL(url).hostname)) return direct;
      proxied ??= new ProxyAgent({
        ...common,
        ...proxyTarget(proxyUrl),
        requestTls: { secureContext: secureContext(), timeout: connectTimeoutMs },
        proxyTls: { secureContext: secureContext(), timeout: connectTimeoutMs },
      });
      return proxied;
    },
    async close() {
      await Promise.all([direct.destroy(), proxied?.destroy()]);
    },
  };
}

function proxyTarget(proxyUrl: URL): { uri: string; token?: string } {
  const { username, password } = proxyUrl;
  if (username === '') return { uri: proxyUrl.origin };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { uri: proxyUrl.origin, token: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function trusted(caPem: string | undefined): string[] {
  const all = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  if (caPem !== undefined) all.add(caPem);
  return [...all];
}
