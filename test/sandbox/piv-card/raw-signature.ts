/** What a card's key does: RSA on a padded block, ECDSA over a digest as it comes (FIPS 186-5, 6.4.1; node:crypto hashes itself). */
import { constants, createECDH, type KeyObject, privateEncrypt } from 'node:crypto';
import { tlv } from './tlv.ts';

/** The order of P-256 (SP 800-186, 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const toBigInt = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
const mod = (value: bigint) => ((value % ORDER) + ORDER) % ORDER;

/** By Fermat: the order is prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = mod(value);
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = mod(result * base);
    base = mod(base * base);
  }
  return result;
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return tlv(0x02, bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** DER ECDSA-Sig-Value, as SP 800-73-4, part 2, 3.2.4 has it. */
function signDigest(key: KeyObject, digest: Uint8Array): Buffer {
  const d = toBigInt(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const z = toBigInt(digest.subarray(0, 32));
  for (;;) {
    const nonce = createECDH('prime256v1');
    const point = nonce.generateKeys();
    const r = mod(toBigInt(point.subarray(1, 33)));
    const s = mod(inverse(toBigInt(nonce.getPrivateKey())) * (z + r * d));
    if (r !== 0n && s !== 0n) return tlv(0x30, Buffer.concat([derInteger(r), derInteger(s)]));
  }
}

export function rawSignature(key: KeyObject, input: Buffer): Buffer {
  return key.asymmetricKeyType === 'ec'
    ? signDigest(key, input)
    : privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, input);
}
