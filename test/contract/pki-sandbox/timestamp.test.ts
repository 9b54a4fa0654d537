import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  certificatePem,
  createPki,
  type Pki,
  type SandboxTimestampAuthority,
  startTimestampAuthority,
  type TimestampFault,
} from '../../sandbox/pki/index.ts';
import { openssl, openWorkshop, type Workshop } from './openssl.ts';

// OpenSSL checks the authority's certificate against the wall clock.
const now = Date.now();

describe('the sandbox timestamp authority', () => {
  let shop: Workshop;
  let pki: Pki;
  let tsa: SandboxTimestampAuthority;
  let at = now;

  beforeAll(async () => {
    shop = await openWorkshop();
    pki = await createPki({ now });
    tsa = await startTimestampAuthority(pki, { clock: { now: () => at } });
    await shop.put('root.pem', certificatePem(pki.root));
    await shop.put('other.pem', certificatePem(pki.otherRoot));
    await shop.put('chain.pem', certificatePem(pki.issuing) + certificatePem(pki.timestamp));
    await shop.put('data', 'the bytes to be stamped');
    await shop.put('other-data', 'the bytes to be stamped.');
  });
  afterEach(() => tsa.misbehave(undefined));
  afterAll(async () => {
    await tsa.stop();
    await shop.remove();
  });

  const path = (name: string) => join(shop.dir, name);

  async function makeQuery(...options: string[]): Promise<Buffer> {
    const out = path('last.tsq');
    const { code, output } = await openssl('ts', '-query', '-data', path('data'), '-out', out, ...options);
    expect(code, output).toBe(0);
    return readFile(out);
  }

  const post = (body: Uint8Array, type = 'application/timestamp-query') =>
    fetch(tsa.url, { method: 'POST', headers: { 'content-type': type }, body: Buffer.from(body) });

  async function stamp(...options: string[]): Promise<string> {
    const response = await post(await makeQuery(...options));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/timestamp-reply');
    return shop.put('last.tsr', new Uint8Array(await response.arrayBuffer()));
  }

  const verify = (reply: string, root = 'root.pem', ...against: string[]) => {
    const subject = against.length > 0 ? against : ['-queryfile', path('last.tsq')];
    return openssl('ts', '-verify', ...subject, '-in', reply, '-CAfile', path(root), '-untrusted', path('chain.pem'));
  };

  it.each([
    ['SHA-256, nonce, certificates', ['-sha256', '-cert']],
    ['SHA-384', ['-sha384', '-cert']],
    ['SHA-512', ['-sha512', '-cert']],
    ['no nonce', ['-sha256', '-no_nonce', '-cert']],
    ['no certificates', ['-sha256']],
    ['the policy it has', ['-sha256', '-cert', '-tspolicy', '1.3.6.1.4.1.32473.3161.1']],
  ])('grants a request with %s, and OpenSSL accepts the token', async (_, options) => {
    const verdict = await verify(await stamp(...options));
    expect(verdict, verdict.output).toMatchObject({ code: 0 });
  });

  it('sends certificates only where they are asked for', async () => {
    const withCertificates = await openssl(
      'ts',
      '-reply',
      '-in',
      await stamp('-sha256', '-cert'),
      '-token_out',
      '-out',
      path('t1'),
    );
    expect(withCertificates.code).toBe(0);
    const list = await openssl('pkcs7', '-inform', 'DER', '-in', path('t1'), '-print_certs', '-noout');
    expect(list.output).toContain('Sandbox Timestamp Authority');
    await openssl('ts', '-reply', '-in', await stamp('-sha256'), '-token_out', '-out', path('t2'));
    const none = await openssl('pkcs7', '-inform', 'DER', '-in', path('t2'), '-print_certs', '-noout');
    expect(none).toMatchObject({ code: 0 });
    expect(none.output).not.toContain('CN');
  });

  it('reads the time from its clock and states its accuracy', async () => {
    at = Date.UTC(2031, 1, 3, 4, 5, 6);
    const reply = await stamp('-sha256', '-cert');
    at = now;
    const { output } = await openssl('ts', '-reply', '-in', reply, '-text');
    expect(output).toContain('Time stamp: Feb  3 04:05:06 2031 GMT');
    expect(output).toContain('Accuracy: 0x01 seconds');
  });

  it('has its token refused for other bytes, under another root, and after one bit has changed', async () => {
    const reply = await stamp('-sha256', '-cert');
    expect((await verify(reply, 'root.pem', '-data', path('data'))).code).toBe(0);
    expect((await verify(reply, 'root.pem', '-data', path('other-data'))).code).not.toBe(0);
    expect((await verify(reply, 'other.pem')).code).not.toBe(0);
    tsa.misbehave('bad-signature');
    expect((await verify(await stamp('-sha256', '-cert'))).code).not.toBe(0);
  });

  it.each<TimestampFault>([
    'wrong-imprint',
    'wrong-nonce',
    'no-nonce',
    'wrong-signer',
    'bad-signature',
    'rejection',
    'garbage',
    'cut-short',
  ])('told to misbehave by %s, it is refused by OpenSSL, and mended it is accepted', async (fault) => {
    tsa.misbehave(fault);
    expect((await verify(await stamp('-sha256', '-cert'))).code).not.toBe(0);
    tsa.misbehave(undefined);
    expect((await verify(await stamp('-sha256', '-cert'))).code).toBe(0);
  });

  it.each<[TimestampFault, number, string]>([
    ['html', 200, 'text/html'],
    ['http-503', 503, 'text/plain'],
  ])('told to misbehave by %s, it answers %d %s', async (fault, status, type) => {
    tsa.misbehave(fault);
    const response = await post(await makeQuery());
    expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
    await response.arrayBuffer();
  });

  it('told to hang, keeps the request without an answer and still stops', async () => {
    const other = await startTimestampAuthority(pki, { clock: { now: () => at } });
    other.misbehave('hang');
    const pending = fetch(other.url, { method: 'POST', body: 'x' }).then(
      () => 'answered',
      () => 'cut off',
    );
    await expect.poll(() => other.requestCount()).toBe(1);
    await other.stop();
    expect(await pending).toBe('cut off');
  });

  it.each([
    [
      'an unknown policy',
      ['-sha256', '-tspolicy', '1.2.3.4'],
      'Failure info: the requested TSA policy is not supported',
    ],
    ['SHA-1', ['-sha1'], 'Failure info: unrecognized or unsupported algorithm identifier'],
  ])('rejects %s with the failure info of the standard', async (_, options, text) => {
    const { output } = await openssl('ts', '-reply', '-in', await stamp(...options), '-text');
    expect(output).toContain('Status: Rejected.');
    expect(output).toContain(text);
  });

  it('rejects what is no request, and refuses other methods and types', async () => {
    const reply = await post(Buffer.from('<html>'));
    const file = await shop.put('bad.tsr', new Uint8Array(await reply.arrayBuffer()));
    const { output } = await openssl('ts', '-reply', '-in', file, '-text');
    expect(output).toContain('transaction not permitted or supported');
    expect((await fetch(tsa.url)).status).toBe(405);
    expect((await post(await makeQuery(), 'text/plain')).status).toBe(415);
  });
});
