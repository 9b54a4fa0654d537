/**
 * Seals a PIN to a token host's one-time public key, so that only that process can open it: ephemeral ECDH on P-256,
 * HKDF-SHA256 (salt: both public keys, info: `countersign pin v1`), AES-256-GCM with the session's id as additional data.
 * Runs in the renderer and in the command line; native/sealed-pin.ts opens it.
 */
import type { SealedPin } from './model.ts';

const INFO = new TextEncoder().encode('countersign pin v1');
const POINT_BYTES = 65;

/** What a new PIN is sealed to in place of the session's id, so that the two PINs of a change cannot be swapped. */
export function newPinContext(sessionId: string): string {
  return `${sessionId}/new`;
}

/**
 * @param hostPublicKey uncompressed P-256 point, 65 bytes
 * @param sessionId bound as additional data: a sealed PIN opens in that session only
 * @param pin UTF-8 bytes; zeroed before the promise settles
 * @throws RangeError where the public key is no 65-byte point
 */
export async function sealPin(
  hostPublicKey: Uint8Array,
  sessionId: string,
  pin: Uint8Array<ArrayBuffer>,
): Promise<SealedPin> {
  try {
    if (hostPublicKey.length !== POINT_BYTES) throw new RangeError('public key is not an uncompressed P-256 point');
    const curve = { name: 'ECDH', namedCurve: 'P-256' };
    const host = await crypto.subtle.importKey('raw', new Uint8Array(hostPublicKey), curve, false, []);
    const own = await crypto.subtle.generateKey(curve, false, ['deriveBits']);
    const ephemeralPublicKey = new Uint8Array(await crypto.subtle.exportKey('raw', own.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: host }, own.privateKey, 256);
    const salt = new Uint8Array([...ephemeralPublicKey, ...hostPublicKey]);
    const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
    const key = await crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt, info: INFO },
      secret,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt'],
    );
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = new TextEncoder().encode(sessionId);
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData }, key, pin);
    return { ephemeralPublicKey, nonce, ciphertext: new Uint8Array(sealed) };
  } finally {
    pin.fill(0);
  }
}
