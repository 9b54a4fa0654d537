import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bufferSource, listSignatures, readValidationData } from '../../../main/pades/index.ts';
import { RaiseError } from '../../../main/signing/raising.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { issueSigner, revoke } from '../../sandbox/pki/index.ts';
import { pageObjects, sampleKinds, writePdf } from '../../unit/pdf/sample-pdfs.ts';
import { type Judges, openJudges } from './judges.ts';
import { type LevelsBench, openLevelsBench } from './levels-setup.ts';

let bench: LevelsBench;
let judges: Judges;
beforeAll(async () => {
  bench = await openLevelsBench();
  judges = await openJudges(bench.pki.root.certificate);
});
afterEach(() => {
  bench.server.setState('up');
  bench.authority.misbehave(undefined);
});
afterAll(async () => {
  await judges.close();
  await bench.close();
});

const plain = () => writePdf({ objects: pageObjects() });
const report = (file: Uint8Array, at = Date.now()) =>
  validatePdf(bufferSource(file), { anchors: [bench.pki.root.certificate], at });

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error instanceof RaiseError ? error.code : String(error)),
  );
}

describe('raising a level', () => {
  it.each(Object.entries(sampleKinds).filter(([kind]) => kind !== 'bytes before the header'))(
    'takes a file of kind %s from B-T to B-LT and B-LTA, and renews it, by increments alone',
    async (_kind, make) => {
      const files = [await bench.sign(make())];
      for (const level of ['B-LT', 'B-LTA', 'B-LTA'] as const) {
        files.push(await bench.raise(files.at(-1) ?? Buffer.alloc(0), level));
      }
      const expected = [
        ['B-T', 1],
        ['B-LT', 1],
        ['B-LTA', 2],
        ['B-LTA', 3],
      ] as const;
      for (const [index, file] of files.entries()) {
        const before = files[index - 1];
        if (before) expect(file.subarray(0, before.length).equals(before)).toBe(true);
        const { valid, signatures } = await report(file);
        const [level, count] = expected[index] ?? [];
        expect([valid, signatures[0]?.level, signatures.length]).toEqual([true, level, count]);
        expect(signatures.flatMap(({ problems }) => problems)).toEqual([]);
        expect(await judges.qpdfAccepts(file)).toBe(true);
        const verdicts = await judges.pdfsig(file);
        expect(verdicts.filter(({ valid: ok }) => ok).length).toBeGreaterThanOrEqual(1);
      }
      const [first] = (await report(files[3] ?? Buffer.alloc(0))).signatures;
      expect(first?.revocation).toBe('good');
      expect([...(first?.laterChanges ?? [])].sort()).toEqual(['document-timestamp', 'validation-data']);
    },
  );

  it('gives a signature without a timestamp one over the document', async () => {
    const signed = await bench.sign(plain(), { stamped: false });
    expect((await report(signed)).signatures[0]).toMatchObject({ level: 'B-B' });
    const stamped = await bench.raise(signed, 'B-T');
    expect((await report(stamped)).signatures.map(({ kind, level }) => [kind, level])).toEqual([
      ['signature', 'B-T'],
      ['document-timestamp', 'none'],
    ]);
    const long = await bench.raise(signed, 'B-LT');
    expect((await report(long)).signatures[0]).toMatchObject({ level: 'B-LT', revocation: 'good' });
  });

  it('is judged without a network, long after every answer is over', async () => {
    const file = await bench.raise(await bench.raise(await bench.sign(plain()), 'B-LT'), 'B-LTA');
    bench.server.setState('down');
    const later = Date.now() + 365 * 24 * 3_600_000;
    const { signatures } = await report(file, later);
    expect(signatures[0]).toMatchObject({ level: 'B-LTA', chain: 'trusted', revocation: 'good' });
    const tenYears = Date.now() + 11 * 365 * 24 * 3_600_000;
    const [signature, stamp] = (await report(file, tenYears)).signatures;
    expect(signature).toMatchObject({ level: 'B-LTA', chain: 'trusted', problems: [] });
    expect(stamp?.problems).toEqual(['timestamp-not-renewed']);
  });

  it('keeps the data once, whatever is raised again', async () => {
    const once = await bench.raise(await bench.sign(plain()), 'B-LT');
    expect((await bench.raise(once, 'B-LT')).length).toBe(once.length);
    const store = await readValidationData(bufferSource(once));
    expect([store.certificates.length, store.ocsps.length, store.lists.length]).toEqual([5, 2, 1]);
  });

  it('lists what belongs to a signature where it is asked to, by the digest of its contents', async () => {
    const file = await bench.raise(await bench.sign(plain()), 'B-LT', { related: true });
    expect(file.toString('latin1')).toMatch(/\/VRI << \/[0-9A-F]{40} <<[^>]*\/Cert \[/);
    expect(await judges.qpdfAccepts(file)).toBe(true);
    expect((await report(file)).signatures[0]).toMatchObject({ level: 'B-LT' });
  });

  it('adds data and a timestamp to a document certified against all changes', async () => {
    const certified = await bench.sign(plain(), { certify: 1 });
    const file = await bench.raise(certified, 'B-LTA');
    const { valid, signatures } = await report(file);
    expect(valid).toBe(true);
    expect(signatures[0]).toMatchObject({ level: 'B-LTA', problems: [] });
    const verdicts = await judges.pdfsig(file);
    expect(verdicts[0]).toMatchObject({ valid: true });
  });

  it('asks again with room for a token that is larger than expected, as a document timestamp', async () => {
    const signed = await bench.sign(plain(), { stamped: false });
    const grown = async (stamped: Parameters<typeof bench.tools.timestamp>[0]) => {
      const outcome = await bench.tools.timestamp(stamped);
      if (outcome.kind === 'unavailable') return outcome;
      calls += 1;
      // Padding behind the token: what counts is its size.
      return { ...outcome, token: Buffer.concat([outcome.token, Buffer.alloc(calls === 1 ? 20_000 : 0)]) };
    };
    let calls = 0;
    const file = await bench.raise(signed, 'B-T', { timestamp: grown });
    expect(calls).toBe(2);
    expect((await report(file)).signatures[0]).toMatchObject({ level: 'B-T' });
  });

  it('refuses by code, and says whose data is missing', async () => {
    expect(await codeOf(bench.raise(plain(), 'B-LT'))).toBe('no-signature');
    const signed = await bench.sign(plain());
    bench.authority.misbehave('html');
    expect(await codeOf(bench.raise(signed, 'B-LTA'))).toBe('timestamp-bad-response');
    const stranger = await bench.sign(plain(), {
      signer: await issueSigner(bench.pki, {
        name: `u${Date.now()}`,
        commonName: 'U',
        keyType: 'p-256',
        untrusted: true,
      }),
      stamped: false,
    });
    bench.authority.misbehave(undefined);
    expect(await codeOf(bench.raise(stranger, 'B-LT'))).toBe('validation-data-incomplete');
  });

  it('refuses to keep data that says the signer was revoked, and reports such a signer', async () => {
    const signer = await issueSigner(bench.pki, { name: 'gone', commonName: 'Gone', keyType: 'p-256' });
    await revoke(bench.pki, signer, { at: Date.now() - 60_000, reason: 'key-compromise' });
    const signed = await bench.sign(plain(), { signer });
    expect(await codeOf(bench.raise(signed, 'B-LT'))).toBe('certificate-revoked');
    const { collector } = bench.tools;
    const options = { anchors: [bench.pki.root.certificate], at: Date.now(), collector };
    const { valid, signatures } = await validatePdf(bufferSource(signed), options);
    expect([valid, signatures[0]?.revocation, signatures[0]?.problems]).toEqual([
      false,
      'revoked',
      ['certificate-revoked'],
    ]);
  });

  it('calls a signer good who was revoked after the time proven', async () => {
    const signer = await issueSigner(bench.pki, { name: 'later', commonName: 'Later', keyType: 'p-256' });
    const signed = await bench.sign(plain(), { signer });
    await revoke(bench.pki, signer, { at: Date.now() + 2000, reason: 'superseded' });
    const file = await bench.raise(signed, 'B-LT', { collector: bench.tools.collector });
    expect((await report(file, Date.now() + 3_600_000)).signatures[0]).toMatchObject({
      revocation: 'good',
      level: 'B-LT',
    });
  });

  it('holds five signers, each raised with the rest', async () => {
    let file: Buffer = plain();
    for (let i = 0; i < 5; i++) file = await bench.sign(file, { stamped: i % 2 === 0 });
    file = await bench.raise(file, 'B-LTA');
    const { valid, signatures } = await report(file);
    expect(valid).toBe(true);
    const levels = signatures.filter(({ kind }) => kind === 'signature').map(({ level }) => level);
    expect(levels).toEqual(['B-LTA', 'B-LTA', 'B-LTA', 'B-LTA', 'B-LTA']);
    expect((await listSignatures(bufferSource(file))).length).toBe(7);
    const verdicts = await judges.pdfsig(file);
    expect(verdicts.filter(({ valid: ok }) => ok).length).toBeGreaterThanOrEqual(5);
  });
});
