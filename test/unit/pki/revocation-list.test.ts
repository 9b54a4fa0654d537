import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from '../../../main/pki/certificate.ts';
import { PkiError } from '../../../main/pki/port.ts';
import { judgeRevocationList, readRevocationList } from '../../../main/pki/revocation-list.ts';
import { explicit, integer, sequence, tlv } from '../../sandbox/pki/der.ts';
import { createPki, issueSigner, type Pki, type Signer } from '../../sandbox/pki/index.ts';
import { extension, type ListSample, makeList } from './revocation-samples.ts';

const now = Date.UTC(2026, 5, 1);
const hour = 3_600_000;
const yes = Uint8Array.of(0xff);
const url = 'http://lists.example/issuing.crl';
let pki: Pki;
let signer: Signer;

beforeAll(async () => {
  pki = await createPki({ now, urls: { ocsp: 'http://ocsp.example', crl: url, caIssuers: 'http://ca.example' } });
  signer = await issueSigner(pki, { name: 'a', commonName: 'Anna', keyType: 'p-256' });
});

const list = (more: Partial<ListSample> = {}) =>
  makeList({ issuer: pki.issuing, thisUpdate: now, nextUpdate: now + hour, number: 10, ...more });
const revoked = (reason?: number) => [
  { serial: '0102', at: now - 5 * hour },
  { serial: signer.serialNumber, at: now - hour, ...(reason === undefined ? {} : { reason }) },
];

function judge(base: Uint8Array, { at = now, delta }: { at?: number; delta?: Uint8Array } = {}) {
  const [certificate, issuer] = [readCertificate(signer.certificate), readCertificate(pki.issuing.certificate)];
  const asked = { certificate, issuer, at, now };
  return judgeRevocationList(readRevocationList(base), asked, delta && readRevocationList(delta)).status;
}
const unknown = (code: string) => ({ kind: 'unknown', code });
const good = { kind: 'good' };

/** IssuingDistributionPoint, critical. */
const point = (...fields: Uint8Array[]) => [extension('2.5.29.28', sequence(...fields), true)];
const named = (text: string) => explicit(0, explicit(0, tlv(0x86, Buffer.from(text))));

describe('judgeRevocationList', () => {
  it('finds the certificate on the list, or does not', () => {
    expect(judge(list())).toEqual(good);
    expect(judge(list({ entries: [{ serial: '0102', at: now }] }))).toEqual(good);
    expect(judge(list({ entries: revoked(4) }))).toEqual({ kind: 'revoked', at: now - hour, reason: 4 });
    expect(judge(list({ entries: revoked() }), { at: now - 2 * hour })).toEqual(good);
  });

  it.each<[string, () => Uint8Array, string]>([
    ['of another issuer', () => list({ issuer: pki.root }), 'wrong-issuer'],
    ['signed by another key', () => list({ signer: pki.ocspResponder }), 'bad-signature'],
    ['that is over', () => list({ thisUpdate: now - 5 * hour, nextUpdate: now - hour }), 'stale'],
    ['of the future', () => list({ thisUpdate: now + hour, nextUpdate: now + 2 * hour }), 'not-yet-valid'],
    ['that is indirect', () => list({ extensions: point(tlv(0x84, yes)) }), 'indirect-list'],
    ['for some reasons only', () => list({ extensions: point(tlv(0x83, Uint8Array.of(1, 2))) }), 'partial-list'],
    ['for authorities only', () => list({ extensions: point(tlv(0x82, yes)) }), 'partial-list'],
    ['for attribute certificates only', () => list({ extensions: point(tlv(0x85, yes)) }), 'partial-list'],
    [
      'of another distribution point',
      () => list({ extensions: point(named('http://elsewhere.example')) }),
      'partial-list',
    ],
    [
      'with a critical extension nobody knows',
      () => list({ extensions: [extension('1.2.3', integer(1), true)] }),
      'unknown-critical',
    ],
    [
      'whose entry speaks for another issuer',
      () =>
        list({
          entries: [{ serial: signer.serialNumber, at: now, extensions: [extension('2.5.29.29', sequence(), true)] }],
        }),
      'indirect-list',
    ],
    ['that is a delta and stands alone', () => list({ baseNumber: 9 }), 'delta-mismatch'],
  ])('refuses a list %s', (_what, make, code) => {
    expect(judge(make())).toEqual(unknown(code));
  });

  it('takes a list for users only, and one of its own distribution point', () => {
    expect(judge(list({ extensions: point(tlv(0x81, yes)) }))).toEqual(good);
    expect(judge(list({ extensions: point(named(url)) }))).toEqual(good);
  });

  it('brings a list up to date by its delta', () => {
    const base = list({ thisUpdate: now - 48 * hour, nextUpdate: now - 24 * hour });
    expect(judge(base)).toEqual(unknown('stale'));
    expect(judge(base, { delta: list({ number: 12, baseNumber: 10 }) })).toEqual(good);
    const entries = revoked(1);
    expect(judge(base, { delta: list({ number: 12, baseNumber: 10, entries }) })).toMatchObject({ kind: 'revoked' });
    const held = list({ thisUpdate: now - 48 * hour, entries: revoked(6) });
    expect(judge(held, { delta: list({ number: 12, baseNumber: 10, entries: revoked(8) }) })).toEqual(good);
  });

  it.each([
    ['to a later list', 11, 12],
    ['older than the list', 5, 9],
  ])('refuses a delta %s', (_what, baseNumber, number) => {
    expect(judge(list(), { delta: list({ number, baseNumber }) })).toEqual(unknown('delta-mismatch'));
  });

  it('does not believe absence on a list made after the certificate ended', () => {
    const later = now + 3 * 365 * 24 * hour;
    const base = readRevocationList(list({ thisUpdate: later, nextUpdate: later + hour }));
    const [certificate, issuer] = [readCertificate(signer.certificate), readCertificate(pki.issuing.certificate)];
    expect(judgeRevocationList(base, { certificate, issuer, at: now, now: later }).status).toEqual(
      unknown('after-expiry'),
    );
  });

  it('reads or refuses whatever is mutated, and believes no change', () => {
    const bytes = list({ entries: revoked(1) });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const mutant = Buffer.from(bytes);
        mutant[at] = (mutant[at] ?? 0) ^ bits;
        try {
          expect(judge(mutant)).not.toEqual(good);
        } catch (error) {
          if (!(error instanceof PkiError)) throw error;
          expect(error.code).toBe('bad-response');
        }
      }),
      { seed: 5280, numRuns: 300 },
    );
  });
});
