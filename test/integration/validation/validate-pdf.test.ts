import { beforeAll, describe, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pdf/source.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { createPki, issueSigner, issueStandardSigners, type Pki } from '../../sandbox/pki/index.ts';
import { appendUpdate, plainPdf, type SignOptions, signPdf, stamp, timestampPdf } from './signed-pdfs.ts';

let pki: Pki;
let signers: Awaited<ReturnType<typeof issueStandardSigners>>;
const day = 86_400_000;
const seconds = (ms: number) => Math.floor(ms / 1000) * 1000;

beforeAll(async () => {
  pki = await createPki({ now: Date.now() });
  signers = await issueStandardSigners(pki);
});

const reportOn = (file: Uint8Array, more: { anchors?: Uint8Array[]; at?: number } = {}) =>
  validatePdf(bufferSource(file), { anchors: [pki.root.certificate], at: pki.now, ...more });
const onlyReportOn = async (...given: Parameters<typeof reportOn>) => {
  const { signatures } = await reportOn(...given);
  expect(signatures).toHaveLength(1);
  return signatures[0];
};
const stampedAt = (at: number, authority = pki.timestamp): SignOptions => ({
  timestamp: (signature) => stamp(pki, authority, signature, at),
});

describe('validatePdf', () => {
  it('has no signatures to report in a plain file, and does not call it valid', async () => {
    const file = plainPdf();
    expect(await reportOn(file)).toEqual({ valid: false, sizeBytes: file.length, signatures: [] });
  });

  it.each(['rsa', 'ec'] as const)('finds nothing wrong with a signature by %s', async (name) => {
    const report = await reportOn(await signPdf(plainPdf(), pki, signers[name]));
    expect(report.valid).toBe(true);
    expect(report.signatures).toEqual([
      {
        fieldName: 'Signature1',
        kind: 'signature',
        signerCommonName: `Sandbox ${name}`,
        signerSubject: `CN=Sandbox ${name},C=LV`,
        integrity: 'intact',
        cms: 'valid',
        chain: 'trusted',
        timestamp: 'none',
        claimedAt: seconds(pki.now),
        level: 'B-B',
        covers: 'whole-file',
        revocation: 'unknown',
        revocationCode: 'no-source',
        laterChanges: [],
        problems: [],
      },
    ]);
  });

  it('tells level B-T and its time', async () => {
    const at = seconds(pki.now) - 5000;
    const one = await onlyReportOn(await signPdf(plainPdf(), pki, signers.rsa, stampedAt(at)));
    expect(one).toMatchObject({ level: 'B-T', timestamp: 'valid', timestampAt: at, problems: [] });
  });

  it('judges the chain at the time a trusted timestamp proves, and only then', async () => {
    const bare = await signPdf(plainPdf(), pki, signers.expired);
    expect(await onlyReportOn(bare)).toMatchObject({ chain: 'expired', cms: 'valid', integrity: 'intact' });
    const inTime = stampedAt(pki.now - 60 * day);
    const stamped = await signPdf(plainPdf(), pki, signers.expired, inTime);
    expect(await onlyReportOn(stamped)).toMatchObject({ chain: 'trusted', timestamp: 'valid' });
    const anchors = [pki.otherRoot.certificate];
    expect(await onlyReportOn(stamped, { anchors })).toMatchObject({ timestamp: 'untrusted' });
    const stranger = await issueSigner(pki, {
      name: 'late',
      commonName: 'late',
      keyType: 'p-256',
      notAfter: pki.now - day,
    });
    const forged = await signPdf(plainPdf(), pki, stranger, stampedAt(pki.now - 2 * 3600_000, pki.ocspResponder));
    expect(await onlyReportOn(forged)).toMatchObject({ chain: 'expired', timestamp: 'invalid' });
  });

  it.each<[string, () => Promise<Buffer>, object]>([
    ['an unrelated root', () => signPdf(plainPdf(), pki, signers.untrusted), { chain: 'incomplete' }],
    ['a missing issuer', () => signPdf(plainPdf(), pki, signers.rsa, { chain: [] }), { chain: 'incomplete' }],
    [
      'a root that comes along',
      () => signPdf(plainPdf(), pki, signers.untrusted, { chain: [pki.otherRoot.certificate] }),
      { chain: 'untrusted' },
    ],
  ])('trusts no chain to %s', async (_, make, expected) => {
    const report = await reportOn(await make());
    expect(report.valid).toBe(true);
    expect(report.signatures[0]).toMatchObject({ ...expected, cms: 'valid', problems: [] });
  });

  it('says so where there are no anchors', async () => {
    const file = await signPdf(plainPdf(), pki, signers.rsa, stampedAt(pki.now));
    const one = await onlyReportOn(file, { anchors: [] });
    expect(one).toMatchObject({ chain: 'no-anchors', timestamp: 'untrusted', level: 'B-T' });
  });

  it('names a certificate that may not sign', async () => {
    const name = 'encryption';
    const signer = await issueSigner(pki, { name, commonName: name, keyType: 'p-256', keyUsage: 'encryption-only' });
    const one = await onlyReportOn(await signPdf(plainPdf(), pki, signer));
    expect(one).toMatchObject({ chain: 'untrusted', problems: ['key-usage'] });
  });

  it.each<[string, () => SignOptions, string]>([
    ['by a key that is for something else', () => stampedAt(pki.now, pki.ocspResponder), 'not-a-timestamp-certificate'],
    [
      'over another signature',
      () => ({ timestamp: () => stamp(pki, pki.timestamp, Buffer.from('other'), pki.now) }),
      'wrong-imprint',
    ],
  ])('keeps level B-B where the timestamp is %s', async (_, options, problem) => {
    const report = await reportOn(await signPdf(plainPdf(), pki, signers.rsa, options()));
    expect(report.valid).toBe(true);
    expect(report.signatures[0]).toMatchObject({ timestamp: 'invalid', level: 'B-B' });
    expect(report.signatures[0]?.problems).toContain(`timestamp-${problem}`);
    expect(report.signatures[0]).not.toHaveProperty('timestampAt');
  });

  it('reports every signature of a file signed by several, and what came after', async () => {
    let file: Buffer = plainPdf();
    for (let i = 0; i < 5; i++) file = await signPdf(file, pki, i % 2 ? signers.rsa : signers.ec);
    const report = await reportOn(file);
    expect(report.valid).toBe(true);
    expect(report.signatures.map(({ covers }) => covers)).toEqual([...Array(4).fill('own-revision'), 'whole-file']);
    const updated = await reportOn(appendUpdate(file));
    expect(updated.valid).toBe(true);
    expect(updated.signatures.map(({ covers }) => covers)).toEqual(Array(5).fill('own-revision'));
  });

  it('keeps both where a second signature was made on an unsigned update', async () => {
    const first = await signPdf(plainPdf(), pki, signers.rsa);
    const report = await reportOn(await signPdf(appendUpdate(first), pki, signers.ec));
    expect(report.valid).toBe(true);
    expect(report.signatures.map(({ covers }) => covers)).toEqual(['own-revision', 'whole-file']);
  });

  it('reports a document timestamp', async () => {
    const at = seconds(pki.now) - 1000;
    const signed = await signPdf(plainPdf(), pki, signers.rsa);
    const { valid, signatures } = await reportOn(await timestampPdf(signed, pki, { at }));
    expect(valid).toBe(true);
    expect(signatures[0]).toMatchObject({ kind: 'signature', integrity: 'intact', covers: 'own-revision' });
    expect(signatures[1]).toMatchObject({
      kind: 'document-timestamp',
      signerCommonName: 'Sandbox Timestamp Authority',
      integrity: 'intact',
      cms: 'valid',
      chain: 'trusted',
      timestamp: 'valid',
      timestampAt: at,
      level: 'none',
      covers: 'whole-file',
      problems: [],
    });
  });

  it.each<[string, () => Parameters<typeof timestampPdf>[2], object]>([
    ['of other bytes', () => ({ stamped: () => Buffer.from('other') }), { integrity: 'altered', cms: 'valid' }],
    ['by another key', () => ({ authority: pki.ocspResponder }), { integrity: 'intact', cms: 'invalid' }],
  ])('refuses a document timestamp %s', async (_, options, expected) => {
    const report = await reportOn(await timestampPdf(plainPdf(), pki, options()));
    expect(report.valid).toBe(false);
    expect(report.signatures[0]).toMatchObject({ ...expected, timestamp: 'invalid' });
  });

  it('reads each byte of a large file once, besides its structure', async () => {
    let file: Buffer = plainPdf(3_000_000);
    for (let i = 0; i < 3; i++) file = await signPdf(file, pki, signers.ec);
    const source = bufferSource(file);
    let bytesRead = 0;
    let largest = 0;
    const counted = {
      size: source.size,
      read(offset: number, length: number) {
        bytesRead += length;
        largest = Math.max(largest, length);
        return source.read(offset, length);
      },
    };
    expect((await validatePdf(counted, { anchors: [], at: pki.now })).valid).toBe(true);
    expect(bytesRead).toBeLessThan(file.length + 300_000);
    expect(largest).toBeLessThanOrEqual(512 * 1024);
  });
});
