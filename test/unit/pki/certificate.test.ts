import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PkiError, parseCertificate } from '../../../main/pki/index.ts';
import { extensions, type Issued, type KeyKind, OpensslPki } from './openssl-pki.ts';

const pki = new OpensslPki();
afterAll(() => pki.remove());

describe('parseCertificate', () => {
  let root: Issued;
  beforeAll(() => {
    root = pki.issue({ name: 'root', subject: '/C=IT/O=Root Org/CN=Root', extensions: extensions.ca });
  });

  const keys: [KeyKind, 'rsa' | 'ec', number][] = [
    ['rsa', 'rsa', 2048],
    ['rsa-pss', 'rsa', 2048],
    ['P-256', 'ec', 256],
    ['P-384', 'ec', 384],
    ['P-521', 'ec', 521],
  ];
  it.each(keys)('reads the facts of a %s certificate as Node does', (key, keyType, keySizeBits) => {
    const name = `key-${key}`;
    const { der } = pki.issue({ name, subject: `/CN=${key}`, issuer: root, key, extensions: extensions.signer });
    const facts = parseCertificate(der);
    const judge = new X509Certificate(der);
    expect(facts).toMatchObject({ keyType, keySizeBits, isCa: false, commonName: key });
    expect(facts.keyUsage).toEqual({ digitalSignature: false, nonRepudiation: true });
    expect(facts.notBefore).toBe(Date.parse(judge.validFrom));
    expect(facts.notAfter).toBe(Date.parse(judge.validTo));
    expect(facts.sha256).toBe(judge.fingerprint256.replaceAll(':', '').toLowerCase());
    expect(Buffer.from(facts.publicKey)).toEqual(judge.publicKey.export({ type: 'spki', format: 'der' }));
  });

  it('knows a CA, and tells an absent key usage from an empty one', () => {
    expect(parseCertificate(root.der)).toMatchObject({ isCa: true, issuer: 'CN=Root,O=Root Org,C=IT' });
    const bare = pki.issue({ name: 'bare', subject: '/CN=bare', extensions: ['basicConstraints=CA:FALSE'] });
    expect(parseCertificate(bare.der).keyUsage).toBeUndefined();
    expect(parseCertificate(root.der).keyUsage).toEqual({ digitalSignature: false, nonRepudiation: false });
  });

  it('reads every key usage and extended key usage', () => {
    const uses = [
      'keyUsage=critical,nonRepudiation,keyAgreement,decipherOnly',
      'extendedKeyUsage=emailProtection,1.3.6.1.4.1.311.10.3.12',
    ];
    const { der } = pki.issue({ name: 'uses', subject: '/CN=uses', extensions: uses });
    expect(parseCertificate(der)).toMatchObject({
      keyUsageNames: ['nonRepudiation', 'keyAgreement', 'decipherOnly'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.4', '1.3.6.1.4.1.311.10.3.12'],
    });
    expect(parseCertificate(root.der)).not.toHaveProperty('extendedKeyUsage');
    expect(parseCertificate(root.der)).not.toHaveProperty('qualified');
  });

  // EN 319 412-5, annex A: id-etsi-qcs 0.4.0.1862.1; each statement below as DER in hex.
  const compliance = '3008' + '06060400' + '8e460101';
  const qscd = '3008' + '06060400' + '8e460104';
  const typeOf = (last: string) => `3013060604008e4601063009060704008e460106${last}`;
  const swissLaw = '300e060604008e46010730041302' + '4348';
  const sequence = (...parts: string[]) => {
    const content = parts.join('');
    return `30${(content.length / 2).toString(16).padStart(2, '0')}${content}`;
  };
  it.each([
    [
      'a qualified certificate for signatures on a device',
      sequence(compliance, qscd, typeOf('01')),
      { compliant: true, onQscd: true, types: ['esign'], legislations: [] },
    ],
    ['a seal in software', sequence(compliance, typeOf('02')), { compliant: true, onQscd: false, types: ['eseal'] }],
    ['another country’s law', sequence(compliance, swissLaw), { compliant: true, legislations: ['CH'] }],
    ['an unknown type and statement', sequence(typeOf('09'), '300506032a0304'), { compliant: false, types: [] }],
    ['an empty list', '3000', { compliant: false, onQscd: false, types: [], legislations: [] }],
    ['nothing readable', '0500ff', undefined],
  ])('reads the qualified statements of %s', (_, der, expected) => {
    const qcStatements = [`1.3.6.1.5.5.7.1.3=DER:${der}`];
    const certificate = pki.issue({ name: `qc-${der}`.slice(0, 60), subject: '/CN=qc', extensions: qcStatements });
    const { qualified } = parseCertificate(certificate.der);
    if (expected) expect(qualified).toMatchObject(expected);
    else expect(qualified).toBeUndefined();
  });

  it.each([
    ['/C=IT/O=Root Org/OU=a/CN=Root'],
    ['/CN=comma, plus\\+ quote" and \\\\ back <x>;'],
    ['/CN=# leading hash'],
    ['/CN= spaces around '],
    ['/CN=Zoë Ελένη Иван'],
    ['/serialNumber=IT-1/GN=Ada/SN=Lovelace'],
    ['/DC=org/DC=example/UID=me/emailAddress=me@example.org'],
    ['/O=Firm/organizationIdentifier=VATIT-123/CN=seal'],
  ])('writes %s as openssl does (RFC 4514)', (subject) => {
    const name = `subject-${Buffer.from(subject).toString('hex').slice(0, 60)}`;
    const { der, certificatePath } = pki.issue({ name, subject, extensions: extensions.signer });
    const options = 'esc_2253,esc_ctrl,utf8,dump_der,sep_comma_plus,dn_rev,sname';
    const told = pki.run(['x509', '-in', certificatePath, '-noout', '-subject', '-nameopt', options]).toString('utf8');
    expect(parseCertificate(der).subject).toBe(told.replace(/^subject=/, '').replace(/\n$/, ''));
  });

  it('writes a type it has no keyword for, and control characters, in hex', () => {
    const unknown = pki.issue({
      name: 'unknown',
      subject: '/businessCategory=x/CN=a\tb',
      extensions: extensions.signer,
    });
    expect(parseCertificate(unknown.der).subject).toBe('CN=a\\09b,2.5.4.15=#0c0178');
  });

  it('joins the attributes of a multi-valued name with a plus', () => {
    const subject = '/O=Firm/CN=one+serialNumber=IT-1';
    const { der } = pki.issue({ name: 'multi', subject, extensions: extensions.signer });
    expect(parseCertificate(der)).toMatchObject({ subject: 'CN=one+serialNumber=IT-1,O=Firm', commonName: 'one' });
  });

  it('takes the subject for the common name where there is none', () => {
    const { der } = pki.issue({ name: 'nameless', subject: '/O=Only', extensions: extensions.signer });
    expect(parseCertificate(der).commonName).toBe('O=Only');
  });

  it('reads dates past 2049 (GeneralizedTime)', () => {
    const { der } = pki.issue({ name: 'long', subject: '/CN=long', days: 20_000, extensions: extensions.signer });
    expect(parseCertificate(der).notAfter).toBe(Date.parse(new X509Certificate(der).validTo));
    expect(parseCertificate(der).notAfter).toBeGreaterThan(Date.UTC(2050, 0));
  });

  it.each([
    [127, '7f'],
    [128, '0080'],
    [65_535, '00ffff'],
  ])('gives the serial number %i as encoded', (serial, hex) => {
    const { der } = pki.issue({ name: `serial-${serial}`, subject: '/CN=s', serial, extensions: extensions.signer });
    expect(parseCertificate(der).serialNumber).toBe(hex);
  });

  it.each<[string, (der: Uint8Array) => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['a half', (der) => der.subarray(0, der.length / 2)],
    ['bytes after it', (der) => Buffer.concat([der, Buffer.of(0)])],
    ['PEM text', (der) => Buffer.from(`-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}`)],
  ])('refuses %s', (_, change) => {
    expect(() => parseCertificate(change(root.der))).toThrow(
      expect.objectContaining({ name: 'PkiError', code: 'bad-certificate' }),
    );
    expect(() => parseCertificate(change(root.der))).toThrow(PkiError);
  });
});
