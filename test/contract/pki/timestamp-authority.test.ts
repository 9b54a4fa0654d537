/** The timestamp client against an authority over real HTTP, well and in every way it can misbehave. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTimestampAuthority, verifyChain, verifyTimestampToken } from '../../../main/pki/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import type { HttpPort } from '../../../main/platform/http.ts';
import { createHttp } from '../../../main/platform/undici-http.ts';
import {
  createPki,
  type Pki,
  type SandboxTimestampAuthority,
  startTimestampAuthority,
  type TimestampFault,
} from '../../sandbox/pki/index.ts';

const message = Buffer.from('a signature value');
let pki: Pki;
let server: SandboxTimestampAuthority;
let http: HttpPort;

beforeAll(async () => {
  pki = await createPki({ now: Date.now() });
  server = await startTimestampAuthority(pki, { clock: systemClock });
  http = createHttp();
});
afterAll(async () => {
  await http.close();
  await server.stop();
});

const authority = (url = server.url, timeoutMs = 20_000) =>
  createTimestampAuthority({ url, http, clock: systemClock, timeoutMs });

describe('a timestamp authority', () => {
  it('gives a token that verifies, by a chain that leads to the root', async () => {
    server.misbehave(undefined);
    const outcome = await authority().timestamp(message);
    if (outcome.kind !== 'granted') throw new Error(outcome.code);
    const verdict = verifyTimestampToken(outcome.token, message);
    expect(verdict).toMatchObject({ valid: true, at: outcome.at });
    const certificate = verdict.certificate ?? new Uint8Array();
    const anchors = [pki.root.certificate];
    expect(verifyChain(certificate, verdict.certificates, anchors, outcome.at, 'timestamping')).toBe('trusted');
  });

  it('answers many requests at once', async () => {
    server.misbehave(undefined);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => authority().timestamp(Buffer.from(`message ${i}`))),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(20).fill('granted'));
  });

  it.each<[TimestampFault, object]>([
    ['wrong-imprint', { code: 'wrong-imprint' }],
    ['wrong-nonce', { code: 'wrong-nonce' }],
    ['no-nonce', { code: 'wrong-nonce' }],
    ['wrong-signer', { code: 'bad-signature' }],
    ['bad-signature', { code: 'bad-signature' }],
    ['html', { code: 'bad-response' }],
    ['http-503', { code: 'http-status', retryAfterMs: 30_000 }],
    ['rejection', { code: 'rejected' }],
    ['garbage', { code: 'bad-response' }],
    ['cut-short', { code: 'bad-response' }],
  ])('that misbehaves by %s is not believed, and is believed again when mended', async (fault, expected) => {
    server.misbehave(fault);
    expect(await authority().timestamp(message)).toEqual({ kind: 'unavailable', ...expected });
    server.misbehave(undefined);
    expect((await authority().timestamp(message)).kind).toBe('granted');
  });

  it('that never answers is given up in time, or by the signal at once', async () => {
    server.misbehave('hang');
    expect(await authority(server.url, 50).timestamp(message)).toEqual({ kind: 'unavailable', code: 'timeout' });
    const reason = new Error('no more');
    const controller = new AbortController();
    const asked = server.requestCount();
    const pending = authority().timestamp(message, controller.signal);
    while (server.requestCount() === asked) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    server.misbehave(undefined);
  });

  it('that is down is offline', async () => {
    const gone = await startTimestampAuthority(pki, { clock: systemClock });
    await gone.stop();
    expect(await authority(gone.url).timestamp(message)).toEqual({ kind: 'unavailable', code: 'offline' });
  });
});
