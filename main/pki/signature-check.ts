/** One signature under one key: RSA PKCS#1 v1.5 and PSS (RFC 8017, RFC 4055), ECDSA (RFC 5758). */
import { constants, createPublicKey, verify } from 'node:crypto';
import { childrenOf, type Element, Fields, readElement, tags } from './der.ts';
import { readOid, readSmallInteger } from './der-values.ts';
import { PkiError } from './port.ts';
import { keyAlgorithms, type PublicKeyFacts } from './public-key.ts';
import { recent } from './recent.ts';

/** The digests a signature is accepted with; SHA-1 and MD5 are not among them. */
export type DigestName = 'sha256' | 'sha384' | 'sha512';

const digestIds: Readonly<Record<string, DigestName>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const rsaIds: Readonly<Record<string, DigestName>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};
const ecdsaIds: Readonly<Record<string, DigestName>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};
const mgf1 = '1.2.840.113549.1.1.8';
const rsaBits = { min: 1024, max: 8192 };

export interface Scheme {
  readonly kind: 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa';
  readonly digest: DigestName;
  readonly saltLength: number;
}

/** The digest an AlgorithmIdentifier names; undefined for one that is not accepted. */
export function readDigest(identifier: Element): DigestName | undefined {
  return digestIds[readOid(new Fields(identifier).any())];
}

/** RSASSA-PSS-params (RFC 4055, 3.1). Their defaults are SHA-1, so hash and mask must be given, and be the same. */
function readPssParameters(parameters: Element): Scheme | undefined {
  const fields = new Fields(parameters);
  const hash = fields.optional(0xa0);
  const mask = fields.optional(0xa1);
  const salt = fields.optional(0xa2);
  const trailer = fields.optional(0xa3);
  fields.end();
  if (!hash || !mask) return undefined;
  const digest = readDigest(readElement(hash.content, hash.content.length));
  const [maskId, maskHash] = childrenOf(readElement(mask.content, mask.content.length));
  if (!digest || !maskId || !maskHash || readOid(maskId) !== mgf1 || readDigest(maskHash) !== digest) return undefined;
  if (trailer && readSmallInteger(readElement(trailer.content, trailer.content.length)) !== 1) return undefined;
  const saltLength = salt ? readSmallInteger(readElement(salt.content, salt.content.length)) : 20;
  return { kind: 'rsa-pss', digest, saltLength };
}

/**
 * What a signature's AlgorithmIdentifier asks for. `digest` is the message digest said beside it, needed where the identifier
 * is a bare rsaEncryption (RFC 3370, 3.2). Undefined for what is not accepted or cannot be read.
 */
export function readScheme(identifier: Element, digest?: DigestName): Scheme | undefined {
  try {
    return toScheme(identifier, digest);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function toScheme(identifier: Element, digest: DigestName | undefined): Scheme | undefined {
  const fields = new Fields(identifier);
  const id = readOid(fields.any());
  if (id === keyAlgorithms.rsaPss) {
    const parameters = fields.optional(tags.sequence);
    return parameters && readPssParameters(parameters);
  }
  const rsa = id === keyAlgorithms.rsa ? digest : rsaIds[id];
  if (rsa) return { kind: 'rsa-pkcs1', digest: rsa, saltLength: 0 };
  const ecdsa = ecdsaIds[id];
  return ecdsa && { kind: 'ecdsa', digest: ecdsa, saltLength: 0 };
}

function fits(scheme: Scheme, key: PublicKeyFacts): boolean {
  if (scheme.kind === 'ecdsa') return key.curve !== undefined;
  if (key.keyType !== 'rsa' || key.keySizeBits < rsaBits.min || key.keySizeBits > rsaBits.max) return false;
  return scheme.kind === 'rsa-pss' || key.algorithm === keyAlgorithms.rsa;
}

export interface Verifier {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly keyFacts: PublicKeyFacts;
}

/** `unsupported`: scheme, key kind or key size is not accepted, or they do not fit each other. */
export type SignatureVerdict = 'valid' | 'invalid' | 'unsupported';

/** Importing a key costs more than a signature's check. @throws where OpenSSL refuses it */
const importKey = recent(32, (publicKey) =>
  createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }),
);

export function checkSignature(
  scheme: Scheme | undefined,
  { publicKey, keyFacts }: Verifier,
  data: Uint8Array,
  signature: Uint8Array,
): SignatureVerdict {
  if (!scheme || !fits(scheme, keyFacts)) return 'unsupported';
  try {
    const key = importKey(publicKey);
    // PKCS#1 v1.5 and DER are what a key is used with by itself; given in an object it is looked at twice, which costs.
    const given =
      scheme.kind === 'rsa-pss'
        ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }
        : key;
    return verify(scheme.digest, data, given, signature) ? 'valid' : 'invalid';
  } catch {
    // OpenSSL refuses the key (a point off its curve, parameters of its own) or the signature's encoding.
    return 'invalid';
  }
}
