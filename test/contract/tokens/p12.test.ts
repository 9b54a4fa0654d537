/** PKCS#12 files as tokens: new and old encryption, what a passphrase opens, what is no PKCS#12 file. */
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTokenHost, startChild } from '../../../native/client.ts';
import type { TokenHost } from '../../../native/token-port.ts';
import { createPki, issueSigner, type Pki, privateKeyPem, type Signer, toPem } from '../../sandbox/pki/index.ts';
import { createP12Stack } from './stacks/p12.ts';
import { tokenContract } from './token-contract.ts';
import { seal, spyOn, tokenHostEntry, unwrap } from './token-stack.ts';

const passphrase = 'kluss-Ūdens-738154';
const message = Buffer.from('signed attributes');

tokenContract('a PKCS#12 file with an RSA key', createP12Stack);

describe('token host over a PKCS#12 file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-p12-'));
  const hosts: TokenHost[] = [];
  let pki: Pki;
  let rsa: Signer;
  let ec: Signer;

  beforeAll(async () => {
    pki = await createPki({ now: Date.now() });
    rsa = await issueSigner(pki, { name: 'anna', commonName: 'Anna Kalniņa', keyType: 'rsa-2048' });
    ec = await issueSigner(pki, { name: 'ben', commonName: 'Ben Ozols', keyType: 'p-256' });
    writeFileSync(join(folder, 'issuer.pem'), toPem('CERTIFICATE', pki.issuing.certificate));
  });
  afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function makeFile(name: string, signer: Signer, options: readonly string[], secret = passphrase): string {
    const pem = join(folder, `${name}.pem`);
    writeFileSync(pem, privateKeyPem(signer) + toPem('CERTIFICATE', signer.certificate));
    const path = join(folder, `${name}.p12`);
    const chain = ['-certfile', join(folder, 'issuer.pem'), '-name', signer.name];
    execFileSync(
      'openssl',
      ['pkcs12', '-export', '-in', pem, ...chain, '-out', path, '-passout', 'stdin', ...options],
      {
        input: `${secret}\n`,
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    return path;
  }

  function open(path: string) {
    const spied = spyOn((args) => startChild(tokenHostEntry, args));
    const host = createTokenHost(path, spied.start);
    hosts.push(host);
    return { host, ...spied };
  }

  async function logIn(host: TokenHost, secret: string) {
    const [file] = unwrap(await host.list());
    if (!file) throw new Error('no file');
    const session = unwrap(await host.openSession(file));
    return { sessionId: session.sessionId, login: await host.login(session.sessionId, await seal(session, secret)) };
  }

  it.each([
    ['AES-256 with SHA-256', () => rsa, []],
    ['3DES and RC2-40 with SHA-1', () => rsa, ['-legacy']],
    ['3DES throughout', () => rsa, ['-legacy', '-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES']],
    ['an EC key in AES-256', () => ec, []],
    ['an EC key in 3DES and RC2-40', () => ec, ['-legacy']],
  ])('opens %s, and signs so that another implementation verifies it', async (name, who, options) => {
    const signer = who();
    const { host } = open(makeFile(name.replaceAll(/\W+/g, '-'), signer, options));
    const [before] = unwrap(await host.list());
    expect(before).toMatchObject({ manufacturerId: 'PKCS#12', keys: [], pin: { loginRequired: true, locked: false } });
    const { sessionId, login } = await logIn(host, passphrase);
    expect(login.ok).toBe(true);
    const [token] = unwrap(await host.list());
    const [key] = token?.keys ?? [];
    expect(key).toMatchObject({ label: signer.name, privateKeySeen: true });
    expect(Buffer.from(key?.certificate ?? [])).toEqual(Buffer.from(signer.certificate));
    expect(token?.otherCertificates.map((der) => Buffer.from(der))).toEqual([Buffer.from(pki.issuing.certificate)]);
    const scheme = signer === rsa ? 'rsa-pkcs1-sha256' : 'ecdsa-sha256';
    const signature = unwrap(await host.sign(sessionId, { keyId: key?.keyId ?? '', scheme }, message));
    const pem = new X509Certificate(signer.certificate).publicKey.export({ format: 'pem', type: 'spki' });
    expect(verify('sha256', message, createPublicKey(pem), signature)).toBe(true);
  });

  it('says pin-incorrect for a wrong passphrase, shows nothing then, and opens with the right one', async () => {
    const { host, messages } = open(makeFile('wrong', rsa, []));
    const wrong = await logIn(host, 'kluss-Ūdens-738155');
    expect(wrong.login).toMatchObject({ ok: false, code: 'pin-incorrect' });
    expect(unwrap(await host.list())[0]?.keys).toEqual([]);
    expect(await host.sign(wrong.sessionId, { keyId: '01', scheme: 'rsa-pkcs1-sha256' }, message)).toMatchObject({
      code: 'login-required',
    });
    expect((await logIn(host, passphrase)).login.ok).toBe(true);
    expect(messages.map((sent) => JSON.stringify(sent)).join('')).not.toContain(passphrase);
  });

  it('has no PIN to change', async () => {
    const { host } = open(makeFile('fixed', ec, []));
    const [file] = unwrap(await host.list());
    const session = unwrap(await host.openSession(file ?? { manufacturerId: '', serialNumber: '' }));
    const sealed = await seal(session, passphrase);
    const { newPinContext, sealPin } = await import('../../../preload/seal-pin.ts');
    const fresh = await sealPin(session.publicKey, newPinContext(session.sessionId), new Uint8Array([49, 50, 51, 52]));
    expect(await host.changePin(session.sessionId, sealed, fresh)).toMatchObject({ code: 'pin-change-unsupported' });
  });

  it.each([
    ['is not there', 'nowhere.p12', undefined, 'module-missing'],
    ['is text', 'text.p12', Buffer.from('-----BEGIN'), 'module-failed'],
    ['is empty', 'empty.pfx', Buffer.alloc(0), 'module-failed'],
  ])('says what is wrong with a file that %s', async (_, name, content, code) => {
    const path = join(folder, name);
    if (content) writeFileSync(path, content);
    expect(await open(path).host.list()).toEqual({ ok: false, code });
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40)],
    ['other DER', () => Buffer.from('3003020105', 'hex')],
  ])('does not open a file that is %s', async (name, damage) => {
    const good = makeFile('whole', ec, []);
    const path = join(folder, `${name.replace(' ', '-')}.p12`);
    const { readFileSync } = await import('node:fs');
    writeFileSync(path, damage(readFileSync(good)));
    const { login } = await logIn(open(path).host, passphrase);
    expect(login).toMatchObject({ ok: false, code: 'module-failed' });
  });
});
