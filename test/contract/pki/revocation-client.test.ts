/** Revocation asked over real HTTP of the sandbox's services, and of `openssl ocsp`. */
import { readFile } from 'node:fs/promises';
import * as x509 from '@peculiar/x509';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from '../../../main/pki/certificate.ts';
import {
  createChainBuilder,
  createFolderCache,
  createMemoryCache,
  createRevocationClient,
  createValidationDataCollector,
  type RevocationClientOptions,
} from '../../../main/pki/index.ts';
import { encodeOcspRequest, judgeOcsp, readOcspResponse } from '../../../main/pki/ocsp.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import type { HttpPort } from '../../../main/platform/http.ts';
import { createHttp } from '../../../main/platform/undici-http.ts';
import { issueCertificate } from '../../sandbox/pki/certificates.ts';
import {
  certificatePem,
  createPki,
  issueSigner,
  type Pki,
  privateKeyPem,
  revoke,
  type SandboxRevocationServer,
  type Signer,
  startRevocationServer,
  startServedPki,
} from '../../sandbox/pki/index.ts';
import { tableHttp, turnedClock } from '../../unit/pki/network-doubles.ts';
import { makeList } from '../../unit/pki/revocation-samples.ts';
import { openssl, openWorkshop, type Workshop } from '../pki-sandbox/openssl.ts';

let pki: Pki;
let server: SandboxRevocationServer;
let http: HttpPort;
let good: Signer;
let bad: Signer;
let workshop: Workshop;

beforeAll(async () => {
  pki = await createPki({ now: Date.now() });
  server = await startRevocationServer(pki);
  http = createHttp();
  workshop = await openWorkshop();
  good = await issueSigner(pki, { name: 'good', commonName: 'Anna', keyType: 'p-256' });
  bad = await issueSigner(pki, { name: 'bad', commonName: 'Boriss', keyType: 'rsa-2048' });
  await revoke(pki, bad, { at: pki.now - 60_000, reason: 'key-compromise' });
});
afterEach(() => server.setState('up'));
afterAll(async () => {
  await http.close();
  await server.stop();
  await workshop.remove();
});

const client = (more: Partial<RevocationClientOptions> = {}) =>
  createRevocationClient({ http, clock: systemClock, cache: createMemoryCache(), timeoutMs: 20_000, ...more });
const issuer = () => pki.issuing.certificate;

describe('a revocation client', () => {
  it.each([
    ['by POST with a nonce', {}],
    ['by POST without one', { nonce: () => undefined }],
    ['by GET', { method: 'GET' as const }],
  ])('learns good and revoked from a responder, %s', async (_how, more) => {
    const asking = client(more);
    const answer = await asking.check(good.certificate, issuer());
    expect(answer).toMatchObject({ status: { kind: 'good' }, lists: [] });
    expect(answer.ocsp?.length).toBeGreaterThan(0);
    expect(answer.delegate).toEqual(pki.ocspResponder.certificate);
    const revoked = await asking.check(bad.certificate, issuer());
    expect(revoked.status).toMatchObject({ kind: 'revoked', reason: 1 });
  });

  it('learns it from the list where no responder is to be asked', async () => {
    const answer = await client().check(good.certificate, issuer(), { listsOnly: true });
    expect([answer.status.kind, answer.ocsp, answer.lists.length]).toEqual(['good', undefined, 1]);
    expect((await client().check(bad.certificate, issuer(), { listsOnly: true })).status.kind).toBe('revoked');
  });

  it('says why nothing is known', async () => {
    expect((await client().check(pki.timestamp.certificate, issuer())).status).toEqual({
      kind: 'unknown',
      code: 'no-source',
    });
    server.setState('down');
    expect((await client().check(good.certificate, issuer())).status).toEqual({ kind: 'unknown', code: 'http-status' });
    const html = tableHttp(() => ({ body: Buffer.from('<!doctype html>') }));
    expect((await client({ http: html }).check(good.certificate, issuer())).status).toMatchObject({
      code: 'bad-response',
    });
  });

  it('asks by GET a responder that takes no POST', async () => {
    const picky: HttpPort = {
      ...http,
      request: async (request) =>
        request.method === 'POST' ? { status: 405, headers: {}, body: new Uint8Array() } : http.request(request),
    };
    expect((await client({ http: picky }).check(good.certificate, issuer())).ocsp).toBeDefined();
  });

  it('keeps an answer until nextUpdate, in memory and on disk, unless a younger one is wanted', async () => {
    for (const cache of [createMemoryCache(), createFolderCache(`${workshop.dir}/answers`)]) {
      const clock = turnedClock(Date.now());
      const counted = tableHttp((request) => http.request(request));
      const asking = client({ http: counted, cache, clock });
      await asking.check(good.certificate, issuer());
      await asking.check(good.certificate, issuer());
      expect(counted.requests).toHaveLength(1);
      clock.turn(1000);
      await asking.check(good.certificate, issuer(), { fetchedSince: clock.now() });
      expect(counted.requests).toHaveLength(2);
      clock.turn(2 * 3_600_000);
      await asking.check(good.certificate, issuer(), { at: Date.now() });
      expect(counted.requests).toHaveLength(3);
    }
  });

  it('asks the same once for many at a time', async () => {
    const counted = tableHttp((request) => http.request(request));
    const asking = client({ http: counted, cache: createMemoryCache() });
    await Promise.all(Array.from({ length: 20 }, () => asking.check(good.certificate, issuer())));
    expect(counted.requests).toHaveLength(1);
  });

  it('completes a list by its delta', async () => {
    const [listUrl, deltaUrl] = ['http://lists.example/full.crl', 'http://lists.example/delta.crl'];
    const subject = await issueCertificate({
      subject: [['CN', 'With delta']],
      keyType: 'p-256',
      notBefore: pki.now - 1000,
      notAfter: pki.now + 3_600_000,
      issuer: pki.issuing,
      extensions: [
        new x509.CRLDistributionPointsExtension([listUrl]),
        new x509.Extension('2.5.29.46', false, new x509.CRLDistributionPointsExtension([deltaUrl]).value),
      ],
    });
    const { serialNumber } = readCertificate(subject.certificate);
    const serial = Buffer.from(serialNumber).toString('hex');
    const [thisUpdate, nextUpdate] = [pki.now - 1000, pki.now + 3_600_000];
    const full = makeList({
      issuer: pki.issuing,
      thisUpdate: thisUpdate - 90_000_000,
      nextUpdate: thisUpdate,
      number: 4,
    });
    const entries = [{ serial, at: pki.now - 500_000 }];
    const delta = makeList({ issuer: pki.issuing, thisUpdate, nextUpdate, number: 5, baseNumber: 4, entries });
    const table = tableHttp(({ url }) => ({ body: url === deltaUrl ? delta : full }));
    const answer = await client({ http: table }).check(subject.certificate, issuer());
    expect(answer.status.kind).toBe('revoked');
    expect(answer.lists).toEqual([full, delta]);
  });
});

describe('openssl ocsp', () => {
  async function index(): Promise<string> {
    const line = (signer: Signer, mark: string) => {
      const end = '300101000000Z';
      return [
        mark,
        end,
        mark === 'R' ? '260101000000Z,keyCompromise' : '',
        signer.serialNumber.toUpperCase(),
        'unknown',
        '/CN=x',
      ].join('\t');
    };
    return workshop.put('index.txt', `${line(good, 'V')}\n${line(bad, 'R')}\n`);
  }

  it('reads the requests, and its answers are believed', async () => {
    const [ca, responder, key] = await Promise.all([
      workshop.put('ca.pem', certificatePem(pki.issuing)),
      workshop.put('responder.pem', certificatePem(pki.ocspResponder)),
      workshop.put('responder.key', privateKeyPem(pki.ocspResponder)),
    ]);
    const books = await index();
    const nonce = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    for (const [signer, kind] of [
      [good, 'good'],
      [bad, 'revoked'],
    ] as const) {
      const [certificate, issuing] = [readCertificate(signer.certificate), readCertificate(issuer())];
      const request = await workshop.put('request.der', encodeOcspRequest(certificate, issuing, nonce));
      const said = await openssl('ocsp', '-reqin', request, '-req_text', '-noverify');
      expect(said.output.toLowerCase()).toContain(signer.serialNumber.toLowerCase());
      const response = `${workshop.dir}/response.der`;
      const args = ['-index', books, '-CA', ca, '-rsigner', responder, '-rkey', key, '-reqin', request];
      const { code, output } = await openssl('ocsp', ...args, '-respout', response, '-ndays', '1');
      expect([code, output.includes('error')]).toEqual([0, false]);
      const now = Date.now();
      const read = readOcspResponse(await readFile(response));
      const verdict = judgeOcsp(read, { certificate, issuer: issuing, at: now, now }, nonce);
      expect(verdict.status.kind).toBe(kind);
      expect(Buffer.from(read?.nonce ?? []).equals(nonce)).toBe(true);
    }
  });
});

describe('a chain builder', () => {
  const builder = () => createChainBuilder({ http, clock: systemClock, cache: createMemoryCache(), timeoutMs: 20_000 });

  it('fetches the issuers a certificate points to, up to an anchor', async () => {
    const built = await builder().build(good.certificate, [], [pki.root.certificate]);
    expect(built).toEqual({ issuers: [pki.issuing.certificate, pki.root.certificate], complete: true });
  });

  it('says that a chain is not complete', async () => {
    expect(await builder().build(good.certificate, [], [])).toEqual({
      issuers: [pki.issuing.certificate],
      complete: false,
    });
    server.setState('down');
    expect(await builder().build(good.certificate, [], [])).toEqual({ issuers: [], complete: false });
  });

  it('stops at a server that always points further', async () => {
    let made = 0;
    const names: string[] = [];
    const endless = tableHttp(async ({ url }) => {
      names.push(url);
      made += 1;
      const { certificate } = await issueCertificate({
        subject: [['CN', `Not the issuer ${made}`]],
        keyType: 'p-256',
        notBefore: pki.now,
        notAfter: pki.now + 1000,
        issuer: pki.issuing,
        extensions: [],
      });
      return { body: certificate };
    });
    const chains = createChainBuilder({
      http: endless,
      clock: systemClock,
      cache: createMemoryCache(),
      timeoutMs: 1000,
    });
    expect((await chains.build(good.certificate, [], [])).complete).toBe(false);
    expect(names.length).toBeLessThanOrEqual(8);
  });
});

describe('a collector of validation data', () => {
  const collector = () =>
    createValidationDataCollector(
      createChainBuilder({ http, clock: systemClock, cache: createMemoryCache(), timeoutMs: 20_000 }),
      client(),
    );
  const collect = (leaf: Uint8Array, anchors: readonly Uint8Array[], at = Date.now()) =>
    collector().collect({ leaf, known: [], anchors, at });

  it('brings chain and answers, and says that the issuing CA tells nothing about itself', async () => {
    const data = await collect(good.certificate, [pki.root.certificate]);
    expect(data.certificates).toHaveLength(4);
    expect([data.ocsps.length, data.lists.length]).toEqual([1, 0]);
    expect(data.problems).toEqual([{ subject: 'CN=Sandbox Issuing CA,O=Countersign Sandbox,C=LV', code: 'no-source' }]);
  });

  it('is content where every issuer says where to ask', async () => {
    const served = await startServedPki(Date.now());
    const signer = await issueSigner(served.pki, { name: 'a', commonName: 'Anna', keyType: 'p-256' });
    for (const leaf of [signer.certificate, served.pki.timestamp.certificate]) {
      const data = await collect(leaf, [served.pki.root.certificate]);
      expect([data.ocsps.length, data.lists.length, data.problems]).toEqual([1, 1, []]);
    }
    await served.server.stop();
  });

  it('is content where the issuing CA is the anchor, and tells a revocation', async () => {
    expect((await collect(good.certificate, [issuer()])).problems).toEqual([]);
    expect((await collect(bad.certificate, [issuer()])).problems).toMatchObject([{ code: 'revoked' }]);
    expect((await collect(bad.certificate, [issuer()], pki.now - 3_600_000)).problems).toEqual([]);
  });
});
