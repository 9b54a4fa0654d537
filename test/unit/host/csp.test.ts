import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, newStyleNonce } from '../../../main/host/csp.ts';

const directives = (policy: string) =>
  new Map(policy.split('; ').map((each) => [each.split(' ')[0], each.split(' ').slice(1)]));

describe('the content security policy', () => {
  const policy = directives(contentSecurityPolicy('bm9uY2U='));

  it('allows nothing that it does not name', () => {
    expect(policy.get('default-src')).toEqual(["'none'"]);
    for (const name of ['base-uri', 'form-action', 'frame-ancestors']) expect(policy.get(name)).toEqual(["'none'"]);
  });

  it('names no host, no scheme of a network, no inline and no eval', () => {
    const sources = [...policy.values()].flat();
    const known = ["'none'", "'self'", "'wasm-unsafe-eval'", "'nonce-bm9uY2U='", 'data:', 'blob:'];
    expect(sources.filter((source) => !known.includes(source))).toEqual([]);
    expect(policy.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(policy.get('style-src')).toEqual(["'self'", "'nonce-bm9uY2U='"]);
  });

  it.each(['', "x' 'unsafe-inline", 'a b', 'a;b', 'ä'])('refuses %j as a nonce', (nonce) => {
    expect(() => contentSecurityPolicy(nonce)).toThrow(RangeError);
  });

  it('has a new nonce for every load', () => {
    const nonces = new Set(Array.from({ length: 50 }, newStyleNonce));
    expect(nonces.size).toBe(50);
    for (const nonce of nonces) expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
  });
});
