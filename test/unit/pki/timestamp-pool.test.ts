import { describe, expect, it } from 'vitest';
import { createTimestampPool } from '../../../main/pki/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import { HttpError, type HttpErrorCode, type HttpPort } from '../../../main/platform/http.ts';

/** Fails at each address by what `failures` has for it. */
function poolOf(urls: () => readonly string[], failures: Record<string, HttpErrorCode> = {}) {
  const asked: string[] = [];
  const http: HttpPort = {
    async request({ url }) {
      asked.push(url);
      throw new HttpError(failures[url] ?? 'offline', false);
    },
    stream: () => Promise.reject(new Error('not asked for')),
    close: async () => undefined,
  };
  return { asked, pool: createTimestampPool({ urls, http, clock: systemClock, timeoutMs: 1000 }) };
}
const message = Buffer.from('message');

describe('createTimestampPool', () => {
  it('says so where there is no authority', async () => {
    const { pool } = poolOf(() => []);
    expect(await pool.timestamp(message)).toEqual({ kind: 'unavailable', code: 'no-authority' });
  });

  it('asks each in order and gives the last failure', async () => {
    const { pool, asked } = poolOf(() => ['http://a', 'http://b'], { 'http://a': 'timeout', 'http://b': 'too-large' });
    expect(await pool.timestamp(message)).toEqual({ kind: 'unavailable', code: 'bad-response' });
    expect(asked).toEqual(['http://a', 'http://b']);
  });

  it('follows the addresses as they change', async () => {
    let urls = ['http://a'];
    const { pool, asked } = poolOf(() => urls);
    await pool.timestamp(message);
    urls = ['http://c'];
    await pool.timestamp(message);
    expect(asked).toEqual(['http://a', 'http://c']);
  });
});
