/** An RFC 3161 timestamp authority over HTTP (RFC 3161, 3.4) that can be told to misbehave as real ones do. */
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import type { Pki } from './pki.ts';
import { grant, parseTimestampQuery, rejection, type TimestampQuery } from './timestamp-response.ts';

export type TimestampFault =
  | 'wrong-imprint'
  | 'wrong-nonce'
  | 'no-nonce'
  /** Signed by the OCSP responder's key, whose certificate is no timestamp authority's. */
  | 'wrong-signer'
  | 'bad-signature'
  /** A login page with status 200, as captive portals answer. */
  | 'html'
  | 'http-503'
  | 'rejection'
  /** Takes the request and never answers. */
  | 'hang'
  | 'garbage'
  | 'cut-short';

export interface SandboxTimestampAuthority extends LoopbackServer {
  /** Every answer from now on has this fault; `undefined` mends it. */
  misbehave(kind: TimestampFault | undefined): void;
  /** Requests taken in so far. */
  requestCount(): number;
}

const reply = (body: Uint8Array) => ({ status: 200, type: 'application/timestamp-reply', body });

function flipLastByte(bytes: Uint8Array): Uint8Array {
  const flipped = bytes.slice();
  const last = flipped.length - 1;
  flipped[last] = (flipped[last] ?? 0) ^ 1;
  return flipped;
}

function disturb(query: TimestampQuery, fault: TimestampFault | undefined): TimestampQuery {
  if (fault === 'wrong-imprint') return { ...query, imprint: flipLastByte(query.imprint) };
  if (fault === 'wrong-nonce') return { ...query, nonce: query.nonce && flipLastByte(query.nonce) };
  if (fault === 'no-nonce') return { ...query, nonce: undefined };
  return query;
}

function timestampReply(pki: Pki, body: Uint8Array, at: number, fault: TimestampFault | undefined): Uint8Array {
  if (fault === 'rejection') return rejection('systemFailure', 'out of order');
  if (fault === 'garbage') return Uint8Array.from({ length: 300 }, (_, i) => (i * 167 + 13) % 256);
  const query = parseTimestampQuery(body);
  if (typeof query === 'string') return rejection(query, 'request refused');
  const authority = fault === 'wrong-signer' ? pki.ocspResponder : pki.timestamp;
  const granted = grant({ query: disturb(query, fault), authority, chain: [pki.issuing.certificate], at });
  if (fault === 'cut-short') return granted.subarray(0, granted.length / 2);
  // The signature value is the last thing in a SignedData without unsigned attributes.
  return fault === 'bad-signature' ? flipLastByte(granted) : granted;
}

/**
 * Starts the authority on a loopback port.
 * @param options.port a free one when missing
 * @param options.clock what genTime is read from
 */
export async function startTimestampAuthority(
  pki: Pki,
  options: { readonly port?: number; readonly clock: { now(): number } },
): Promise<SandboxTimestampAuthority> {
  let fault: TimestampFault | undefined;
  let requests = 0;
  const server = await startLoopbackServer(({ method, contentType, body }) => {
    if (method !== 'POST') return { status: 405, type: 'text/plain', body: 'POST only\n' };
    requests += 1;
    if (fault === 'hang') return undefined;
    if (fault === 'http-503') {
      return { status: 503, type: 'text/plain', body: 'try later\n', headers: { 'retry-after': '30' } };
    }
    if (fault === 'html') return { status: 200, type: 'text/html', body: '<!doctype html><title>Sign in</title>\n' };
    if (contentType !== 'application/timestamp-query') return { status: 415, type: 'text/plain', body: 'wrong type\n' };
    return reply(timestampReply(pki, body, options.clock.now(), fault));
  }, options.port);
  return {
    ...server,
    misbehave: (kind) => {
      fault = kind;
    },
    requestCount: () => requests,
  };
}
