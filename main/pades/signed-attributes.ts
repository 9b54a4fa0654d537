/**
 * What the key signs (RFC 5652, 5.4; RFC 5035, 4). Of the attributes PAdES requires: content-type, message-digest,
 * signing-certificate-v2; signing-time must be absent, /M says it (ETSI EN 319 142-1, 6.3).
 */
import { createHash } from 'node:crypto';
import { attribute, objectIdentifier, octetString, sequence, setOf } from './der.ts';
import { onceFor } from './once-for.ts';
import { type SignerStatements, statedAttributes } from './signer-statements.ts';

const ID_DATA = objectIdentifier('1.2.840.113549.1.7.1');
const CONTENT_TYPE = objectIdentifier('1.2.840.113549.1.9.3');
const MESSAGE_DIGEST = objectIdentifier('1.2.840.113549.1.9.4');
const SIGNING_CERTIFICATE_V2 = objectIdentifier('1.2.840.113549.1.9.16.2.47');

/** SigningCertificateV2 with one ESSCertIDv2: SHA-256 is its default and left out, and so is the optional issuerSerial. */
const signingCertificate = onceFor((certificate) => {
  const hash = createHash('sha256').update(certificate).digest();
  return attribute(SIGNING_CERTIFICATE_V2, sequence(sequence(sequence(octetString(hash)))));
});

/** The attributes every signature here has, one by one, and those stated. @throws RangeError for a statement without sense */
export const attributeValues = (
  messageDigest: Uint8Array,
  certificate: Uint8Array,
  statements: SignerStatements = {},
): Uint8Array[] => [
  attribute(CONTENT_TYPE, ID_DATA),
  attribute(MESSAGE_DIGEST, octetString(messageDigest)),
  signingCertificate(certificate),
  ...statedAttributes(statements),
];

/**
 * @param messageDigest of the byte range, by the scheme's hash
 * @param certificate the signer's, DER
 * @returns SET OF Attribute, DER
 */
export const signedAttributesOf = (
  messageDigest: Uint8Array,
  certificate: Uint8Array,
  statements: SignerStatements = {},
): Uint8Array => setOf(attributeValues(messageDigest, certificate, statements));
