/** SubjectPublicKeyInfo (RFC 5280, 4.1.2.7; RFC 3279; RFC 5480): kind and size, without importing the key. */
import { type Element, Fields, readElement, tags } from './der.ts';
import { readBitString, readIntegerBytes, readOid } from './der-values.ts';

export interface PublicKeyFacts {
  /** Algorithm identifier of the key. */
  readonly algorithm: string;
  readonly keyType: 'rsa' | 'ec' | 'other';
  readonly keySizeBits: number;
  /** A curve signatures are accepted on; undefined for other keys, curves and explicit parameters. */
  readonly curve: string | undefined;
}

export const keyAlgorithms = {
  rsa: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  ec: '1.2.840.10045.2.1',
} as const;

const curves: Readonly<Record<string, { name: string; bits: number }>> = {
  '1.2.840.10045.3.1.7': { name: 'P-256', bits: 256 },
  '1.3.132.0.34': { name: 'P-384', bits: 384 },
  '1.3.132.0.35': { name: 'P-521', bits: 521 },
  '1.3.36.3.3.2.8.1.1.7': { name: 'brainpoolP256r1', bits: 256 },
  '1.3.36.3.3.2.8.1.1.11': { name: 'brainpoolP384r1', bits: 384 },
  '1.3.36.3.3.2.8.1.1.13': { name: 'brainpoolP512r1', bits: 512 },
};

function rsaModulusBits(key: Uint8Array): number {
  const modulus = readIntegerBytes(new Fields(readElement(key, key.length)).any());
  const first = modulus.findIndex((octet) => octet !== 0);
  if (first < 0) return 0;
  return (modulus.length - first) * 8 - (Math.clz32(modulus[first] ?? 0) - 24);
}

/** Bits of the field an EC point's coordinates lie in, by its encoded length (SEC 1, 2.3.3). */
function pointBits(point: Uint8Array): number {
  const coordinates = point[0] === 0x04 ? (point.length - 1) / 2 : point.length - 1;
  return Math.max(0, Math.floor(coordinates)) * 8;
}

/** @throws PkiError bad-encoding */
export function readPublicKey(info: Element): PublicKeyFacts {
  const fields = new Fields(info);
  const identifier = new Fields(fields.any());
  const algorithm = readOid(identifier.any());
  const named = identifier.optional(tags.oid);
  const key = readBitString(fields.any());
  fields.end();
  if (algorithm === keyAlgorithms.rsa || algorithm === keyAlgorithms.rsaPss) {
    return { algorithm, keyType: 'rsa', keySizeBits: rsaModulusBits(key), curve: undefined };
  }
  if (algorithm === keyAlgorithms.ec) {
    const curve = named && curves[readOid(named)];
    return { algorithm, keyType: 'ec', keySizeBits: curve?.bits ?? pointBits(key), curve: curve?.name };
  }
  return { algorithm, keyType: 'other', keySizeBits: key.length * 8, curve: undefined };
}
