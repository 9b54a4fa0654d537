import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTimestampToken, verifyTimestampToken } from '../../../main/pki/index.ts';
import { extensions, type Issued, OpensslPki } from './openssl-pki.ts';

const pki = new OpensslPki();
afterAll(() => pki.remove());

const message = Buffer.from('a signature value');
let root: Issued;
let tsa: Issued;

beforeAll(() => {
  root = pki.issue({ name: 'root', subject: '/CN=root', extensions: extensions.ca });
  tsa = pki.issue({ name: 'tsa', subject: '/CN=tsa', issuer: root, key: 'rsa', extensions: extensions.tsa });
});

describe('verifyTimestampToken', () => {
  it.each(['sha256', 'sha384', 'sha512'])('accepts a token over %s and tells its time and certificates', (digest) => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const verdict = verifyTimestampToken(pki.timestamp(message, tsa, [root], digest), message);
    expect(verdict).toMatchObject({ valid: true, problems: [] });
    expect(verdict.at).toBeGreaterThanOrEqual(before);
    expect(verdict.at).toBeLessThanOrEqual(Date.now());
    expect(Buffer.from(verdict.certificate ?? [])).toEqual(Buffer.from(tsa.der));
    expect(verdict.certificates.map((der) => Buffer.from(der))).toContainEqual(Buffer.from(root.der));
  });

  it('takes the digest of what is too large to hold', () => {
    const token = pki.timestamp(message, tsa);
    const digestOf = (text: string) => (algorithm: string) => createHash(algorithm).update(text).digest();
    expect(verifyTimestampToken(token, digestOf('a signature value')).valid).toBe(true);
    expect(verifyTimestampToken(token, digestOf('another')).problems).toEqual(['wrong-imprint']);
    expect(verifyTimestampToken(token, () => undefined).problems).toEqual(['wrong-imprint']);
  });

  it('refuses another message, and an imprint by SHA-1', () => {
    expect(verifyTimestampToken(pki.timestamp(message, tsa), Buffer.from('other')).problems).toEqual(['wrong-imprint']);
    const weak = verifyTimestampToken(pki.timestamp(message, tsa, [], 'sha1'), message);
    expect(weak.problems).toEqual(['wrong-imprint']);
  });

  it('calls a plain signature no timestamp', () => {
    const signed = pki.sign(message, tsa, ['-nodetach']);
    expect(verifyTimestampToken(signed, message)).toMatchObject({ valid: false, problems: ['unreadable'] });
  });

  it('refuses a certificate that is not for timestamps alone', () => {
    const purposes = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping,codeSigning'];
    const mixed = pki.issue({ name: 'mixed', subject: '/CN=tsa', keyOf: tsa, issuer: root, extensions: purposes });
    expect(verifyTimestampToken(forged(mixed), message).problems).toEqual(['not-a-timestamp-certificate']);
    expect(verifyTimestampToken(forged(tsa), message).problems).toEqual([]);
  });

  it('refuses a token whose content was changed after signing', () => {
    const token = Buffer.from(pki.timestamp(message, tsa));
    const imprint = createHash('sha256').update(message).digest();
    token.set(createHash('sha256').update('other').digest(), token.indexOf(imprint));
    expect(verifyTimestampToken(token, Buffer.from('other')).problems).toEqual(['digest-mismatch']);
  });

  it('has an answer for whatever is mutated', () => {
    const token = pki.timestamp(message, tsa);
    const mutation = fc.array(fc.tuple(fc.nat(token.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    const property = fc.property(mutation, (changes) => {
      const changed = Uint8Array.from(token);
      for (const [at, value] of changes) changed[at] = value;
      const { valid, problems } = verifyTimestampToken(changed, message);
      expect(problems.length === 0).toBe(valid);
    });
    fc.assert(property, { seed: 3161, numRuns: 1000 });
  });
});

/** A token openssl's own authority would not make: its content signed anew by `signer`. */
function forged(signer: Issued): Uint8Array {
  const content = readTimestampToken(pki.timestamp(message, tsa)).signedData.content ?? new Uint8Array();
  return pki.sign(content, signer, ['-nodetach', '-econtent_type', '1.2.840.113549.1.9.16.1.4']);
}
