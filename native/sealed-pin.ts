/**
 * The opening side of preload/seal-pin.ts: a one-time P-256 key per session, ECDH, HKDF-SHA256 (RFC 5869; salt: sender's
 * and own public key, info `countersign pin v1`), AES-256-GCM with what the PIN is for (the session's id, or the context of its
 * new PIN) as additional data.
 */
import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto';
import { TokenHostError } from './return-values.ts';
import type { SealedPinBytes } from './token-port.ts';

/** What preload/seal-pin.ts calls newPinContext. */
export const newPinContext = (sessionId: string): string => `${sessionId}/new`;

const INFO = Buffer.from('countersign pin v1');
const POINT_BYTES = 65;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key pair that opens one seal for each context: the session's id, or what the session's new PIN is bound to. */
export interface PinKey {
  /** Uncompressed P-256 point, 65 bytes. */
  readonly publicKey: Uint8Array;
  /**
   * The PIN's UTF-8 bytes; the caller zeroes them.
   * @throws TokenHostError pin-unreadable: another session's seal, altered bytes, or a second use of the key
   */
  open(context: string, sealed: SealedPinBytes): Buffer;
}

export function createPinKey(): PinKey {
  const own = createECDH('prime256v1');
  const publicKey = new Uint8Array(own.generateKeys());
  const used = new Set<string>();
  return {
    publicKey,
    open(context, sealed) {
      if (used.has(context)) throw new TokenHostError('pin-unreadable');
      used.add(context);
      try {
        return openSeal(own.computeSecret(checkedPoint(sealed)), publicKey, context, sealed);
      } catch (cause) {
        throw new TokenHostError('pin-unreadable', { cause });
      }
    },
  };
}

function checkedPoint(sealed: SealedPinBytes): Uint8Array {
  const point = sealed.ephemeralPublicKey;
  const wellFormed = point.length === POINT_BYTES && point[0] === 4 && sealed.nonce.length === NONCE_BYTES;
  if (!wellFormed || sealed.ciphertext.length < TAG_BYTES) throw new RangeError('not a sealed PIN');
  return point;
}

function openSeal(shared: Buffer, publicKey: Uint8Array, context: string, sealed: SealedPinBytes): Buffer {
  const salt = Buffer.concat([sealed.ephemeralPublicKey, publicKey]);
  const key = Buffer.from(hkdfSync('sha256', shared, salt, INFO, 32));
  shared.fill(0);
  try {
    const end = sealed.ciphertext.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(sealed.ciphertext.subarray(end));
    const pin = decipher.update(sealed.ciphertext.subarray(0, end));
    try {
      decipher.final();
    } catch (error) {
      pin.fill(0);
      throw error;
    }
    return pin;
  } finally {
    key.fill(0);
  }
}
