/** Keys with certificates for tests, made once per file that asks. */
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { SignatureScheme } from '../../../native/token-port.ts';
import {
  algorithm,
  bitString,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  tlv,
  utf8String,
} from '../../sandbox/pki/der.ts';

export type KeyKind = 'rsa-2048' | 'rsa-3072' | 'p-256' | 'p-384' | 'p-521';

export interface Credential {
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
}

const curves = { 'p-256': 'prime256v1', 'p-384': 'secp384r1', 'p-521': 'secp521r1' } as const;

function generate(kind: KeyKind): { publicKey: KeyObject; privateKey: KeyObject } {
  if (kind === 'rsa-2048' || kind === 'rsa-3072') {
    return generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(4)) });
  }
  return generateKeyPairSync('ec', { namedCurve: curves[kind] });
}

const commonName = (text: string): Uint8Array => sequence(setOf(sequence(oid('2.5.4.3'), utf8String(text))));

function utcTime(at: number): Uint8Array {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${digits}Z`));
}

export interface Request {
  readonly kind: KeyKind;
  readonly name: string;
  readonly serial: number;
  /** Valid from a day before for 31 days, epoch ms. */
  readonly now: number;
  readonly issuer?: Credential & { readonly name: string };
}

const yes = tlv(0x01, Uint8Array.of(0xff));
const extension = (type: string, value: Uint8Array) => sequence(oid(type), yes, octetString(value));

/** basicConstraints CA and keyCertSign for a root, digitalSignature and nonRepudiation for a signer (RFC 5280, 4.2.1). */
function extensions(isRoot: boolean): Uint8Array {
  const constraints = extension('2.5.29.19', isRoot ? sequence(yes) : sequence());
  const usage = extension('2.5.29.15', tlv(0x03, isRoot ? Uint8Array.of(2, 0x04) : Uint8Array.of(6, 0xc0)));
  return explicit(3, sequence(constraints, usage));
}

export function issue({ kind, name, serial, now, issuer }: Request): Credential {
  const { publicKey, privateKey } = generate(kind);
  const signer = issuer?.key ?? privateKey;
  const rsa = signer.asymmetricKeyType === 'rsa';
  const signatureAlgorithm = rsa ? algorithm('1.2.840.113549.1.1.11', nullValue) : algorithm('1.2.840.10045.4.3.2');
  const day = 86_400_000;
  const body = sequence(
    explicit(0, integer(2)),
    integer(serial),
    signatureAlgorithm,
    commonName(issuer?.name ?? name),
    sequence(utcTime(now - day), utcTime(now + 30 * day)),
    commonName(name),
    new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
    extensions(issuer === undefined),
  );
  return { certificate: sequence(body, signatureAlgorithm, bitString(sign('sha256', body, signer))), key: privateKey };
}

export const kindsOf = (scheme: SignatureScheme): readonly KeyKind[] =>
  scheme.startsWith('rsa') ? ['rsa-2048', 'rsa-3072'] : ['p-256', 'p-384', 'p-521'];

/** What a token would answer. */
export function signWith(key: KeyObject, scheme: SignatureScheme, data: Uint8Array): Uint8Array {
  const hash = scheme.slice(-6);
  if (!scheme.startsWith('rsa-pss')) return sign(hash, data, key);
  return sign(hash, data, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

export const schemes: readonly SignatureScheme[] = [
  'rsa-pkcs1-sha256',
  'rsa-pkcs1-sha384',
  'rsa-pkcs1-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
  'ecdsa-sha256',
  'ecdsa-sha384',
  'ecdsa-sha512',
];
