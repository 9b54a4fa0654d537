/** Completes a certification path by the issuers' certificates that certificates themselves point to (RFC 5280, 4.2.2.1, caIssuers). */
import type { Clock } from '../platform/clock.ts';
import type { HttpPort } from '../platform/http.ts';
import { isSelfIssued, readCertificate } from './certificate.ts';
import { findPath } from './chain.ts';
import { fetchBody } from './fetch.ts';
import { parsePem } from './pem.ts';
import { PkiError } from './port.ts';
import type { AnswerCache } from './revocation-cache.ts';
import { readSignedData } from './signed-data.ts';

export interface ChainBuilderOptions {
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly cache: AnswerCache;
  /** Each exchange, milliseconds. */
  readonly timeoutMs: number;
}

export interface BuiltChain {
  /** From the leaf's issuer up, DER; a self-signed root among them at the end. */
  readonly issuers: readonly Uint8Array[];
  /** Whether it ends at a self-signed certificate or at an anchor. */
  readonly complete: boolean;
}

export interface ChainBuilder {
  /**
   * @param known certificates at hand, DER; anchors among them
   * @throws PkiError bad-certificate when the leaf cannot be read; the signal's reason
   */
  build(
    leaf: Uint8Array,
    known: readonly Uint8Array[],
    anchors: readonly Uint8Array[],
    signal?: AbortSignal,
  ): Promise<BuiltChain>;
}

/** What one chain may cost. */
const limits = { fetches: 8, responseBytes: 512 * 1024, certificatesPerAnswer: 16 };
const keptMs = 24 * 60 * 60_000;

/** One certificate, DER or PEM, or a certs-only CMS (RFC 5280, 4.2.2.1: application/pkix-cert, pkcs7-mime). */
function readAnswer(body: Uint8Array): Uint8Array[] {
  const text = Buffer.from(body.subarray(0, 64)).toString('latin1');
  if (text.includes('-----BEGIN')) return parsePem(Buffer.from(body).toString('latin1'));
  try {
    readCertificate(body);
    return [body];
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
  try {
    return [...readSignedData(body).certificates];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

const isRoot = (der: Uint8Array) => isSelfIssued(readCertificate(der));
const same = (a: Uint8Array) => (b: Uint8Array) => Buffer.compare(a, b) === 0;

export function createChainBuilder({ http, clock, cache, timeoutMs }: ChainBuilderOptions): ChainBuilder {
  async function fetchCertificates(url: string, signal: AbortSignal | undefined): Promise<Uint8Array[]> {
    const key = `issuer ${url}`;
    const now = clock.now();
    const kept = await cache.get(key, now);
    if (kept) return readAnswer(kept.bytes);
    const exchange = { method: 'GET', url, timeoutMs, maxResponseBytes: limits.responseBytes } as const;
    const fetched = await fetchBody(http, clock, exchange, signal);
    if (fetched.kind === 'failed') return [];
    const found = readAnswer(fetched.body).slice(0, limits.certificatesPerAnswer);
    if (found.length > 0) await cache.put(key, { bytes: fetched.body, fetchedAt: now, until: now + keptMs });
    return found;
  }

  return {
    async build(leaf, known, anchors, signal) {
      const candidates = [...known, ...anchors];
      const asked = new Set<string>();
      for (;;) {
        const issuers = findPath(leaf, candidates);
        const top = issuers.at(-1) ?? leaf;
        if (isRoot(top) || anchors.some(same(top))) return { issuers, complete: true };
        const url = readCertificate(top).extensions.caIssuersUrls.find((one) => !asked.has(one));
        if (url === undefined || asked.size >= limits.fetches) return { issuers, complete: false };
        asked.add(url);
        candidates.push(...(await fetchCertificates(url, signal)));
      }
    },
  };
}
