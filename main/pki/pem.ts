/** Certificates from PEM text (RFC 7468, 5). */
const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** The DER of every CERTIFICATE block; other text and blocks are passed over. */
export function parsePem(text: string): Uint8Array[] {
  return [...text.matchAll(BLOCK)].map(
    (match) => new Uint8Array(Buffer.from((match[1] ?? '').replace(/\s+/g, ''), 'base64')),
  );
}
