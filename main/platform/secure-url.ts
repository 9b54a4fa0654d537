/** Which addresses may be spoken to: https anywhere, plain http on this machine only (or where a caller's protocol signs its own answers). */
import { isIPv4 } from 'node:net';

/** True for 127.0.0.0/8, ::1 and `localhost`; `hostname` as in `URL.hostname`. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host === '[::1]') return true;
  return isIPv4(host) && host.startsWith('127.');
}

/** What is wrong with an address, or undefined where a request may go there. */
export function urlProblem(url: string, allowPlainHttp: boolean): 'bad-url' | 'insecure-url' | undefined {
  if (!URL.canParse(url)) return 'bad-url';
  const { protocol, hostname, username, password } = new URL(url);
  // Credentials in an address end up in logs and histories; every request brings its own headers.
  if (username !== '' || password !== '') return 'bad-url';
  if (protocol === 'https:') return undefined;
  if (protocol !== 'http:') return 'bad-url';
  return allowPlainHttp || isLoopback(hostname) ? undefined : 'insecure-url';
}
