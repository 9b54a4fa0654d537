import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from '../../../main/pki/certificate.ts';
import { encodeOcspRequest, judgeOcsp, readOcspResponse } from '../../../main/pki/ocsp.ts';
import { PkiError } from '../../../main/pki/port.ts';
import { type Credential, issueCertificate } from '../../sandbox/pki/certificates.ts';
import { enumerated, sequence } from '../../sandbox/pki/der.ts';
import { createPki, issueSigner, type Pki, type Signer } from '../../sandbox/pki/index.ts';
import { makeOcsp, type OcspSample } from './revocation-samples.ts';

const now = Date.UTC(2026, 5, 1);
const hour = 3_600_000;
let pki: Pki;
let signer: Signer;
let other: Signer;

beforeAll(async () => {
  pki = await createPki({ now });
  signer = await issueSigner(pki, { name: 'a', commonName: 'Anna', keyType: 'p-256' });
  other = await issueSigner(pki, { name: 'b', commonName: 'Boriss', keyType: 'p-256' });
});

const sample = (more: Partial<OcspSample> = {}): OcspSample => ({
  certificate: signer.certificate,
  issuer: pki.issuing,
  responder: pki.ocspResponder,
  thisUpdate: now,
  nextUpdate: now + hour,
  ...more,
});

function judge(
  response: Uint8Array,
  { at = now, clock = now, nonce }: { at?: number; clock?: number; nonce?: Uint8Array } = {},
) {
  const asked = {
    certificate: readCertificate(signer.certificate),
    issuer: readCertificate(pki.issuing.certificate),
    at,
    now: clock,
  };
  return judgeOcsp(readOcspResponse(response), asked, nonce).status;
}

const unknown = (code: string) => ({ kind: 'unknown', code });

async function responderWith(more: { issuer?: Credential; purpose?: boolean; notAfter?: number }): Promise<Credential> {
  return issueCertificate({
    subject: [['CN', 'Another Responder']],
    keyType: 'p-256',
    notBefore: now - 10 * hour,
    notAfter: more.notAfter ?? now + 10 * hour,
    issuer: more.issuer ?? pki.issuing,
    extensions: more.purpose === false ? [] : [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.ocspSigning])],
  });
}

describe('judgeOcsp', () => {
  it('takes a delegated responder by key and by name, and the issuer itself', () => {
    expect(judge(makeOcsp(sample()))).toEqual({ kind: 'good' });
    expect(judge(makeOcsp(sample({ byName: true })))).toEqual({ kind: 'good' });
    expect(judge(makeOcsp(sample({ responder: pki.issuing, certificates: [] })))).toEqual({ kind: 'good' });
  });

  it('gives a revocation its time and reason, and calls what was revoked later good', () => {
    const response = makeOcsp(sample({ status: { at: now - hour, reason: 1 } }));
    expect(judge(response)).toEqual({ kind: 'revoked', at: now - hour, reason: 1 });
    expect(judge(response, { at: now - 2 * hour })).toEqual({ kind: 'good' });
  });

  it('refuses an answer for another certificate, one the responder does not know, and a refusal', () => {
    expect(judge(makeOcsp(sample({ certificate: other.certificate })))).toEqual(unknown('wrong-certificate'));
    expect(judge(makeOcsp(sample({ status: 'unknown' })))).toEqual(unknown('status-unknown'));
    expect(judge(sequence(enumerated(3)))).toEqual(unknown('responder-refused'));
  });

  it('refuses responders the issuer has not named', async () => {
    for (const responder of [
      other,
      await responderWith({ purpose: false }),
      await responderWith({ issuer: pki.otherRoot }),
      await responderWith({ issuer: pki.root }),
    ]) {
      expect(judge(makeOcsp(sample({ responder })))).toEqual(unknown('responder-unauthorised'));
    }
    expect(judge(makeOcsp(sample({ certificates: [] })))).toEqual(unknown('responder-unauthorised'));
  });

  it('refuses a responder whose certificate was over, and a signature that is wrong', async () => {
    const responder = await responderWith({ notAfter: now - hour });
    expect(judge(makeOcsp(sample({ responder })))).toEqual(unknown('responder-expired'));
    const bytes = Buffer.from(makeOcsp(sample({ responder: pki.issuing, certificates: [] })));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(judge(bytes)).toEqual(unknown('bad-signature'));
  });

  it.each<[string, { thisUpdate: number; nextUpdate?: number }, number, string | undefined]>([
    ['made later than the clock says', { thisUpdate: now + hour, nextUpdate: now + 2 * hour }, now, 'not-yet-valid'],
    ['over before the moment asked for', { thisUpdate: now - 3 * hour, nextUpdate: now - hour }, now, 'stale'],
    [
      'over now, but not at the moment asked for',
      { thisUpdate: now - 3 * hour, nextUpdate: now - hour },
      now - 2 * hour,
      undefined,
    ],
    ['made after the moment asked for', { thisUpdate: now - hour, nextUpdate: now }, now - 5 * hour, undefined],
    ['without nextUpdate, a day old', { thisUpdate: now - 25 * hour }, now, 'stale'],
    ['without nextUpdate, an hour old', { thisUpdate: now - hour }, now, undefined],
  ])('judges an answer %s', (_what, { nextUpdate, thisUpdate }, at, code) => {
    const { nextUpdate: _dropped, ...plain } = sample({ thisUpdate });
    const response = makeOcsp({ ...plain, ...(nextUpdate === undefined ? {} : { nextUpdate }) });
    expect(judge(response, { at })).toEqual(code ? unknown(code) : { kind: 'good' });
  });

  it('does not believe "good" made after the certificate ended', () => {
    const later = now + 3 * 365 * 24 * hour;
    const response = makeOcsp(sample({ thisUpdate: later, nextUpdate: later + hour }));
    expect(judge(response, { at: now, clock: later })).toEqual(unknown('after-expiry'));
  });

  it('wants its own nonce back, or none', () => {
    const nonce = Buffer.from('0123456789abcdef');
    expect(judge(makeOcsp(sample({ nonce })), { nonce })).toEqual({ kind: 'good' });
    expect(judge(makeOcsp(sample()), { nonce })).toEqual({ kind: 'good' });
    expect(judge(makeOcsp(sample({ nonce: nonce.subarray(1) })), { nonce })).toEqual(unknown('wrong-nonce'));
  });
});

describe('readOcspResponse', () => {
  it('reads or refuses whatever is mutated, and believes no change', () => {
    const response = makeOcsp(sample({ status: { at: now - hour } }));
    fc.assert(
      fc.property(fc.nat(response.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const mutant = Buffer.from(response);
        mutant[at] = (mutant[at] ?? 0) ^ bits;
        try {
          expect(judge(mutant)).not.toEqual({ kind: 'good' });
        } catch (error) {
          if (!(error instanceof PkiError)) throw error;
          expect(error.code).toBe('bad-response');
        }
      }),
      { seed: 6960, numRuns: 300 },
    );
  });
});

describe('encodeOcspRequest', () => {
  it('is longer by its nonce', () => {
    const [certificate, issuer] = [readCertificate(signer.certificate), readCertificate(pki.issuing.certificate)];
    const plain = encodeOcspRequest(certificate, issuer);
    const nonce = Buffer.alloc(16, 7);
    const withNonce = Buffer.from(encodeOcspRequest(certificate, issuer, nonce));
    expect(withNonce.length).toBeGreaterThan(plain.length);
    expect(withNonce.includes(nonce)).toBe(true);
  });
});
