import { describe, expect, it } from 'vitest';
import { urlProblem } from '../../../main/platform/secure-url.ts';

describe('which addresses may be spoken to', () => {
  it.each([
    ['https://web.sandbox.signingtoday.com/api', undefined],
    ['http://127.0.0.1:8080/api', undefined],
    ['http://127.8.9.10/api', undefined],
    ['http://localhost:1/', undefined],
    ['http://LOCALHOST./', undefined],
    ['http://[::1]:8080/', undefined],
    // WHATWG URL writes these as 127.0.0.1.
    ['http://0x7f.1/', undefined],
    ['http://2130706433/', undefined],
    ['http://10.0.0.1/', 'insecure-url'],
    ['http://0.0.0.0/', 'insecure-url'],
    ['http://localhost.example.com/', 'insecure-url'],
    ['http://127.0.0.1.example.com/', 'insecure-url'],
    ['http://[::ffff:10.0.0.1]/', 'insecure-url'],
    ['http://example.com/', 'insecure-url'],
    ['ftp://127.0.0.1/', 'bad-url'],
    ['file:///etc/passwd', 'bad-url'],
    ['https://user:secret@example.com/', 'bad-url'],
    ['http://user@localhost/', 'bad-url'],
    ['not an address', 'bad-url'],
    ['', 'bad-url'],
  ] as const)('%s -> %s', (url, problem) => {
    expect(urlProblem(url, false)).toBe(problem);
  });

  it('lets plain http through only for callers that ask for it, and nothing else', () => {
    expect(urlProblem('http://tsa.example.com/', true)).toBeUndefined();
    expect(urlProblem('ftp://tsa.example.com/', true)).toBe('bad-url');
  });
});
