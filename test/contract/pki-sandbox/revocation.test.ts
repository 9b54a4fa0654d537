import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  certificatePem,
  createPki,
  issueSigner,
  issueStandardSigners,
  type Pki,
  revoke,
  type SandboxRevocationServer,
  startRevocationServer,
  toPem,
} from '../../sandbox/pki/index.ts';
import { openssl, openWorkshop, type Workshop } from './openssl.ts';

// OpenSSL judges freshness by the wall clock.
const now = Date.now();
const minute = 60_000;

describe('the sandbox revocation server', () => {
  let shop: Workshop;
  let pki: Pki;
  let server: SandboxRevocationServer;
  let signers: Awaited<ReturnType<typeof issueStandardSigners>>;
  let at = now;

  beforeAll(async () => {
    shop = await openWorkshop();
    pki = await createPki({ now });
    server = await startRevocationServer(pki, { clock: { now: () => at } });
    signers = await issueStandardSigners(pki);
    await shop.put('root.pem', certificatePem(pki.root));
    await shop.put('other.pem', certificatePem(pki.otherRoot));
    await shop.put('issuing.pem', certificatePem(pki.issuing));
    for (const signer of pki.signers.values()) await shop.put(`${signer.name}.pem`, certificatePem(signer));
  });
  afterAll(async () => {
    await server.stop();
    await shop.remove();
  });

  const path = (name: string) => join(shop.dir, name);
  const asked = (name: string) => ['-issuer', path('issuing.pem'), '-cert', path(`${name}.pem`)];
  const trust = (root = 'root.pem') => ['-CAfile', path(root), '-verify_other', path('issuing.pem')];
  const ocsp = (name: string, ...more: string[]) =>
    openssl('ocsp', ...asked(name), '-url', server.ocspUrl, ...trust(), ...more);

  it.each([
    ['rsa', 'good'],
    ['ec', 'good'],
    ['expired', 'good'],
    ['revoked', 'revoked'],
  ])('answers OpenSSL about %s: %s', async (name, status) => {
    const { code, output } = await ocsp(name);
    expect(code, output).toBe(0);
    expect(output).toContain('Response verify OK');
    expect(output).not.toContain('no nonce in response');
    expect(output).toContain(`${name}.pem: ${status}`);
  });

  it('names the reason and the time of a revocation, and knows nothing of it before', async () => {
    const { output } = await ocsp('revoked');
    expect(output).toContain('Reason: keyCompromise');
    const later = await issueSigner(pki, { name: 'later', commonName: 'Later', keyType: 'p-256' });
    await shop.put('later.pem', certificatePem(later));
    await revoke(pki, later, { at: now - minute, reason: 'superseded' });
    expect((await ocsp('later')).output).toContain('later.pem: revoked');
    await revoke(pki, later, { at: now + 30 * minute, reason: 'superseded' });
    expect((await ocsp('later')).output).toContain('later.pem: good');
  });

  it.each([
    ['was never issued', () => '4711'],
    ['another CA has issued', () => signers.untrusted.serialNumber],
  ])('says unknown of a serial number that %s', async (_, serial) => {
    const args = ['-issuer', path('issuing.pem'), '-serial', `0x${serial()}`, '-url', server.ocspUrl];
    const { output } = await openssl('ocsp', ...args, ...trust());
    expect(output).toContain('Response verify OK');
    expect(output).toContain(`0x${serial()}: unknown`);
  });

  it('takes SHA-256 certificate ids and requests without a nonce', async () => {
    const args = [
      '-sha256',
      '-issuer',
      path('issuing.pem'),
      '-cert',
      path('rsa.pem'),
      '-no_nonce',
      '-url',
      server.ocspUrl,
    ];
    const { output } = await openssl('ocsp', ...args, ...trust());
    expect(output).toContain('rsa.pem: good');
  });

  it('is refused under another root, when stale, and after one bit has changed', async () => {
    const other = await openssl('ocsp', ...asked('rsa'), '-url', server.ocspUrl, ...trust('other.pem'));
    expect(other.output).not.toContain('Response verify OK');
    expect(other.code).not.toBe(0);

    at = now - 3 * 60 * minute;
    const stale = await ocsp('rsa');
    at = now;
    expect(stale.output).toContain('status expired');

    const { code } = await ocsp('rsa', '-no_nonce', '-respout', path('good.der'));
    expect(code).toBe(0);
    const response = await readFile(path('good.der'));
    const status = response.indexOf(Buffer.from([0x80, 0x00]), response.indexOf(Buffer.from('Z')));
    expect(status).toBeGreaterThan(0);
    response[status] = 0x82;
    await shop.put('mutant.der', response);
    const judge = (file: string) => openssl('ocsp', ...asked('rsa'), '-no_nonce', '-respin', path(file), ...trust());
    expect((await judge('good.der')).output).toContain('Response verify OK');
    expect((await judge('mutant.der')).output).not.toContain('Response verify OK');
  });

  it('answers GET as well as POST, and malformedRequest to what is no request', async () => {
    const made = await openssl('ocsp', ...asked('ec'), '-no_nonce', '-reqout', path('request.der'));
    expect(made.code).toBe(0);
    const request = await readFile(path('request.der'));
    const reply = await fetch(`${server.ocspUrl}/${encodeURIComponent(request.toString('base64'))}`);
    expect(reply.headers.get('content-type')).toBe('application/ocsp-response');
    await shop.put('get.der', new Uint8Array(await reply.arrayBuffer()));
    const verdict = await openssl('ocsp', ...asked('ec'), '-no_nonce', '-respin', path('get.der'), ...trust());
    expect(verdict.output).toContain('ec.pem: good');

    const refused = await fetch(server.ocspUrl, { method: 'POST', body: 'not DER' });
    expect([...new Uint8Array(await refused.arrayBuffer())]).toEqual([0x30, 0x03, 0x0a, 0x01, 0x01]);
  });

  async function fetchPem(url: string, label: 'X509 CRL' | 'CERTIFICATE', name: string): Promise<string> {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    return shop.put(name, toPem(label, new Uint8Array(await response.arrayBuffer())));
  }

  it('publishes lists by which OpenSSL accepts a signer and refuses the revoked one', async () => {
    const issuing = await fetchPem(server.crlUrl, 'X509 CRL', 'issuing.crl.pem');
    const root = await fetchPem(server.rootCrlUrl, 'X509 CRL', 'root.crl.pem');
    const files = [
      '-CAfile',
      path('root.pem'),
      '-untrusted',
      path('issuing.pem'),
      '-CRLfile',
      issuing,
      '-CRLfile',
      root,
    ];
    const verify = (name: string) => openssl('verify', '-crl_check_all', ...files, path(`${name}.pem`));
    expect(await verify('rsa')).toMatchObject({ code: 0 });
    const revoked = await verify('revoked');
    expect(revoked.code).not.toBe(0);
    expect(revoked.output).toContain('certificate revoked');
  });

  it('signs its list with the issuing CA: another CA or one changed bit is refused', async () => {
    const issuing = await fetchPem(server.crlUrl, 'X509 CRL', 'issuing.crl.pem');
    const judge = (file: string, ca: string) => openssl('crl', '-in', file, '-noout', '-CAfile', path(ca), '-verify');
    const genuine = await judge(issuing, 'issuing.pem');
    expect(genuine.output).toContain('verify OK');
    expect((await judge(issuing, 'other.pem')).output).not.toContain('verify OK');
    const bytes = Buffer.from(await (await fetch(server.crlUrl)).arrayBuffer());
    const serial = bytes.indexOf(Buffer.from(signers.revoked.serialNumber, 'hex'));
    expect(serial).toBeGreaterThan(0);
    bytes[serial + 3] = (bytes[serial + 3] ?? 0) ^ 1;
    const mutant = await shop.put('mutant.crl.pem', toPem('X509 CRL', bytes));
    expect((await judge(mutant, 'issuing.pem')).output).not.toContain('verify OK');
  });

  it('hands out the issuing CA where signers point to it', async () => {
    const { output } = await openssl('x509', '-in', path('rsa.pem'), '-noout', '-text');
    expect(output).toContain(`CA Issuers - URI:${server.caIssuersUrl}`);
    expect(output).toContain(`OCSP - URI:${server.ocspUrl}`);
    expect(output).toContain(`URI:${server.crlUrl}`);
    const file = await fetchPem(server.caIssuersUrl, 'CERTIFICATE', 'fetched.pem');
    expect(await readFile(file, 'utf8')).toBe(certificatePem(pki.issuing));
  });

  it('can be told to be down, and comes back', async () => {
    server.setState('down');
    const down = await fetch(server.crlUrl);
    server.setState('up');
    const up = await fetch(server.crlUrl);
    expect([down.status, up.status]).toEqual([503, 200]);
    await Promise.all([down.arrayBuffer(), up.arrayBuffer()]);
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
  });
});
