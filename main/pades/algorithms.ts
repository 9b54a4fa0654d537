/** Signature schemes as algorithm identifiers (RFC 5754 for PKCS#1 v1.5 and ECDSA, RFC 4055 and 4056 for PSS). */
import type { SignatureScheme } from '../../native/token-port.ts';
import { element, integer, nullValue, objectIdentifier, sequence } from './der.ts';
import { PadesError } from './prepared-signature.ts';

export type HashName = 'sha256' | 'sha384' | 'sha512';

export interface SchemeFacts {
  readonly keyType: 'rsa' | 'ec';
  readonly hash: HashName;
  /** AlgorithmIdentifier of the digest. */
  readonly digestAlgorithm: Uint8Array;
  /** AlgorithmIdentifier of the signature. */
  readonly signatureAlgorithm: Uint8Array;
}

const hashes = {
  sha256: { oid: '2.16.840.1.101.3.4.2.1', bytes: 32, ecdsa: '1.2.840.10045.4.3.2' },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', bytes: 48, ecdsa: '1.2.840.10045.4.3.3' },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', bytes: 64, ecdsa: '1.2.840.10045.4.3.4' },
} as const;

const RSA_ENCRYPTION = objectIdentifier('1.2.840.113549.1.1.1');
const MGF1 = objectIdentifier('1.2.840.113549.1.1.8');
const RSASSA_PSS = objectIdentifier('1.2.840.113549.1.1.10');

/** RSASSA-PSS-params: MGF1 over the same hash, salt as long as the hash, trailer field by default (RFC 4055, 3.1). */
function pss(hash: HashName): Uint8Array {
  const algorithm = sequence(objectIdentifier(hashes[hash].oid), nullValue());
  const parameters = sequence(
    element(0xa0, algorithm),
    element(0xa1, sequence(MGF1, algorithm)),
    element(0xa2, integer(hashes[hash].bytes)),
  );
  return sequence(RSASSA_PSS, parameters);
}

/** AlgorithmIdentifier of a digest, without parameters (RFC 5754, 2). */
export const digestAlgorithmOf = (hash: HashName): Uint8Array => sequence(objectIdentifier(hashes[hash].oid));

function facts(keyType: 'rsa' | 'ec', hash: HashName, signatureAlgorithm: Uint8Array): SchemeFacts {
  return { keyType, hash, digestAlgorithm: digestAlgorithmOf(hash), signatureAlgorithm };
}

/** PKCS#1 v1.5 is named rsaEncryption, which every CMS reader knows (RFC 5754, 3.2). */
const pkcs1 = (hash: HashName) => facts('rsa', hash, sequence(RSA_ENCRYPTION, nullValue()));
const rsaPss = (hash: HashName) => facts('rsa', hash, pss(hash));
const ecdsa = (hash: HashName) => facts('ec', hash, sequence(objectIdentifier(hashes[hash].ecdsa)));

const schemes: Readonly<Record<SignatureScheme, SchemeFacts>> = {
  'rsa-pkcs1-sha256': pkcs1('sha256'),
  'rsa-pkcs1-sha384': pkcs1('sha384'),
  'rsa-pkcs1-sha512': pkcs1('sha512'),
  'rsa-pss-sha256': rsaPss('sha256'),
  'rsa-pss-sha384': rsaPss('sha384'),
  'rsa-pss-sha512': rsaPss('sha512'),
  'ecdsa-sha256': ecdsa('sha256'),
  'ecdsa-sha384': ecdsa('sha384'),
  'ecdsa-sha512': ecdsa('sha512'),
};

/** @throws PadesError scheme-unsupported */
export function schemeFacts(scheme: SignatureScheme): SchemeFacts {
  if (!Object.hasOwn(schemes, scheme)) throw new PadesError('scheme-unsupported');
  return schemes[scheme];
}
