/** Asks whether a certificate is revoked: its OCSP responders first (RFC 6960), then its lists and their deltas (RFC 5280, 6.3). */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { HttpPort } from '../platform/http.ts';
import { readCertificate } from './certificate.ts';
import { type Fetched, fetchBody } from './fetch.ts';
import { type Asked, encodeOcspRequest, judgeOcsp, readOcspResponse } from './ocsp.ts';
import { PkiError } from './port.ts';
import { type RevocationProblem, type RevocationStatus, unknownStatus } from './revocation.ts';
import type { AnswerCache } from './revocation-cache.ts';
import { judgeRevocationList, readRevocationList } from './revocation-list.ts';

export interface RevocationClientOptions {
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly cache: AnswerCache;
  /** Each exchange, milliseconds. */
  readonly timeoutMs: number;
  /** POST unless given; GET is what caches on the way understand (RFC 5019, 5), and has no nonce. */
  readonly method?: 'POST' | 'GET';
  /** 16 random octets unless given; undefined sends none. */
  readonly nonce?: () => Uint8Array | undefined;
}

export interface RevocationQuestion {
  /** The moment the status is wanted for, epoch ms; now unless given. */
  readonly at?: number;
  /** Answers fetched before this moment (epoch ms) are not used; unless given, any that is kept is. */
  readonly fetchedSince?: number;
  /** Only lists are asked: for an OCSP responder's own certificate. */
  readonly listsOnly?: boolean;
  readonly signal?: AbortSignal;
}

export interface RevocationAnswer {
  readonly status: RevocationStatus;
  /** OCSPResponse, DER, that tells the status. */
  readonly ocsp: Uint8Array | undefined;
  /** CertificateLists, DER, that tell it: a complete one and perhaps its delta. */
  readonly lists: readonly Uint8Array[];
  /** The delegated responder's certificate, DER. */
  readonly delegate: Uint8Array | undefined;
}

export interface RevocationClient {
  /**
   * @param certificate DER
   * @param issuer its issuer's, DER
   * @throws PkiError bad-certificate; the signal's reason. Everything else is a status.
   */
  check(certificate: Uint8Array, issuer: Uint8Array, question?: RevocationQuestion): Promise<RevocationAnswer>;
}

const maxOcspBytes = 1024 * 1024;
const maxListBytes = 64 * 1024 * 1024;
/** A GET holds the request in its path; longer ones are posted (RFC 6960, A.1). */
const maxGetBytes = 255;

interface Exchange {
  readonly fetched: Fetched;
  readonly fetchedAt: number;
  readonly nonce: Uint8Array | undefined;
}

const noAnswer = (code: RevocationProblem): RevocationAnswer => ({
  status: unknownStatus(code),
  ocsp: undefined,
  lists: [],
  delegate: undefined,
});

/** What is wrong in the bytes of an answer is the answer's problem. */
function orBadResponse<T>(judge: () => T): T | undefined {
  try {
    return judge();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

class Client implements RevocationClient {
  readonly #options: RevocationClientOptions;
  /** Exchanges under way, so that a batch asks the same once. */
  readonly #flights = new Map<string, Promise<Exchange>>();

  constructor(options: RevocationClientOptions) {
    this.#options = options;
  }

  async check(certificateDer: Uint8Array, issuerDer: Uint8Array, question: RevocationQuestion = {}) {
    const [certificate, issuer] = [readCertificate(certificateDer), readCertificate(issuerDer)];
    const now = this.#options.clock.now();
    const asked: Asked = { certificate, issuer, at: question.at ?? now, now };
    let first: RevocationAnswer | undefined;
    const { ocspUrls, listUrls } = certificate.extensions;
    for (const url of question.listsOnly ? [] : ocspUrls) {
      const answer = await this.#askResponder(url, asked, question);
      if (answer.status.kind !== 'unknown') return answer;
      first ??= answer;
    }
    for (const url of listUrls) {
      const answer = await this.#askList(url, asked, question);
      if (answer.status.kind !== 'unknown') return answer;
      first ??= answer;
    }
    return first ?? noAnswer('no-source');
  }

  async #exchange(key: string, question: RevocationQuestion, fetch: () => Promise<Exchange>): Promise<Exchange> {
    const { clock, cache } = this.#options;
    const kept = await cache.get(key, clock.now());
    if (kept && kept.fetchedAt >= (question.fetchedSince ?? 0)) {
      return { fetched: { kind: 'body', body: kept.bytes }, fetchedAt: kept.fetchedAt, nonce: undefined };
    }
    const flying = this.#flights.get(key);
    if (flying) return flying;
    const flight = fetch().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  async #keep(key: string, { fetched, fetchedAt }: Exchange, until: number | undefined): Promise<void> {
    if (fetched.kind !== 'body' || until === undefined) return;
    await this.#options.cache.put(key, { bytes: fetched.body, fetchedAt, until });
  }

  async #ocspExchange(url: string, asked: Asked, signal: AbortSignal | undefined): Promise<Exchange> {
    const { http, clock, timeoutMs, method = 'POST', nonce = () => randomBytes(16) } = this.#options;
    const fetchedAt = clock.now();
    const get = async () => {
      const request = Buffer.from(encodeOcspRequest(asked.certificate, asked.issuer)).toString('base64');
      const target = `${url.replace(/\/$/, '')}/${encodeURIComponent(request)}`;
      const headers = { accept: 'application/ocsp-response' };
      const exchange = { method: 'GET', url: target, headers, timeoutMs, maxResponseBytes: maxOcspBytes } as const;
      return { fetched: await fetchBody(http, clock, exchange, signal), fetchedAt, nonce: undefined };
    };
    const plain = encodeOcspRequest(asked.certificate, asked.issuer);
    if (method === 'GET' && plain.length <= maxGetBytes) return get();
    const octets = nonce();
    const body = encodeOcspRequest(asked.certificate, asked.issuer, octets);
    const headers = { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' };
    const exchange = { method: 'POST', url, headers, body, timeoutMs, maxResponseBytes: maxOcspBytes } as const;
    const fetched = await fetchBody(http, clock, exchange, signal);
    if (fetched.kind === 'failed' && fetched.status === 405 && plain.length <= maxGetBytes) return get();
    return { fetched, fetchedAt, nonce: octets };
  }

  async #askResponder(url: string, asked: Asked, question: RevocationQuestion): Promise<RevocationAnswer> {
    const request = encodeOcspRequest(asked.certificate, asked.issuer);
    const key = `ocsp ${url} ${createHash('sha256').update(request).digest('hex')}`;
    const exchange = await this.#exchange(key, question, () => this.#ocspExchange(url, asked, question.signal));
    const { fetched, nonce } = exchange;
    if (fetched.kind === 'failed') return noAnswer(fetched.code);
    const { body } = fetched;
    const verdict = orBadResponse(() => judgeOcsp(readOcspResponse(body), asked, nonce));
    if (!verdict) return noAnswer('bad-response');
    if (verdict.status.kind === 'unknown') return noAnswer(verdict.status.code);
    await this.#keep(key, exchange, verdict.nextUpdate);
    return { status: verdict.status, ocsp: body, lists: [], delegate: verdict.delegate?.der };
  }

  #fetchList(url: string, question: RevocationQuestion): Promise<Exchange> {
    const { http, clock, timeoutMs } = this.#options;
    const fetchedAt = clock.now();
    const exchange = { method: 'GET', url, timeoutMs, maxResponseBytes: maxListBytes } as const;
    return this.#exchange(`list ${url}`, question, async () => ({
      fetched: await fetchBody(http, clock, exchange, question.signal),
      fetchedAt,
      nonce: undefined,
    }));
  }

  async #askList(url: string, asked: Asked, question: RevocationQuestion): Promise<RevocationAnswer> {
    const exchange = await this.#fetchList(url, question);
    const { fetched } = exchange;
    if (fetched.kind === 'failed') return noAnswer(fetched.code);
    const base = orBadResponse(() => readRevocationList(fetched.body));
    if (!base) return noAnswer('bad-response');
    const withDelta = await this.#askDelta(fetched.body, asked, question);
    if (withDelta) {
      await this.#keep(`list ${url}`, exchange, base.nextUpdate);
      return withDelta;
    }
    const verdict = orBadResponse(() => judgeRevocationList(base, asked));
    if (!verdict) return noAnswer('bad-response');
    if (verdict.status.kind === 'unknown') return noAnswer(verdict.status.code);
    await this.#keep(`list ${url}`, exchange, verdict.nextUpdate);
    return { status: verdict.status, ocsp: undefined, lists: [fetched.body], delegate: undefined };
  }

  /** The answer by the first delta that fits; undefined where there is none, and the complete list alone has to tell. */
  async #askDelta(base: Uint8Array, asked: Asked, question: RevocationQuestion): Promise<RevocationAnswer | undefined> {
    for (const url of asked.certificate.extensions.deltaUrls) {
      const exchange = await this.#fetchList(url, question);
      if (exchange.fetched.kind === 'failed') continue;
      const { body } = exchange.fetched;
      const verdict = orBadResponse(() =>
        judgeRevocationList(readRevocationList(base), asked, readRevocationList(body)),
      );
      if (!verdict || verdict.status.kind === 'unknown') continue;
      await this.#keep(`list ${url}`, exchange, verdict.nextUpdate);
      return { status: verdict.status, ocsp: undefined, lists: [base, body], delegate: undefined };
    }
    return undefined;
  }
}

export const createRevocationClient = (options: RevocationClientOptions): RevocationClient => new Client(options);
