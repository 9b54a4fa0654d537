/**
 * From a signature scheme to what a token can do: RSASSA-PKCS1-v1_5 and PSS (RFC 8017), ECDSA (FIPS 186-5). Tokens offer
 * some with the hash built in and some over the digest only; the plan says which, and what has to be done around it.
 */
import { createHash } from 'node:crypto';
import { TokenHostError } from './return-values.ts';
import type { SignatureScheme } from './token-port.ts';

type Hash = 'sha256' | 'sha384' | 'sha512';

/** Numbers of PKCS#11 (pkcs11t.h). */
const CKM = { RSA_PKCS: 0x01, RSA_PKCS_PSS: 0x0d, ECDSA: 0x1041 } as const;

interface HashFacts {
  readonly bytes: number;
  readonly digestMechanism: number;
  readonly mgf: number;
  readonly rsaPkcs: number;
  readonly rsaPss: number;
  readonly ecdsa: number;
  /** DigestInfo up to the digest: RFC 8017, 9.2, note 1. */
  readonly digestInfo: Buffer;
}

const hashes: Readonly<Record<Hash, HashFacts>> = {
  sha256: {
    bytes: 32,
    digestMechanism: 0x250,
    mgf: 2,
    rsaPkcs: 0x40,
    rsaPss: 0x43,
    ecdsa: 0x1044,
    digestInfo: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  },
  sha384: {
    bytes: 48,
    digestMechanism: 0x260,
    mgf: 3,
    rsaPkcs: 0x41,
    rsaPss: 0x44,
    ecdsa: 0x1045,
    digestInfo: Buffer.from('3041300d060960864801650304020205000430', 'hex'),
  },
  sha512: {
    bytes: 64,
    digestMechanism: 0x270,
    mgf: 4,
    rsaPkcs: 0x42,
    rsaPss: 0x45,
    ecdsa: 0x1046,
    digestInfo: Buffer.from('3051300d060960864801650304020305000440', 'hex'),
  },
};

const schemes: Readonly<Record<SignatureScheme, { family: 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa'; hash: Hash }>> = {
  'rsa-pkcs1-sha256': { family: 'rsa-pkcs1', hash: 'sha256' },
  'rsa-pkcs1-sha384': { family: 'rsa-pkcs1', hash: 'sha384' },
  'rsa-pkcs1-sha512': { family: 'rsa-pkcs1', hash: 'sha512' },
  'rsa-pss-sha256': { family: 'rsa-pss', hash: 'sha256' },
  'rsa-pss-sha384': { family: 'rsa-pss', hash: 'sha384' },
  'rsa-pss-sha512': { family: 'rsa-pss', hash: 'sha512' },
  'ecdsa-sha256': { family: 'ecdsa', hash: 'sha256' },
  'ecdsa-sha384': { family: 'ecdsa', hash: 'sha384' },
  'ecdsa-sha512': { family: 'ecdsa', hash: 'sha512' },
};

/** CK_RSA_PKCS_PSS_PARAMS (PKCS#11 v3.0, 2.1.9), the salt as long as the hash. */
export interface PssParameters {
  readonly hashAlgorithm: number;
  readonly mgf: number;
  readonly saltBytes: number;
}

export interface SigningPlan {
  readonly keyType: 'rsa' | 'ec';
  /** CKM_ number. */
  readonly mechanism: number;
  readonly pss: PssParameters | undefined;
  /** What is handed to C_Sign: the message itself, its digest, or the digest inside a DigestInfo. */
  readonly input: 'message' | 'digest' | 'digest-info';
  readonly hash: Hash;
}

/** The plan for a scheme on a token with these CKM_ numbers; undefined where the token cannot do it. */
export function planSigning(scheme: SignatureScheme, mechanisms: readonly number[]): SigningPlan | undefined {
  const { family, hash } = schemes[scheme];
  const facts = hashes[hash];
  const pss = { hashAlgorithm: facts.digestMechanism, mgf: facts.mgf, saltBytes: facts.bytes };
  const candidates: readonly SigningPlan[] = {
    'rsa-pkcs1': [
      { keyType: 'rsa', mechanism: facts.rsaPkcs, pss: undefined, input: 'message', hash } as const,
      { keyType: 'rsa', mechanism: CKM.RSA_PKCS, pss: undefined, input: 'digest-info', hash } as const,
    ],
    'rsa-pss': [
      { keyType: 'rsa', mechanism: facts.rsaPss, pss, input: 'message', hash } as const,
      { keyType: 'rsa', mechanism: CKM.RSA_PKCS_PSS, pss, input: 'digest', hash } as const,
    ],
    ecdsa: [
      { keyType: 'ec', mechanism: CKM.ECDSA, pss: undefined, input: 'digest', hash } as const,
      { keyType: 'ec', mechanism: facts.ecdsa, pss: undefined, input: 'message', hash } as const,
    ],
  }[family];
  return candidates.find((candidate) => mechanisms.includes(candidate.mechanism));
}

/** The bytes C_Sign is to get for `message`. */
export function toSignInput(plan: SigningPlan, message: Uint8Array): Buffer {
  if (plan.input === 'message') return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const digest = createHash(plan.hash).update(message).digest();
  return plan.input === 'digest' ? digest : Buffer.concat([hashes[plan.hash].digestInfo, digest]);
}

/** The signature as the world outside wants it: RSA as it is, ECDSA as DER ECDSA-Sig-Value. */
export function toSignature(plan: SigningPlan, value: Uint8Array): Uint8Array {
  return plan.keyType === 'ec' ? toEcdsaSigValue(value) : new Uint8Array(value);
}

/**
 * PKCS#11's r||s (v3.0, 2.3.1) as DER `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, 2.2.3).
 * @throws TokenHostError function-failed where it is no pair of equally long numbers of at most 66 bytes
 */
export function toEcdsaSigValue(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  if (half < 1 || half > 66 || !Number.isInteger(half)) throw new TokenHostError('function-failed');
  const body = Buffer.concat([derInteger(raw.subarray(0, half)), derInteger(raw.subarray(half))]);
  const head = body.length < 0x80 ? [0x30, body.length] : [0x30, 0x81, body.length];
  return new Uint8Array([...head, ...body]);
}

/** A non-negative INTEGER in as few bytes as DER demands (X.690, 8.3.2). */
function derInteger(magnitude: Uint8Array): Buffer {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  const pad = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.from([0x02, digits.length + pad.length, ...pad, ...digits]);
}
