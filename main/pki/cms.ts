/**
 * The verdict on a CMS signature with signed attributes (RFC 5652, 5.6; RFC 5035 for the signing certificate): one signer, its
 * certificate at hand and bound by its hash, the message digest and the signature right.
 */
import { createHash } from 'node:crypto';
import { type Certificate, readCertificate } from './certificate.ts';
import { type Element, Fields, tags, within } from './der.ts';
import { readIntegerBytes, readOctetString, readOid } from './der-values.ts';
import { sameName } from './name.ts';
import { PkiError } from './port.ts';
import { checkSignature, type DigestName, readDigest, readScheme } from './signature-check.ts';
import {
  type Attributes,
  attributeTypes,
  contentTypes,
  readSignedData,
  type SignedData,
  type SignerInfo,
  singleValue,
} from './signed-data.ts';

export type CmsProblem =
  | 'signer-count'
  | 'content-embedded'
  | 'content-type-mismatch'
  | 'signed-attributes-missing'
  | 'message-digest-missing'
  | 'digest-mismatch'
  | 'digest-unsupported'
  | 'algorithm-unsupported'
  | 'signer-certificate-missing'
  | 'signing-certificate-mismatch'
  | 'bad-signature';

export interface CmsVerdict {
  readonly valid: boolean;
  /** Empty when valid. */
  readonly problems: readonly CmsProblem[];
  /** The signer's certificate, DER; undefined where it is not found in the message. */
  readonly certificate: Uint8Array | undefined;
  /** All certificates of the message, DER. */
  readonly certificates: readonly Uint8Array[];
  /** Whether an attribute binds the certificate by hash (CAdES and RFC 3161 demand it): undefined without such an attribute. */
  readonly certificateBound: boolean | undefined;
  readonly signature: Uint8Array;
}

/** Digest and message digest as the only signer has them; undefined parts where they are missing or not accepted. */
export function messageDigestOf(data: SignedData): { algorithm?: DigestName; digest?: Uint8Array } {
  const [signer] = data.signers;
  if (!signer) return {};
  return within('bad-cms', () => {
    const algorithm = readDigest(signer.digestAlgorithm);
    const value = singleValue(signer.signedAttributes, attributeTypes.messageDigest);
    return { ...(algorithm && { algorithm }), ...(value && { digest: readOctetString(value) }) };
  });
}

function isSignersOwn(certificate: Certificate, { identifier }: SignerInfo): boolean {
  if (identifier.kind === 'key-identifier') {
    const own = certificate.extensions.subjectKeyIdentifier;
    return own !== undefined && Buffer.compare(own, identifier.keyIdentifier) === 0;
  }
  const sameSerial = Buffer.compare(certificate.serialNumber, identifier.serialNumber) === 0;
  return sameSerial && sameName(certificate.issuer, identifier.issuer);
}

function findSignerCertificate(data: SignedData, signer: SignerInfo): Certificate | undefined {
  for (const der of data.certificates) {
    try {
      const certificate = readCertificate(der);
      if (isSignersOwn(certificate, signer)) return certificate;
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
    }
  }
  return undefined;
}

/** IssuerSerial (RFC 5035, 4): GeneralNames with one directoryName, and the serial number. */
function issuerSerialFits(issuerSerial: Element, certificate: Certificate): boolean {
  const fields = new Fields(issuerSerial);
  const name = new Fields(fields.any()).optional(0xa4);
  const issuer = name && new Fields(name, 0xa4).any();
  const serial = readIntegerBytes(fields.any());
  return !!issuer && sameName(issuer, certificate.issuer) && Buffer.compare(serial, certificate.serialNumber) === 0;
}

/** SigningCertificate and SigningCertificateV2: the first entry is the signer's (RFC 5035, 5.4.1). */
function entryFits(value: Element, version: 1 | 2, certificate: Certificate): boolean {
  const entry = new Fields(new Fields(new Fields(value).any()).any());
  const algorithm = version === 2 ? entry.optional(tags.sequence) : undefined;
  const hash = readOctetString(entry.any());
  const issuerSerial = entry.optional(tags.sequence);
  const name = version === 1 ? 'sha1' : algorithm ? readDigest(algorithm) : 'sha256';
  if (!name || Buffer.compare(createHash(name).update(certificate.der).digest(), hash) !== 0) return false;
  return issuerSerial === undefined || issuerSerialFits(issuerSerial, certificate);
}

function isBound(attributes: Attributes, certificate: Certificate): boolean | undefined {
  const given = [
    { version: 1, values: attributes.get(attributeTypes.signingCertificate) },
    { version: 2, values: attributes.get(attributeTypes.signingCertificateV2) },
  ] as const;
  if (given.every(({ values }) => !values)) return undefined;
  return given.every(({ version, values }) => {
    const [value, ...others] = values ?? [];
    return !values || (value !== undefined && others.length === 0 && entryFits(value, version, certificate));
  });
}

/** RFC 5652, 11.1: the content-type attribute repeats the content's type, which must be the expected one. */
function hasType(expected: string, data: SignedData, signer: SignerInfo): boolean {
  const contentType = singleValue(signer.signedAttributes, attributeTypes.contentType);
  return data.contentType === expected && contentType !== undefined && readOid(contentType) === expected;
}

function attributeProblems(data: SignedData, signer: SignerInfo, digest: Uint8Array | undefined): CmsProblem[] {
  if (!signer.signedBytes) return ['signed-attributes-missing'];
  const problems: CmsProblem[] = [];
  const { digest: claimed } = messageDigestOf(data);
  if (!claimed) problems.push('message-digest-missing');
  else if (digest && Buffer.compare(digest, claimed) !== 0) problems.push('digest-mismatch');
  return problems;
}

function signatureProblem(signer: SignerInfo, certificate: Certificate): CmsProblem | undefined {
  const digest = readDigest(signer.digestAlgorithm);
  if (!digest) return 'digest-unsupported';
  const scheme = readScheme(signer.signatureAlgorithm, digest);
  // RFC 5754, 3: the signature's hash is the one of the message digest.
  if (!scheme || scheme.digest !== digest) return 'algorithm-unsupported';
  const verdict = checkSignature(scheme, certificate, signer.signedBytes ?? new Uint8Array(), signer.signature);
  if (verdict === 'valid') return undefined;
  return verdict === 'unsupported' ? 'algorithm-unsupported' : 'bad-signature';
}

/**
 * Judges a message by itself and, where `digest` is given, against the digest of what it signs (by the algorithm that
 * `messageDigestOf` names). The content must be of the type expected, and detached where that is plain data. Trust in the
 * certificate is not part of it.
 * @throws PkiError bad-cms when the message cannot be read
 */
export function verifyCms(
  contents: Uint8Array | SignedData,
  digest?: Uint8Array,
  expected: string = contentTypes.data,
): CmsVerdict {
  const data = contents instanceof Uint8Array ? readSignedData(contents) : contents;
  const [signer, ...others] = data.signers;
  const { certificates } = data;
  if (!signer || others.length > 0) {
    const none = { certificate: undefined, certificateBound: undefined, signature: new Uint8Array() };
    return { valid: false, problems: ['signer-count'], certificates, ...none };
  }
  return within('bad-cms', () => {
    const problems = attributeProblems(data, signer, digest);
    if (!hasType(expected, data, signer)) problems.push('content-type-mismatch');
    if (expected === contentTypes.data && data.content) problems.push('content-embedded');
    const certificate = findSignerCertificate(data, signer);
    if (!certificate) problems.push('signer-certificate-missing');
    const bound = certificate && isBound(signer.signedAttributes, certificate);
    if (bound === false) problems.push('signing-certificate-mismatch');
    const problem = certificate && signatureProblem(signer, certificate);
    if (problem) problems.push(problem);
    return {
      valid: problems.length === 0,
      problems,
      certificate: certificate?.der,
      certificates,
      certificateBound: bound,
      signature: signer.signature,
    };
  });
}
