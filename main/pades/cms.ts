/** The CMS of a PAdES signature: detached SignedData with one SignerInfo (RFC 5652, 5; ETSI EN 319 142-1, 6.3). */
import { schemeFacts } from './algorithms.ts';
import { certificateParts } from './certificate-parts.ts';
import {
  attribute,
  element,
  integer,
  objectIdentifier,
  octetString,
  readElement,
  sequence,
  setOf,
  tags,
} from './der.ts';
import { type CmsParts, PadesError, type SignatureSpec } from './prepared-signature.ts';
import { signedAttributesOf } from './signed-attributes.ts';

const SIGNED_DATA = objectIdentifier('1.2.840.113549.1.7.2');
const ID_DATA = objectIdentifier('1.2.840.113549.1.7.1');
/** id-aa-timeStampToken (RFC 3161, Appendix A). */
const TIMESTAMP_TOKEN = objectIdentifier('1.2.840.113549.1.9.16.2.14');

/** Left free in the gap beyond what was counted. */
const SPARE_BYTES = 64;

/** SignerInfo (RFC 5652, 5.3), DER. @throws PadesError bad-certificate, scheme-unsupported */
export function signerInfo(parts: CmsParts): Uint8Array {
  const { issuer, serialNumber } = certificateParts(parts.certificate);
  const { digestAlgorithm, signatureAlgorithm } = schemeFacts(parts.scheme);
  const signed = readElement(parts.signedAttributes);
  if (signed?.tag !== tags.set) throw new RangeError('signed attributes are no DER SET');
  const unsigned = parts.timestampToken ? [setOf([attribute(TIMESTAMP_TOKEN, parts.timestampToken)], 0xa1)] : [];
  return sequence(
    integer(1),
    sequence(issuer, serialNumber),
    digestAlgorithm,
    element(0xa0, signed.contents),
    signatureAlgorithm,
    octetString(parts.signature),
    ...unsigned,
  );
}

/**
 * @returns ContentInfo, DER
 * @throws PadesError bad-certificate, scheme-unsupported; RangeError where the signed attributes are no SET
 */
export function assembleCms(parts: CmsParts): Uint8Array {
  const { digestAlgorithm } = schemeFacts(parts.scheme);
  const unique = new Map([parts.certificate, ...parts.chain].map((der) => [Buffer.from(der).toString('latin1'), der]));
  const signedData = sequence(
    integer(1),
    setOf([digestAlgorithm]),
    sequence(ID_DATA),
    setOf([...unique.values()], 0xa0),
    setOf([signerInfo(parts)]),
  );
  return sequence(SIGNED_DATA, element(0xa0, signedData));
}

/**
 * Room the CMS will need, bytes: exact but for a signature shorter than its longest, and the spare.
 * @throws PadesError bad-certificate; scheme-unsupported where the scheme does not go with the certificate's key
 */
export function estimateCmsBytes(spec: SignatureSpec): number {
  const { keyType, signatureBytes } = certificateParts(spec.certificate);
  const facts = schemeFacts(spec.scheme);
  if (keyType !== facts.keyType) throw new PadesError('scheme-unsupported', `${facts.keyType} scheme, ${keyType} key`);
  const cms = assembleCms({
    signedAttributes: signedAttributesOf(new Uint8Array(64), spec.certificate, spec.statements),
    signature: new Uint8Array(signatureBytes),
    scheme: spec.scheme,
    certificate: spec.certificate,
    chain: spec.chain,
    ...(spec.timestampReserveBytes > 0 ? { timestampToken: new Uint8Array(spec.timestampReserveBytes) } : {}),
  });
  return cms.length + SPARE_BYTES;
}
