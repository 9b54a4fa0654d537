import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTimestampAuthority, readTimestampToken } from '../../../main/pki/index.ts';
import type { Clock } from '../../../main/platform/clock.ts';
import { HttpError, type HttpErrorCode, type HttpPort, type HttpRequest } from '../../../main/platform/http.ts';
import { extensions, type Issued, OpensslPki } from './openssl-pki.ts';

const pki = new OpensslPki();
afterAll(() => pki.remove());

const url = 'http://tsa.example/';
const message = Buffer.from('a signature value');
const now = Date.UTC(2026, 0, 1);
const clock: Clock = { now: () => now, monotonicMs: () => 0, delay: async () => undefined };
let tsa: Issued;

beforeAll(() => {
  tsa = pki.issue({ name: 'tsa', subject: '/CN=tsa', extensions: extensions.tsa });
});

interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: Uint8Array;
}

/** An HTTP port that answers every request by `answer`; what was asked is kept. */
function httpThat(answer: (request: HttpRequest) => Reply): { http: HttpPort; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const http: HttpPort = {
    async request(request) {
      asked.push(request);
      const { status = 200, headers = {}, body } = answer(request);
      return { status, headers, body };
    },
    stream: () => Promise.reject(new Error('not asked for')),
    close: async () => undefined,
  };
  return { http, asked };
}

const bodyOf = ({ body }: HttpRequest) => (body instanceof Uint8Array ? body : new Uint8Array());
const authority = (http: HttpPort, randomNonce?: () => Uint8Array) =>
  createTimestampAuthority({ url, http, clock, timeoutMs: 5000, ...(randomNonce ? { randomNonce } : {}) });
const askWith = (answer: (request: HttpRequest) => Reply) => authority(httpThat(answer).http).timestamp(message);
const failing = (error: Error) =>
  askWith(() => {
    throw error;
  });

describe('createTimestampAuthority', () => {
  it('sends a request openssl reads, and believes its reply', async () => {
    const nonce = Buffer.from('0102030405060708', 'hex');
    const { http, asked } = httpThat((request) => ({ body: pki.timestampReply(bodyOf(request), tsa) }));
    const outcome = await authority(http, () => nonce).timestamp(message);
    expect(outcome).toMatchObject({ kind: 'granted' });
    const [request] = asked;
    expect(request).toMatchObject({ method: 'POST', url, allowPlainHttp: true, timeoutMs: 5000 });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/timestamp-query' });
    const query = pki.write(request ? bodyOf(request) : '');
    const told = pki.run(['ts', '-query', '-in', query, '-text']).toString();
    expect(told).toMatch(/Hash Algorithm: sha256/);
    expect(told).toMatch(/Nonce: 0x4102030405060708/);
    expect(told).toMatch(/Certificate required: yes/);
    const token = pki.write(outcome.kind === 'granted' ? outcome.token : '');
    const verify = ['ts', '-verify', '-token_in', '-in', token, '-CAfile', tsa.certificatePath];
    expect(pki.run([...verify, '-data', pki.write(message)]).toString()).toMatch(/Verification: OK/);
    expect(() => pki.run([...verify, '-data', pki.write('other')])).toThrow();
  });

  it('asks with another nonce each time', async () => {
    const { http, asked } = httpThat(() => ({ body: new Uint8Array() }));
    const one = authority(http);
    await one.timestamp(message);
    await one.timestamp(message);
    const [first, second] = asked.map(bodyOf);
    expect(Buffer.from(first ?? [])).not.toEqual(Buffer.from(second ?? []));
  });

  it('tells a reply to an earlier request from its own', async () => {
    let kept: Uint8Array | undefined;
    const outcome = await authority(
      httpThat((request) => {
        kept ??= pki.timestampReply(bodyOf(request), tsa);
        return { body: kept };
      }).http,
    ).timestamp(message);
    expect(outcome.kind).toBe('granted');
    const replayed = await askWith(() => ({ body: kept ?? new Uint8Array() }));
    expect(replayed).toEqual({ kind: 'unavailable', code: 'wrong-nonce' });
  });

  it('refuses a token whose certificate was not in force at its time', async () => {
    const future = pki.path('future.pem');
    const csr = pki.path('future.csr');
    pki.run(['req', '-new', '-key', tsa.keyPath, '-subj', '/CN=late', '-config', pki.write(''), '-out', csr]);
    const database = pki.write('');
    const config = pki.write(
      [
        '[ca]\ndefault_ca=c\n[c]',
        `database=${database}\nserial=${pki.write('05')}\nnew_certs_dir=${pki.folder}`,
        `default_md=sha256\npolicy=p\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]`,
        ...extensions.tsa,
      ].join('\n'),
    );
    pki.run([
      ...['ca', '-batch', '-notext', '-config', config, '-in', csr, '-out', future, '-selfsign'],
      ...['-keyfile', tsa.keyPath, '-startdate', '20400101000000Z', '-enddate', '20410101000000Z'],
    ]);
    const late = { ...tsa, certificatePath: future };
    const outcome = await askWith((request) => ({ body: pki.timestampReply(bodyOf(request), late) }));
    expect(outcome).toEqual({ kind: 'unavailable', code: 'bad-signature' });
  });

  it.each<[string, string, Partial<Reply>, number | undefined]>([
    ['http-status', 'seconds to wait', { status: 503, headers: { 'retry-after': '30' } }, 30_000],
    [
      'http-status',
      'a date to wait for',
      { status: 429, headers: { 'retry-after': new Date(now + 5000).toUTCString() } },
      5000,
    ],
    [
      'http-status',
      'a date gone by',
      { status: 503, headers: { 'retry-after': new Date(now - 5000).toUTCString() } },
      0,
    ],
    ['http-status', 'years to wait', { status: 503, headers: { 'retry-after': '999999999' } }, 86_400_000],
    ['http-status', 'nonsense to wait for', { status: 503, headers: { 'retry-after': 'soon' } }, undefined],
    ['http-status', 'an error', { status: 500 }, undefined],
    ['rejected', 'a password that is wrong or missing', { status: 401, headers: { 'retry-after': '1' } }, undefined],
    ['http-status', 'a redirect', { status: 302, headers: { location: 'http://elsewhere' } }, undefined],
    ['bad-response', 'an empty body', { body: new Uint8Array() }, undefined],
    ['bad-response', 'HTML', { body: Buffer.from('<!doctype html>') }, undefined],
    ['bad-response', 'granted without a token', { body: Buffer.from('30053003020100', 'hex') }, undefined],
    ['rejected', 'a rejection', { body: Buffer.from('30053003020102', 'hex') }, undefined],
  ])('answers %s to %s', async (code, _, reply, retryAfterMs) => {
    const outcome = await askWith(() => ({ body: new Uint8Array(), ...reply }));
    expect(outcome).toEqual({ kind: 'unavailable', code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  });

  it.each<[HttpErrorCode, string]>([
    ['offline', 'offline'],
    ['tls', 'offline'],
    ['timeout', 'timeout'],
    ['too-large', 'bad-response'],
    ['cut-short', 'bad-response'],
    ['bad-url', 'rejected'],
    ['insecure-url', 'rejected'],
  ])('answers the failure %s by %s', async (failure, code) => {
    expect(await failing(new HttpError(failure, true))).toEqual({ kind: 'unavailable', code });
  });

  it('throws nothing but the reason of an abort', async () => {
    const reason = new Error('no more');
    const { http, asked } = httpThat(() => ({ body: new Uint8Array() }));
    await expect(authority(http).timestamp(message, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(asked).toEqual([]);
    const controller = new AbortController();
    const aborting = httpThat(() => {
      controller.abort(reason);
      throw new HttpError('cancelled', true);
    });
    await expect(authority(aborting.http).timestamp(message, controller.signal)).rejects.toBe(reason);
  });

  it('believes no reply with a flipped byte in what is signed, in the signature or in the certificate', async () => {
    const replies: Buffer[] = [];
    const nonce = () => Buffer.alloc(8, 7);
    const answer = httpThat((request) => {
      const body = Buffer.from(pki.timestampReply(bodyOf(request), tsa));
      replies.push(body);
      return { body };
    });
    const outcome = await authority(answer.http, nonce).timestamp(message);
    const whole = replies[0] ?? Buffer.alloc(0);
    const { signedData } = readTimestampToken(outcome.kind === 'granted' ? outcome.token : whole);
    const [signer] = signedData.signers;
    const parts = [signedData.content, signedData.certificates[0], signer?.signedBytes?.subarray(1), signer?.signature];
    for (const part of parts) {
      const start = whole.indexOf(part ?? 'missing');
      expect(start).toBeGreaterThan(0);
      for (let at = start; at < start + (part?.length ?? 0); at++) {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ 0x01;
        const { kind } = await authority(httpThat(() => ({ body: changed })).http, nonce).timestamp(message);
        expect(kind, `byte ${at}`).toBe('unavailable');
      }
    }
  });
});
