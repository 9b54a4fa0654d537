/** OCSP (RFC 6960, appendix A: POST and GET), revocation lists and CA certificates over HTTP. */
import { type Answer, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { ocspError, ocspResponse } from './ocsp.ts';
import type { Pki } from './pki.ts';
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

/**
 * Starts the server on a loopback port and, where the PKI has no addresses yet, makes it put this server's into what it issues.
 * @param options.port a free one when missing
 * @param options.clock what thisUpdate is read from; the system's when missing
 */
export async function startRevocationServer(
  pki: Pki,
  options: { readonly port?: number; readonly clock?: { now(): number } } = {},
): Promise<SandboxRevocationServer> {
  const clock = options.clock ?? Date;
  let state: 'up' | 'down' = 'up';
  const server = await startLoopbackServer(
    ({ method, path, body }) =>
      state === 'down'
        ? { status: 503, type: 'text/plain', body: 'try later\n' }
        : answer(pki, method, path, body, clock.now()),
    options.port,
  );
  const urls = {
    ocsp: `${server.url}/ocsp`,
    crl: `${server.url}/issuing.crl`,
    caIssuers: `${server.url}/issuing.crt`,
  };
  pki.urls ??= urls;
  return {
    ...server,
    ocspUrl: urls.ocsp,
    crlUrl: urls.crl,
    rootCrlUrl: `${server.url}/root.crl`,
    caIssuersUrl: urls.caIssuers,
    setState: (next) => {
      state = next;
    },
  };
}
