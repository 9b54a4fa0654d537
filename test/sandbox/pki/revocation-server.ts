/** OCSP (RFC 6960, appendix A: POST and GET), revocation lists and CA certificates over HTTP. */
import { type Answer, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { ocspError, ocspResponse } from './ocsp.ts';
import { createPki, type Pki, type RevocationUrls } from './pki.ts';
import { issuingList, rootList } from './revocation-list.ts';

const hour = 60 * 60 * 1000;

export interface SandboxRevocationServer extends LoopbackServer {
  readonly ocspUrl: string;
  /** The issuing CA's list. */
  readonly crlUrl: string;
  readonly rootCrlUrl: string;
  readonly caIssuersUrl: string;
  /** `down` answers 503 to everything. */
  setState(state: 'up' | 'down'): void;
  /** Told of each request that comes in, before it is answered. */
  watch(listener: ((path: string, body: Uint8Array) => void) | undefined): void;
}

const ocspAnswer = (body: Uint8Array): Answer => ({ status: 200, type: 'application/ocsp-response', body });

async function answer(pki: Pki, method: string, path: string, body: Uint8Array, at: number): Promise<Answer> {
  if (path === '/ocsp' && method === 'POST') return ocspAnswer(ocspResponse(pki, body, at, hour));
  if (method !== 'GET') return { status: 405, type: 'text/plain', body: 'not allowed\n' };
  if (path.startsWith('/ocsp/')) {
    const request = new Uint8Array(Buffer.from(path.slice('/ocsp/'.length), 'base64'));
    return ocspAnswer(request.length > 0 ? ocspResponse(pki, request, at, hour) : ocspError(1));
  }
  const crl = 'application/pkix-crl';
  if (path === '/issuing.crl') return { status: 200, type: crl, body: await issuingList(pki, at, 24 * hour) };
  if (path === '/root.crl') return { status: 200, type: crl, body: await rootList(pki, at, 24 * hour) };
  const cert = 'application/pkix-cert';
  if (path === '/issuing.crt') return { status: 200, type: cert, body: pki.issuing.certificate };
  if (path === '/root.crt') return { status: 200, type: cert, body: pki.root.certificate };
  return { status: 404, type: 'text/plain', body: 'not found\n' };
}

interface ServerOptions {
  /** A free one when missing. */
  readonly port?: number;
  /** What thisUpdate is read from; the system's when missing. */
  readonly clock?: { now(): number };
}

async function serve(pki: () => Pki, options: ServerOptions): Promise<SandboxRevocationServer> {
  const clock = options.clock ?? Date;
  let state: 'up' | 'down' = 'up';
  let told: ((path: string, body: Uint8Array) => void) | undefined;
  const server = await startLoopbackServer(({ method, path, body }) => {
    told?.(path, body);
    return state === 'down'
      ? { status: 503, type: 'text/plain', body: 'try later\n' }
      : answer(pki(), method, path, body, clock.now());
  }, options.port);
  return {
    ...server,
    ocspUrl: `${server.url}/ocsp`,
    crlUrl: `${server.url}/issuing.crl`,
    rootCrlUrl: `${server.url}/root.crl`,
    caIssuersUrl: `${server.url}/issuing.crt`,
    setState: (next) => {
      state = next;
    },
    watch: (listener) => {
      told = listener;
    },
  };
}

const urlsOf = ({ ocspUrl, crlUrl, caIssuersUrl }: SandboxRevocationServer): RevocationUrls => ({
  ocsp: ocspUrl,
  crl: crlUrl,
  caIssuers: caIssuersUrl,
});

/** Starts the server on a loopback port and, where the PKI has no addresses yet, makes it put this server's into what it issues. */
export async function startRevocationServer(pki: Pki, options: ServerOptions = {}): Promise<SandboxRevocationServer> {
  const server = await serve(() => pki, options);
  pki.urls ??= urlsOf(server);
  return server;
}

/**
 * A PKI and its revocation server made together, so that the authorities' own certificates say where to ask too: what B-LT needs.
 * @param now epoch milliseconds from which validity is reckoned
 */
export async function startServedPki(
  now: number,
  options: ServerOptions = {},
): Promise<{ readonly pki: Pki; readonly server: SandboxRevocationServer }> {
  let made: Pki | undefined;
  const server = await serve(() => {
    if (!made) throw new Error('the PKI is being made');
    return made;
  }, options);
  const { rootCrlUrl, url } = server;
  made = await createPki({ now, urls: { ...urlsOf(server), rootCrl: rootCrlUrl, rootIssuers: `${url}/root.crt` } });
  return { pki: made, server };
}
