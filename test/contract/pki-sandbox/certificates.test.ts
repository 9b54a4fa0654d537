import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  certificatePem,
  createPki,
  issueSigner,
  issueStandardSigners,
  loadPki,
  type Pki,
  privateKeyPem,
  revoke,
  savePki,
  signerNamed,
} from '../../sandbox/pki/index.ts';
import { openssl, openWorkshop, type Workshop } from './openssl.ts';

const now = Date.UTC(2026, 5, 1);
const urls = { ocsp: 'http://127.0.0.1:9/ocsp', crl: 'http://127.0.0.1:9/crl', caIssuers: 'http://127.0.0.1:9/crt' };

describe('the sandbox PKI', () => {
  let shop: Workshop;
  let pki: Pki;
  let signers: Awaited<ReturnType<typeof issueStandardSigners>>;

  beforeAll(async () => {
    shop = await openWorkshop();
    pki = await createPki({ now, urls });
    signers = await issueStandardSigners(pki);
    await shop.put('root.pem', certificatePem(pki.root));
    await shop.put('issuing.pem', certificatePem(pki.issuing));
    for (const signer of pki.signers.values()) await shop.put(`${signer.name}.pem`, certificatePem(signer));
  });
  afterAll(() => shop.remove());

  const verify = (name: string, ...more: string[]) => {
    const file = (leaf: string) => join(shop.dir, leaf);
    const at = String(now / 1000);
    const trust = ['-CAfile', file('root.pem'), '-untrusted', file('issuing.pem')];
    return openssl('verify', '-x509_strict', '-attime', at, ...trust, ...more, file(`${name}.pem`));
  };

  it.each(['rsa', 'ec', 'revoked'])(
    'issues %s with a chain to the root that OpenSSL accepts under strict rules',
    async (name) => {
      expect(await verify(name)).toMatchObject({ code: 0 });
    },
  );

  it.each([
    ['expired', 'error 10'],
    ['untrusted', 'error 20'],
  ])('issues %s so that OpenSSL refuses it', async (name, error) => {
    const verdict = await verify(name);
    expect(verdict.code).not.toBe(0);
    expect(verdict.output).toContain(error);
  });

  it('is refused after one bit of a certificate has changed', async () => {
    const changed = signers.rsa.certificate.slice();
    const last = changed.length - 1;
    changed[last] = (changed[last] ?? 0) ^ 1;
    await shop.put('mutant.pem', certificatePem({ ...signers.rsa, certificate: changed }));
    expect((await verify('mutant')).code).not.toBe(0);
  });

  it('makes the timestamp certificate fit for that purpose alone, critically', async () => {
    await shop.put('tsa.pem', certificatePem(pki.timestamp));
    expect(await verify('tsa', '-purpose', 'timestampsign')).toMatchObject({ code: 0 });
    const text = await openssl('x509', '-in', join(shop.dir, 'tsa.pem'), '-noout', '-ext', 'extendedKeyUsage');
    expect(text.output).toMatch(/Extended Key Usage: critical\s+Time Stamping\s*$/);
    expect((await verify('rsa', '-purpose', 'timestampsign')).code).not.toBe(0);
  });

  it('gives signers the key usages of a signature and the addresses of revocation', async () => {
    const { output } = await openssl('x509', '-in', join(shop.dir, 'ec.pem'), '-noout', '-text');
    expect(output).toMatch(/Key Usage: critical\s+Digital Signature, Non Repudiation\n/);
    expect(output).toContain(`OCSP - URI:${urls.ocsp}`);
    expect(output).toContain(`CA Issuers - URI:${urls.caIssuers}`);
    expect(output).toContain(`URI:${urls.crl}`);
    expect(output).toContain('prime256v1');
  });

  it('hands out private keys that belong to the certificates', async () => {
    for (const signer of [signers.rsa, signers.ec]) {
      const key = await shop.put(`${signer.name}.key.pem`, privateKeyPem(signer));
      const { output } = await openssl('pkey', '-in', key, '-pubout');
      const certificate = new X509Certificate(signer.certificate);
      expect(output).toBe(certificate.publicKey.export({ format: 'pem', type: 'spki' }));
      expect(certificate.serialNumber.toLowerCase()).toBe(signer.serialNumber);
    }
  });

  it('writes personal code, organization, country and e-mail where the rules for certificates look for them', async () => {
    const person = {
      commonName: 'Zoë Ķēniņa',
      country: 'EE',
      organization: 'Ādaži & Co',
      personalCode: 'PNOEE-47101010033',
    };
    const signer = await issueSigner(pki, { name: 'person', keyType: 'p-256', email: 'zoe@example.test', ...person });
    const certificate = new X509Certificate(signer.certificate);
    expect(certificate.subject).toBe('C=EE\nO=Ādaži & Co\nCN=Zoë Ķēniņa\nserialNumber=PNOEE-47101010033');
    expect(certificate.subjectAltName).toBe('email:zoe@example.test');
    await expect(issueSigner(pki, { name: 'person', commonName: 'Another', keyType: 'p-256' })).rejects.toThrow();
  });

  it('comes back from disk the same, and says when there is nothing to come back to', async () => {
    const dir = join(shop.dir, 'saved');
    expect(await loadPki(dir)).toBeUndefined();
    await savePki(pki, dir);
    const loaded = await loadPki(dir);
    expect({ ...loaded, changed: undefined }).toEqual({ ...pki, changed: undefined });
    expect(loaded && signerNamed(loaded, 'rsa')).toEqual(signers.rsa);
  });

  it('keeps itself saved: what is issued or revoked later comes back too', async () => {
    const dir = join(shop.dir, 'kept');
    const kept = await createPki({ now });
    await savePki(kept, dir);
    const names = ['first', 'second', 'third'];
    const late = await Promise.all(
      names.map((name) => issueSigner(kept, { name, commonName: name, keyType: 'p-256' })),
    );
    const again = await loadPki(dir);
    expect([...(again?.signers.keys() ?? [])].sort()).toEqual([...names].sort());
    const [first] = late;
    if (again && first) await revoke(again, first, { at: now, reason: 'cessation' });
    expect((await loadPki(dir))?.revocations.get(first?.serialNumber ?? '')).toEqual({ at: now, reason: 'cessation' });
  });
});
