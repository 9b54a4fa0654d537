/** Signatures of the sandbox's authorities: SHA-256 with the key's own algorithm, and CMS SignedData (RFC 5652) around content. */
import { createHash, sign } from 'node:crypto';
import { type Credential, namesOf, privateKeyOf, serialNumberOf } from './certificates.ts';
import {
  algorithm,
  concat,
  type Der,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  tlv,
} from './der.ts';
import { oids } from './oids.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

/** Signs with SHA-256 and names the algorithm. */
export function signWith(
  credential: Credential,
  bytes: Uint8Array,
): { readonly algorithm: Der; readonly value: Uint8Array } {
  const key = privateKeyOf(credential);
  const value = new Uint8Array(sign('sha256', bytes, key));
  const identifier =
    key.asymmetricKeyType === 'ec' ? algorithm(oids.ecdsaWithSha256) : algorithm(oids.rsaWithSha256, nullValue);
  return { algorithm: identifier, value };
}

const attribute = (type: string, value: Der): Der => sequence(oid(type), setOf(value));

/**
 * A CMS ContentInfo with the content inside and one signer (RFC 5652, 5), its certificate bound by signing-certificate-v2 (RFC 5035).
 * @param certificates DER, put into the message as they are
 */
export function signedData(options: {
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly signer: Credential;
  readonly certificates: readonly Uint8Array[];
}): Uint8Array {
  const { contentType, content, signer } = options;
  const sha256Algorithm = algorithm(oids.sha256);
  const attributes = setOf(
    attribute(oids.contentType, oid(contentType)),
    attribute(oids.messageDigest, octetString(sha256(content))),
    attribute(oids.signingCertificateV2, sequence(sequence(sequence(octetString(sha256(signer.certificate)))))),
  );
  const signature = signWith(signer, attributes);
  const serial = integer(Buffer.from(serialNumberOf(signer.certificate), 'hex'));
  const signerInfo = sequence(
    integer(1),
    sequence(namesOf(signer.certificate).issuer, serial),
    sha256Algorithm,
    concat([Uint8Array.of(0xa0), attributes.subarray(1)]),
    signature.algorithm,
    octetString(signature.value),
  );
  const body = sequence(
    integer(3),
    setOf(sha256Algorithm),
    sequence(oid(contentType), explicit(0, octetString(content))),
    ...(options.certificates.length > 0 ? [tlv(0xa0, ...options.certificates)] : []),
    setOf(signerInfo),
  );
  return sequence(oid(oids.signedData), explicit(0, body));
}
