import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageDigestOf, PkiError, readSignedData, verifyCms } from '../../../main/pki/index.ts';
import { extensions, type Issued, type KeyKind, OpensslPki } from './openssl-pki.ts';

const pki = new OpensslPki();
afterAll(() => pki.remove());

const content = Buffer.from('what is signed');
const digest = createHash('sha256').update(content).digest();
const signers = new Map<KeyKind, Issued>();
let other: Issued;
const signer = (key: KeyKind): Issued => signers.get(key) ?? other;

beforeAll(() => {
  const root = pki.issue({ name: 'root', subject: '/CN=root', extensions: extensions.ca });
  const issue = (name: string, key: KeyKind) =>
    pki.issue({ name, subject: '/CN=signer', issuer: root, key, extensions: extensions.signer });
  for (const key of ['rsa', 'rsa-pss', 'P-256', 'P-384', 'P-521'] as const) signers.set(key, issue(key, key));
  other = issue('other', 'P-256');
});

const pss = ['-keyopt', 'rsa_padding_mode:pss'];

describe('verifyCms', () => {
  it.each<[string, KeyKind, string[], string]>([
    ['RSA PKCS#1 v1.5', 'rsa', [], 'sha256'],
    ['RSA PKCS#1 v1.5 with SHA-512', 'rsa', ['-md', 'sha512'], 'sha512'],
    ['RSA-PSS under an RSA key', 'rsa', pss, 'sha256'],
    ['RSA-PSS, SHA-384, another salt', 'rsa', ['-md', 'sha384', ...pss, '-keyopt', 'rsa_pss_saltlen:20'], 'sha384'],
    ['RSA-PSS under a PSS key', 'rsa-pss', pss, 'sha256'],
    ['ECDSA P-256', 'P-256', [], 'sha256'],
    ['ECDSA P-384 with SHA-384', 'P-384', ['-md', 'sha384'], 'sha384'],
    ['ECDSA P-521 with SHA-512', 'P-521', ['-md', 'sha512'], 'sha512'],
    ['a signer named by key identifier', 'P-256', ['-keyid'], 'sha256'],
  ])('accepts %s', (_, key, more, algorithm) => {
    const contents = pki.sign(content, signer(key), more);
    expect(messageDigestOf(readSignedData(contents)).algorithm).toBe(algorithm);
    const verdict = verifyCms(contents, createHash(algorithm).update(content).digest());
    expect(verdict).toMatchObject({ valid: true, problems: [], certificateBound: true });
    expect(Buffer.from(verdict.certificate ?? [])).toEqual(Buffer.from(signer(key).der));
  });

  it('reads an indefinite-length (BER) message, its content in segments', () => {
    const contents = pki.sign(content, signer('rsa'), ['-stream']);
    expect(contents[1]).toBe(0x80);
    expect(Buffer.from(readSignedData(contents).content ?? [])).toEqual(content);
    expect(verifyCms(contents, digest).problems).toEqual(['content-embedded']);
  });

  it('says where no attribute binds the certificate', () => {
    const out = pki.path('unbound');
    const { certificatePath, keyPath } = signer('P-256');
    const input = pki.write(content);
    pki.run([
      ...['cms', '-sign', '-binary', '-in', input, '-signer', certificatePath, '-inkey', keyPath],
      ...['-md', 'sha256', '-outform', 'DER', '-out', out],
    ]);
    const unbound = new Uint8Array(pki.run(['cms', '-cmsout', '-inform', 'DER', '-in', out, '-outform', 'DER']));
    expect(verifyCms(unbound, digest)).toMatchObject({ valid: true, certificateBound: undefined });
  });

  it.each<[string, string, () => Uint8Array]>([
    ['digest-mismatch', 'another content', () => pki.sign(Buffer.from('other'), signer('rsa'))],
    ['content-embedded', 'content inside', () => pki.sign(content, signer('rsa'), ['-nodetach'])],
    ['signer-certificate-missing', 'no certificates', () => pki.sign(content, signer('rsa'), ['-nocerts'])],
    ['digest-unsupported', 'SHA-1', () => pki.sign(content, signer('rsa'), ['-md', 'sha1'])],
    ['algorithm-unsupported', 'an RSA identifier under a PSS key', () => pki.sign(content, signer('rsa-pss'))],
    ['signed-attributes-missing', 'no signed attributes', () => withoutAttributes()],
    ['signer-count', 'two signers', () => withTwoSigners()],
    ['content-type-mismatch', 'another content type', () => withContentType('1.2.840.113549.1.9.16.1.4')],
  ])('answers %s to %s', (problem, _, make) => {
    const verdict = verifyCms(make(), digest);
    expect(verdict.valid).toBe(false);
    expect(verdict.problems).toContain(problem);
  });

  it('refuses a certificate of the same name and serial number with the same key (RFC 5035)', () => {
    const own = signer('rsa');
    const options = { subject: '/CN=twin', keyOf: own, extensions: extensions.signer, serial: 77 };
    const first = pki.issue({ name: 'twin-one', ...options });
    const second = pki.issue({ name: 'twin-two', ...options, days: 3 });
    const contents = Buffer.from(pki.sign(content, first));
    expect(verifyCms(contents, digest).valid).toBe(true);
    const at = contents.indexOf(first.der);
    expect(second.der.length).toBe(first.der.length);
    contents.set(second.der, at);
    expect(verifyCms(contents, digest).problems).toEqual(['signing-certificate-mismatch']);
  });

  it('refuses each flipped byte of the signed attributes and of the signature', () => {
    const contents = pki.sign(content, signer('P-256'));
    const [info] = readSignedData(contents).signers;
    const signed = info?.signedBytes?.subarray(1) ?? new Uint8Array();
    const parts = [signed, info?.signature ?? new Uint8Array()];
    const places = parts.flatMap((part) => {
      const start = Buffer.from(contents).indexOf(part);
      return Array.from(part, (_, index) => start + index);
    });
    expect(places.length).toBeGreaterThan(200);
    for (const place of places) {
      const changed = Uint8Array.from(contents);
      changed[place] = (changed[place] ?? 0) ^ 0x01;
      expect(judged(changed), `byte ${place}`).toBe(false);
    }
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('<html>')],
    ['zeros', Buffer.alloc(100)],
    ['deep nesting', Buffer.alloc(100_000, Buffer.of(0x30, 0x80))],
  ])('cannot read %s', (_, bytes) => {
    expect(() => verifyCms(bytes)).toThrow(expect.objectContaining({ name: 'PkiError', code: 'bad-cms' }));
  });

  it('cannot read a message with bytes after it, or cut', () => {
    const contents = pki.sign(content, signer('P-256'));
    for (const bytes of [Buffer.concat([contents, Buffer.of(0)]), contents.subarray(0, -1)]) {
      expect(() => verifyCms(bytes)).toThrow(expect.objectContaining({ code: 'bad-cms' }));
    }
  });

  it('answers or refuses by PkiError whatever is mutated', () => {
    const contents = pki.sign(content, signer('rsa'));
    const mutation = fc.array(fc.tuple(fc.nat(contents.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    const property = fc.property(mutation, (changes) => {
      const changed = Uint8Array.from(contents);
      for (const [at, value] of changes) changed[at] = value;
      expect(typeof judged(changed)).toBe('boolean');
    });
    fc.assert(property, { seed: 5652, numRuns: 1000 });
  });
});

function judged(contents: Uint8Array): boolean {
  try {
    return verifyCms(contents, digest).valid;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

function withoutAttributes(): Uint8Array {
  const out = pki.path('no-attributes');
  const { certificatePath, keyPath } = signer('rsa');
  const input = pki.write(content);
  const args = ['cms', '-sign', '-binary', '-noattr', '-in', input, '-signer', certificatePath, '-inkey', keyPath];
  pki.run([...args, '-md', 'sha256', '-outform', 'DER', '-out', out]);
  return new Uint8Array(pki.run(['cms', '-cmsout', '-inform', 'DER', '-in', out, '-outform', 'DER']));
}

function withTwoSigners(): Uint8Array {
  return pki.sign(content, signer('rsa'), ['-signer', other.certificatePath, '-inkey', other.keyPath]);
}

function withContentType(type: string): Uint8Array {
  return pki.sign(content, signer('rsa'), ['-econtent_type', type]);
}
