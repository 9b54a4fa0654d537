/** X.509 certificates (RFC 5280, 4.1): read once, with what facts, paths and signatures need. */
import { createHash } from 'node:crypto';
import { badEncoding, type Element, Fields, readElement, tags, within } from './der.ts';
import { readBitString, readIntegerBytes, readOid, readTime } from './der-values.ts';
import { type Extensions, readExtensions } from './extensions.ts';
import { commonNameOf, nameText, readName, sameName } from './name.ts';
import type { CertificateFacts } from './port.ts';
import { type PublicKeyFacts, readPublicKey } from './public-key.ts';
import { recent } from './recent.ts';

const maxCertificateBytes = 256 * 1024;
const contextTag = (number: number) => 0xa0 | number;

export interface Certificate {
  readonly der: Uint8Array;
  /** TBSCertificate: what the issuer signed. */
  readonly signedPart: Uint8Array;
  /** AlgorithmIdentifier of the issuer's signature. */
  readonly signatureAlgorithm: Element;
  readonly signature: Uint8Array;
  /** 1 to 3. */
  readonly version: number;
  /** Content octets of the INTEGER. */
  readonly serialNumber: Uint8Array;
  readonly issuer: Element;
  readonly subject: Element;
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly keyFacts: PublicKeyFacts;
  readonly extensions: Extensions;
}

function readVersion(wrapper: Element | undefined): number {
  if (!wrapper) return 1;
  const octets = readIntegerBytes(readElement(wrapper.content, wrapper.content.length));
  const version = octets.length === 1 ? (octets[0] ?? 0) + 1 : 0;
  if (version < 1 || version > 3) throw badEncoding('certificate version');
  return version;
}

function readSignedPart(part: Element) {
  const fields = new Fields(part);
  const version = readVersion(fields.optional(contextTag(0)));
  const serialNumber = readIntegerBytes(fields.any());
  const innerAlgorithm = fields.take(tags.sequence);
  const issuer = fields.take(tags.sequence);
  const validity = new Fields(fields.any());
  const [notBefore, notAfter] = [readTime(validity.any()), readTime(validity.any())];
  const subject = fields.take(tags.sequence);
  const keyInfo = fields.take(tags.sequence);
  // issuerUniqueID and subjectUniqueID: [1] and [2] IMPLICIT BIT STRING.
  fields.optional(0x81);
  fields.optional(0x82);
  const extensions = fields.optional(contextTag(3));
  fields.end();
  readName(issuer);
  readName(subject);
  return {
    version,
    serialNumber,
    innerAlgorithm,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey: keyInfo.whole,
    keyFacts: readPublicKey(keyInfo),
    extensions: readExtensions(extensions && readElement(extensions.content, extensions.content.length)),
  };
}

const KEPT_CERTIFICATES = 64;

/** @throws PkiError bad-certificate, also for bytes after the certificate */
export const readCertificate: (der: Uint8Array) => Certificate = recent(KEPT_CERTIFICATES, (given) => {
  // What is kept must not change with the caller's buffer.
  const der = new Uint8Array(given);
  return within('bad-certificate', () => {
    const fields = new Fields(readElement(der, maxCertificateBytes));
    const part = fields.take(tags.sequence);
    const signatureAlgorithm = fields.take(tags.sequence);
    const signature = readBitString(fields.any());
    fields.end();
    const { innerAlgorithm, ...read } = readSignedPart(part);
    // RFC 5280, 4.1.1.2: both algorithm identifiers are the same.
    if (Buffer.compare(innerAlgorithm.whole, signatureAlgorithm.whole) !== 0) throw badEncoding('two algorithms');
    readOid(new Fields(signatureAlgorithm).any());
    return { der, signedPart: part.whole, signatureAlgorithm, signature, ...read };
  });
});

/**
 * The facts of a certificate, DER. Its common name is the subject's text where the subject has none; times are epoch ms.
 * @throws PkiError bad-certificate
 */
export const parseCertificate: (der: Uint8Array) => CertificateFacts = recent(KEPT_CERTIFICATES, (der) => {
  const certificate = readCertificate(der);
  const { subject, issuer, extensions, keyFacts } = certificate;
  const { keyUsage, extendedKeyUsage, qualified } = extensions;
  return within('bad-certificate', () => ({
    subject: nameText(subject),
    issuer: nameText(issuer),
    commonName: commonNameOf(subject) ?? nameText(subject),
    serialNumber: Buffer.from(certificate.serialNumber).toString('hex'),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    keyType: keyFacts.keyType,
    keySizeBits: keyFacts.keySizeBits,
    keyUsage: keyUsage && { digitalSignature: keyUsage.digitalSignature, nonRepudiation: keyUsage.nonRepudiation },
    isCa: extensions.isCa,
    ...(keyUsage ? { keyUsageNames: keyUsage.names } : {}),
    ...(extendedKeyUsage ? { extendedKeyUsage: extendedKeyUsage.purposes } : {}),
    ...(qualified ? { qualified } : {}),
    publicKey: certificate.publicKey,
    sha256: createHash('sha256').update(der).digest('hex'),
  }));
});

/** True when the subject is its own issuer by name (RFC 5280, 3.2: self-issued). */
export function isSelfIssued(certificate: Certificate): boolean {
  return sameName(certificate.issuer, certificate.subject);
}
