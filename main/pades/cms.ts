/** The CMS of a PAdES signature: detached SignedData with one SignerInfo (RFC 5652, 5; ETSI EN 319 142-1, 6.3). */
import { schemeFacts } from './algorithms.ts';
import { certificateParts } from './certificate-parts.ts';
import {
  attribute,
  integer,
  joined,
  lengthOf,
  objectIdentifier,
  type Pieces,
  readElement,
  sequence,
  setPieces,
  tags,
  wrapped,
} from './der.ts';
import { type CmsParts, PadesError, type SignatureSpec } from './prepared-signature.ts';
import { signedAttributesOf } from './signed-attributes.ts';

const SIGNED_DATA = objectIdentifier('1.2.840.113549.1.7.2');
const ID_DATA = objectIdentifier('1.2.840.113549.1.7.1');
/** id-aa-timeStampToken (RFC 3161, Appendix A). */
const TIMESTAMP_TOKEN = objectIdentifier('1.2.840.113549.1.9.16.2.14');

/** Left free in the gap beyond what was counted. */
const SPARE_BYTES = 64;

const VERSION_1 = integer(1);
/** EncapsulatedContentInfo of a detached signature. */
const ENCAPSULATED = sequence(ID_DATA);

const distinct = (certificates: Pieces): Pieces =>
  certificates.filter((one, index) => certificates.findIndex((other) => Buffer.compare(one, other) === 0) === index);

function signerInfoPieces(parts: CmsParts): Pieces {
  const { issuer, serialNumber } = certificateParts(parts.certificate);
  const { digestAlgorithm, signatureAlgorithm } = schemeFacts(parts.scheme);
  const signed = readElement(parts.signedAttributes);
  if (signed?.tag !== tags.set) throw new RangeError('signed attributes are no DER SET');
  const unsigned = parts.timestampToken ? setPieces([attribute(TIMESTAMP_TOKEN, parts.timestampToken)], 0xa1) : [];
  return wrapped(tags.sequence, [
    VERSION_1,
    ...wrapped(tags.sequence, [issuer, serialNumber]),
    digestAlgorithm,
    ...wrapped(0xa0, [signed.contents]),
    signatureAlgorithm,
    ...wrapped(tags.octetString, [parts.signature]),
    ...unsigned,
  ]);
}

/** SignerInfo (RFC 5652, 5.3), DER. @throws PadesError bad-certificate, scheme-unsupported */
export const signerInfo = (parts: CmsParts): Uint8Array => joined(signerInfoPieces(parts));

function cmsPieces(parts: CmsParts): Pieces {
  const { digestAlgorithm } = schemeFacts(parts.scheme);
  const signedData = wrapped(tags.sequence, [
    VERSION_1,
    ...setPieces([digestAlgorithm]),
    ENCAPSULATED,
    ...setPieces(distinct([parts.certificate, ...parts.chain]), 0xa0),
    ...wrapped(tags.set, signerInfoPieces(parts)),
  ]);
  return wrapped(tags.sequence, [SIGNED_DATA, ...wrapped(0xa0, signedData)]);
}

/**
 * @returns ContentInfo, DER
 * @throws PadesError bad-certificate, scheme-unsupported; RangeError where the signed attributes are no SET
 */
export const assembleCms = (parts: CmsParts): Uint8Array => joined(cmsPieces(parts));

type Counted = Pick<SignatureSpec, 'chain' | 'scheme' | 'statements' | 'timestampReserveBytes'>;

/** By certificate, what was asked last: a batch asks the same at every signature. */
const counted = new WeakMap<Uint8Array, { readonly of: Counted; readonly bytes: number }>();

const isSame = (a: Counted, b: Counted) =>
  a.chain === b.chain &&
  a.scheme === b.scheme &&
  a.statements === b.statements &&
  a.timestampReserveBytes === b.timestampReserveBytes;

/**
 * Room the CMS will need, bytes: exact but for a signature shorter than its longest, and the spare.
 * @throws PadesError bad-certificate; scheme-unsupported where the scheme does not go with the certificate's key
 */
export function estimateCmsBytes(spec: SignatureSpec): number {
  const before = counted.get(spec.certificate);
  if (before && isSame(before.of, spec)) return before.bytes;
  const bytes = countCmsBytes(spec);
  const { chain, scheme, statements, timestampReserveBytes } = spec;
  counted.set(spec.certificate, { of: { chain, scheme, statements, timestampReserveBytes }, bytes });
  return bytes;
}

function countCmsBytes(spec: SignatureSpec): number {
  const { keyType, signatureBytes } = certificateParts(spec.certificate);
  const facts = schemeFacts(spec.scheme);
  if (keyType !== facts.keyType) throw new PadesError('scheme-unsupported', `${facts.keyType} scheme, ${keyType} key`);
  const cms = cmsPieces({
    signedAttributes: signedAttributesOf(new Uint8Array(64), spec.certificate, spec.statements),
    signature: new Uint8Array(signatureBytes),
    scheme: spec.scheme,
    certificate: spec.certificate,
    chain: spec.chain,
    ...(spec.timestampReserveBytes > 0 ? { timestampToken: new Uint8Array(spec.timestampReserveBytes) } : {}),
  });
  return lengthOf(cms) + SPARE_BYTES;
}
