/**
 * What is done to signed PDFs to make changed content look signed: byte flips, and the attack classes of "1 Trillion Dollar Refund"
 * (universal forgery, incremental saving, signature wrapping) and of "Shadow Attacks" as far as bytes tell.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pdf/source.ts';
import { ValidationError, validatePdf } from '../../../main/validation/index.ts';
import { createPki, issueStandardSigners, type Pki } from '../../sandbox/pki/index.ts';
import { plainPdf, replaceLast, signPdf, stamp } from './signed-pdfs.ts';

let pki: Pki;
let signers: Awaited<ReturnType<typeof issueStandardSigners>>;
let signed: Buffer;
let gap: { start: number; end: number };

beforeAll(async () => {
  pki = await createPki({ now: Date.now() });
  signers = await issueStandardSigners(pki);
  const timestamp = (signature: Uint8Array) => stamp(pki, pki.timestamp, signature, pki.now);
  signed = await signPdf(plainPdf(), pki, signers.ec, { timestamp });
  gap = gapOf(signed);
});

/** Of the last signature. */
function gapOf(file: Buffer) {
  const start = file.indexOf('<', file.lastIndexOf('/Contents <') + 9);
  return { start, end: file.indexOf('>', start) + 1 };
}

async function reportOn(file: Uint8Array) {
  const report = await validatePdf(bufferSource(file), { anchors: [pki.root.certificate], at: pki.now });
  return { ...report, first: report.signatures[0] };
}

/** `refused`: the file has a ValidationError instead of a report. */
async function isValid(file: Uint8Array): Promise<boolean | 'refused'> {
  try {
    return (await reportOn(file)).valid;
  } catch (error) {
    if (error instanceof ValidationError) return 'refused';
    throw error;
  }
}

describe('a changed file', () => {
  it('is never valid, whichever signed byte was changed', async () => {
    expect(await isValid(signed)).toBe(true);
    const outside = [...signed.keys()].filter((at) => at < gap.start || at >= gap.end);
    const property = fc.asyncProperty(
      fc.constantFrom(...outside),
      fc.integer({ min: 1, max: 255 }),
      async (at, bits) => {
        const changed = Buffer.from(signed);
        changed[at] = (changed[at] ?? 0) ^ bits;
        expect(await isValid(changed)).not.toBe(true);
      },
    );
    await fc.assert(property, { seed: 32000, numRuns: 600 });
  });

  it('is altered where only content changed', async () => {
    const changed = replaceLast(signed, '0 0 m  S', '1 1 m  S');
    const { valid, first } = await reportOn(changed);
    expect(valid).toBe(false);
    expect(first).toMatchObject({ integrity: 'altered', cms: 'valid', level: 'none', problems: ['digest-mismatch'] });
  });

  it('has an answer to any change inside the gap', async () => {
    const inside = fc.integer({ min: gap.start, max: gap.end - 1 });
    const property = fc.asyncProperty(inside, fc.constantFrom(...'0f>< ~\0'), async (at, character) => {
      const changed = Buffer.from(signed);
      changed.write(character, at, 'latin1');
      expect(typeof (await isValid(changed))).toMatch(/boolean|string/);
    });
    await fc.assert(property, { seed: 5652, numRuns: 300 });
  });

  it.each<[string, (file: Buffer) => Buffer]>([
    [
      'bytes in the padding',
      (file) => Buffer.concat([file.subarray(0, gap.end - 3), Buffer.from('41>'), file.subarray(gap.end)]),
    ],
    [
      'an end of the string inside it',
      (file) => Buffer.concat([file.subarray(0, gap.end - 4), Buffer.from('> /A'), file.subarray(gap.end)]),
    ],
  ])('is not valid with %s', async (_, change) => {
    const changed = change(signed);
    expect(changed.length).toBe(signed.length);
    expect(await isValid(changed)).not.toBe(true);
  });

  it('is not valid where it is cut', async () => {
    for (const length of [signed.length - 1, gap.end, gap.start + 100, 200, 10, 0]) {
      expect(await isValid(signed.subarray(0, length)), `${length}`).not.toBe(true);
    }
  });
});

describe('universal forgery', () => {
  it.each([
    ['no /Contents', '/Contents <', '/Cantents <'],
    ['no /ByteRange', '/ByteRange [', '/BiteRange ['],
    ['no /SubFilter', '/SubFilter /', '/SobFilter /'],
    ['an unknown /SubFilter', '/ETSI.CAdES.detached', '/ETSI.CAdES.attached'],
    ['a /SubFilter of another kind', '/SubFilter /ETSI.CAdES.detached', '/SubFilter /ETSI.RFC3161       '],
    ['a negative start', '/ByteRange [0 ', '/ByteRange [-0'],
    ['a byte range of words', '/ByteRange [0 ', '/ByteRange [/x'],
  ])('is refused: %s', async (_, from, to) => {
    const changed = replaceLast(signed, from, to);
    const { valid, first } = await reportOn(changed);
    expect(valid).toBe(false);
    expect(first?.problems.length).toBeGreaterThan(0);
  });

  it.each([
    ['empty', '<>'],
    ['of zeros', '<0000>'],
    ['of nothing but a header', '<3080>'],
  ])('is refused: contents %s', async (_, contents) => {
    const changed = Buffer.from(signed);
    changed.write(contents.padEnd(gap.end - gap.start), gap.start, 'latin1');
    const { valid, first } = await reportOn(changed);
    expect(valid).toBe(false);
    expect(first).toMatchObject({ cms: 'unreadable' });
  });
});

describe('signature wrapping', () => {
  /** The signed file with its second part moved behind `inserted`, and the range moved with it. */
  function wrapped(inserted: string): Buffer {
    const at = gap.end + inserted.length;
    const range = /\/ByteRange \[0 (\d+) (\d+) (\d+)\]/.exec(signed.toString('latin1'));
    const [text = '', start = '', , length = ''] = range ?? [];
    const moved = Buffer.from(signed);
    moved.write(`/ByteRange [0 ${start} ${at} ${length}]`.padEnd(text.length), signed.indexOf(text), 'latin1');
    return Buffer.concat([moved.subarray(0, gap.end), Buffer.from(inserted), moved.subarray(gap.end)]);
  }

  it.each([
    ['white space', ' '.repeat(40)],
    ['an object', '\n9 0 obj\n<< /Evil true >>\nendobj\n'],
  ])('is refused: %s between /Contents and the second part', async (_, inserted) => {
    expect(await isValid(wrapped(inserted))).not.toBe(true);
  });

  it('is refused where the signature was made for a range that leaves out more', async () => {
    const file = await signPdf(plainPdf(), pki, signers.ec, { leftOut: 2 });
    const { valid, first } = await reportOn(file);
    expect(valid).toBe(false);
    expect(first).toMatchObject({ integrity: 'bad-byte-range', cms: 'valid', problems: ['byte-range-gap'] });
  });
});

describe('contents of another signature', () => {
  it('is refused in a file signed twice by one signer', async () => {
    const first = await signPdf(plainPdf(), pki, signers.ec);
    const twice = await signPdf(first, pki, signers.ec);
    expect(await isValid(twice)).toBe(true);
    const [earlier, later] = [gapOf(first), gapOf(twice)];
    expect(later.end - later.start).toBe(earlier.end - earlier.start);
    const swapped = Buffer.from(twice);
    twice.copy(swapped, earlier.start, later.start, later.end);
    const report = await reportOn(swapped);
    expect(report.first).toMatchObject({ integrity: 'altered', cms: 'valid' });
  });

  it('is refused where the range goes around the other one', async () => {
    const first = await signPdf(plainPdf(), pki, signers.ec);
    const twice = await signPdf(first, pki, signers.ec);
    const texts = twice.toString('latin1').match(/\/ByteRange \[[^\]]*\] */g) ?? [];
    const [own = '', other = ''] = texts;
    const borrowed = replaceLast(twice, other, own.trimEnd().padEnd(other.length));
    const { valid, signatures } = await reportOn(borrowed);
    expect(valid).toBe(false);
    expect(signatures[1]).toMatchObject({ integrity: 'bad-byte-range', problems: ['byte-range-gap'] });
  });
});

describe('incremental saving', () => {
  /** A new document behind the signed one, whose cross-reference leads to the old signature and to nothing else of it. */
  function replacedDocument(): Buffer {
    const text = signed.toString('latin1');
    const offsetOf = (number: number) => text.lastIndexOf(`\n${number} 0 obj`) + 1;
    const fresh = [
      '20 0 obj\n<< /Type /Catalog /Pages 21 0 R /AcroForm << /SigFlags 3 /Fields [7 0 R] >> >>\nendobj\n',
      '21 0 obj\n<< /Type /Pages /Kids [22 0 R] /Count 1 >>\nendobj\n',
      '22 0 obj\n<< /Type /Page /Parent 21 0 R /MediaBox [0 0 100 100] /Annots [7 0 R] >>\nendobj\n',
    ];
    const row = (offset: number) => `${String(offset).padStart(10, '0')} 00000 n \n`;
    let at = signed.length;
    const rows = fresh.map((object) => {
      at += object.length;
      return row(at - object.length);
    });
    const table = `xref\n0 1\n0000000000 65535 f \n6 2\n${row(offsetOf(6))}${row(offsetOf(7))}20 3\n${rows.join('')}`;
    const end = `trailer\n<< /Size 23 /Root 20 0 R >>\nstartxref\n${at}\n%%EOF\n`;
    return Buffer.concat([signed, Buffer.from(fresh.join('') + table + end)]);
  }

  it('is refused where the signed revision is no revision of the file', async () => {
    const { valid, first } = await reportOn(replacedDocument());
    expect(valid).toBe(false);
    expect(first).toMatchObject({
      integrity: 'bad-byte-range',
      covers: 'something-else',
      problems: ['byte-range-ends-early'],
    });
  });

  it('is refused where the signature dictionary itself was replaced', async () => {
    const text = signed.toString('latin1');
    const dictionary = text.slice(text.indexOf('6 0 obj'), text.indexOf('7 0 obj'));
    const changed = dictionary.replace('(Sandbox ec)', '(Somebody)  ');
    const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1];
    const table = `xref\n6 1\n${String(signed.length).padStart(10, '0')} 00000 n \n`;
    const end = `trailer\n<< /Size 9 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${signed.length + changed.length}\n%%EOF\n`;
    const { valid, first } = await reportOn(Buffer.concat([signed, Buffer.from(changed + table + end, 'latin1')]));
    expect(valid).toBe(false);
    expect(first).toMatchObject({ integrity: 'bad-byte-range', problems: ['byte-range-gap'] });
  });
});

describe('a signature moved to another file', () => {
  it('is refused', async () => {
    const other = await signPdf(replaceLast(plainPdf(), '0 0 m  S', '7 7 m  S'), pki, signers.ec, {
      timestampReserveBytes: 8192,
    });
    const { start, end } = gapOf(other);
    expect(end - start).toBe(gap.end - gap.start);
    signed.copy(other, start, gap.start, gap.end);
    expect((await reportOn(other)).first).toMatchObject({ integrity: 'altered', cms: 'valid', timestamp: 'valid' });
  });
});

describe('a signature by a weak digest', () => {
  it('is not read as intact', async () => {
    const sha256 = Buffer.from('608648016503040201', 'hex');
    const change = (cms: Uint8Array) => {
      const changed = Buffer.from(cms);
      const sha224 = Buffer.from('608648016503040204', 'hex');
      for (let at = changed.indexOf(sha256); at >= 0; at = changed.indexOf(sha256)) changed.set(sha224, at);
      return changed;
    };
    const { first } = await reportOn(await signPdf(plainPdf(), pki, signers.ec, { change }));
    expect(first).toMatchObject({ integrity: 'unreadable', cms: 'invalid', level: 'none' });
    expect(first?.problems).toContain('digest-unsupported');
  });
});

describe('not a PDF', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'not-a-pdf'],
    ['text', Buffer.from('<!doctype html><title>no</title>'), 'not-a-pdf'],
  ])('says so of %s', async (_, bytes, code) => {
    await expect(reportOn(bytes)).rejects.toThrow(expect.objectContaining({ name: 'ValidationError', code }));
  });

  it('passes the failure of a source on as it is', async () => {
    const failure = Object.assign(new Error('gone'), { code: 'EIO' });
    const source = { size: 1000, read: () => Promise.reject(failure) };
    await expect(validatePdf(source, { anchors: [], at: 0 })).rejects.toBe(failure);
  });
});
