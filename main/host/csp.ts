/** The window's content security policy (CSP Level 3): one text for every host that shows it. */
import { randomBytes } from 'node:crypto';

/** What a built page holds where its host puts the nonce of this load. */
export const STYLE_NONCE_MARK = '@STYLE_NONCE@';

/** A nonce for one load of the page: 128 random bits, base64. */
export function newStyleNonce(): string {
  return randomBytes(16).toString('base64');
}

/**
 * The Content-Security-Policy header's value for one load.
 * Wasm is allowed for pdf.js (JPEG 2000, colour profiles); styles made at run time (Mantine) carry the nonce.
 */
export function contentSecurityPolicy(styleNonce: string): string {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(styleNonce)) throw new RangeError('style nonce is not base64');
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' 'nonce-${styleNonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
