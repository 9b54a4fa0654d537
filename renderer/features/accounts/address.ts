/** A signing service's address as a person types it. */

export type CheckedAddress =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly problem: 'malformed' | 'insecure' };

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address without its trailing slashes; `https://` is put before a bare host. Plain http passes for this machine only,
 * as in the desk (main/platform/http.ts).
 */
export function checkAddress(typed: string): CheckedAddress {
  const trimmed = typed.trim();
  const text = trimmed.includes('://') ? trimmed : `https://${trimmed}`;
  if (trimmed === '' || !URL.canParse(text)) return { ok: false, problem: 'malformed' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return { ok: false, problem: 'malformed' };
  }
  if (url.protocol === 'http:' && !loopback.test(url.hostname)) return { ok: false, problem: 'insecure' };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { ok: false, problem: 'malformed' };
  return { ok: true, url: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
}
