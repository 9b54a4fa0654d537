import { beforeAll, describe, expect, it } from 'vitest';
import { type AuthoritySettings, createTimestampPool, readTimestampToken } from '../../../main/pki/index.ts';
import { createPki, type Pki } from '../../sandbox/pki/index.ts';
import { grant, parseTimestampQuery } from '../../sandbox/pki/timestamp-response.ts';
import { type Answering, tableHttp, turnedClock } from './network-doubles.ts';

const start = Date.UTC(2026, 5, 1);
const message = Buffer.from('message');
let pki: Pki;
beforeAll(async () => {
  pki = await createPki({ now: start });
});

const granting: Answering = ({ body }) => {
  const query = parseTimestampQuery(body as Uint8Array);
  if (typeof query === 'string') throw new Error(query);
  return { body: grant({ query, authority: pki.timestamp, chain: [pki.issuing.certificate], at: start }) };
};

function setUp(authorities: readonly AuthoritySettings[], answer: Answering = granting, rounds = 1) {
  const [clock, http] = [turnedClock(start), tableHttp(answer)];
  const random = () => 0.5;
  return {
    clock,
    asked: () => http.requests.map(({ url }) => url),
    http,
    pool: createTimestampPool({ urls: () => authorities, http, clock, timeoutMs: 1000, rounds, random }),
  };
}

describe('a pool with budgets', () => {
  const [a, b] = ['https://a.example', 'https://b.example'];

  it('spends no more than an authority allows, goes on with the next, and says when it may be asked again', async () => {
    const budget = { requests: 2, windowMs: 60_000 };
    const { pool, asked, clock } = setUp([
      { url: a, budget },
      { url: b, budget: { requests: 1, windowMs: 30_000 } },
    ]);
    for (let i = 0; i < 3; i++) expect((await pool.timestamp(message)).kind).toBe('granted');
    expect(asked()).toEqual([a, a, b]);
    clock.turn(10_000);
    expect(await pool.timestamp(message)).toEqual({ kind: 'unavailable', code: 'over-budget', retryAfterMs: 20_000 });
    clock.turn(20_000);
    expect((await pool.timestamp(message)).kind).toBe('granted');
    expect(asked().at(-1)).toBe(b);
  });

  it('leaves an authority alone for as long as it asks', async () => {
    const { pool, asked, clock } = setUp([{ url: a }], () => ({ status: 429, headers: { 'retry-after': '60' } }));
    expect(await pool.timestamp(message)).toMatchObject({ code: 'http-status', retryAfterMs: 60_000 });
    expect(await pool.timestamp(message)).toMatchObject({ code: 'over-budget', retryAfterMs: 60_000 });
    clock.turn(60_000);
    await pool.timestamp(message);
    expect(asked()).toEqual([a, a]);
  });

  it('goes round again after a varied and growing pause', async () => {
    let failures = 3;
    const { pool, asked, clock } = setUp(
      [{ url: a }, { url: b }],
      (request) => (failures-- > 0 ? { status: 503 } : granting(request)),
      3,
    );
    expect((await pool.timestamp(message)).kind).toBe('granted');
    expect(asked()).toEqual([a, b, a, b]);
    expect(clock.delays).toEqual([1000]);
  });

  it('does not ask again who answered wrongly', async () => {
    const { pool, asked } = setUp([{ url: a }], () => ({ body: Buffer.from('<html>') }), 3);
    expect(await pool.timestamp(message)).toEqual({ kind: 'unavailable', code: 'bad-response' });
    expect(asked()).toEqual([a]);
  });

  it('sends name and password, over https alone', async () => {
    const basicAuth = { user: 'anna', password: 'p:ā' };
    const { pool, http } = setUp([
      { url: 'http://plain.example', basicAuth },
      { url: a, basicAuth },
    ]);
    expect((await pool.timestamp(message)).kind).toBe('granted');
    expect(http.requests.map(({ url }) => url)).toEqual([a]);
    const sent = http.requests[0]?.headers?.authorization ?? '';
    expect(Buffer.from(sent.replace('Basic ', ''), 'base64').toString()).toBe('anna:p:ā');
  });

  it('refuses a token under another policy than asked for', async () => {
    const wrong: Answering = (request) => granting({ ...request, body: withoutPolicy(request.body as Uint8Array) });
    const { pool } = setUp([{ url: a, policy: '1.3.6.1.4.1.32473.9' }], wrong);
    expect(await pool.timestamp(message)).toEqual({ kind: 'unavailable', code: 'wrong-policy' });
    const { pool: right } = setUp([{ url: a, policy: '1.3.6.1.4.1.32473.3161.1' }]);
    expect((await right.timestamp(message)).kind).toBe('granted');
  });

  it('stamps a digest as it is', async () => {
    const { pool } = setUp([{ url: a }]);
    const sha256 = Buffer.alloc(32, 9);
    const outcome = await pool.timestamp({ sha256 });
    if (outcome.kind !== 'granted') throw new Error(outcome.code);
    expect(Buffer.from(readTimestampToken(outcome.token).imprint).equals(sha256)).toBe(true);
  });
});

/** The request with its policy left out: an authority that does as it likes. */
function withoutPolicy(body: Uint8Array): Uint8Array {
  const bytes = Buffer.from(body);
  // OBJECT IDENTIFIER under 1.3.6.1.4.1.
  const at = bytes.indexOf(Buffer.from('2b06010401', 'hex')) - 2;
  const length = 2 + (bytes[at + 1] ?? 0);
  const cut = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  cut[1] = (cut[1] ?? 0) - length;
  return cut;
}
