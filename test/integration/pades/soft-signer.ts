/** Signs PDFs in memory with keys of its own, and asks the judges about them. */
import { PDFDocument, StandardFonts } from 'pdf-lib';
import { expect } from 'vitest';
import {
  assembleCms,
  type EmbeddedSignature,
  fillGap,
  listSignatures,
  type PreparedSignature,
  prepareSignature,
  type SignatureSpec,
} from '../../../main/pades/index.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { issue, signWith } from '../../unit/pades/credentials.ts';
import { type Judges, openJudges } from './judges.ts';

export interface Signed {
  readonly pdf: Buffer;
  readonly prepared: PreparedSignature;
}

export interface SoftSigner {
  readonly judges: Judges;
  sign(base: Uint8Array, spec?: Partial<SignatureSpec>): Promise<Signed>;
  /** openssl, pdfsig and qpdf all accept: `count` signatures, the last over the whole document. */
  expectAccepted(pdf: Buffer, count: number, password?: string): Promise<void>;
  close(): Promise<void>;
}

export async function openSoftSigner(): Promise<SoftSigner> {
  const now = Date.now();
  const root = issue({ kind: 'rsa-2048', name: 'Judges Root', serial: 1, now });
  const { certificate, key } = issue({
    kind: 'p-256',
    name: 'Anna Ozola',
    serial: 100,
    now,
    issuer: { ...root, name: 'Judges Root' },
  });
  const judges = await openJudges(root.certificate);
  return {
    judges,
    async sign(base, spec = {}) {
      const prepared = await prepareSignature(bufferSource(base), {
        certificate,
        chain: [],
        scheme: 'ecdsa-sha256',
        signedAt: Date.now(),
        reason: 'I agree (fully)',
        location: 'Rīga',
        field: { kind: 'new-invisible' },
        appearanceLines: ['Ārija Bērziņa', 'Signed 2026-01-02 10:00 +02:00'],
        timestampReserveBytes: 0,
        ...spec,
      });
      const { signedAttributes } = prepared;
      const signature = signWith(key, 'ecdsa-sha256', signedAttributes);
      const cms = assembleCms({ signedAttributes, signature, scheme: 'ecdsa-sha256', certificate, chain: [] });
      return { pdf: Buffer.concat([base, fillGap(prepared.increment, prepared.gap, cms)]), prepared };
    },
    async expectAccepted(pdf, count, password) {
      expect(await judges.qpdfAccepts(pdf, password)).toBe(true);
      const found = await listSignatures(bufferSource(pdf), { password });
      expect(found).toHaveLength(count);
      for (const one of found) expect(await judges.opensslAccepts(one.contents, coveredBy(pdf, one))).toBe(true);
      const verdicts = await judges.pdfsig(pdf, password);
      expect(verdicts.map(({ valid }) => valid)).toEqual(found.map(() => true));
      // Met a second time in a file, a certificate is not looked up again and counts as untrusted.
      expect(verdicts[0]?.trusted).toBe(true);
      expect(verdicts.filter(({ wholeDocument }) => wholeDocument)).toHaveLength(1);
    },
    close: () => judges.close(),
  };
}

export function coveredBy(pdf: Uint8Array, { byteRange }: EmbeddedSignature): Buffer {
  const [start = 0, length = 0, after = 0, rest = 0] = byteRange;
  return Buffer.concat([pdf.subarray(start, start + length), pdf.subarray(after, after + rest)]);
}

/** Thirty pages of text and a text field, by another library. */
export async function pdfLibFile(useObjectStreams: boolean): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.TimesRoman);
  for (let number = 1; number <= 30; number++) {
    document.addPage([595.28, 841.89]).drawText(`Page ${number}`, { x: 50, y: 700, size: 24, font });
  }
  document.getForm().createTextField('name').addToPage(document.getPage(0), { x: 50, y: 500, width: 200, height: 20 });
  return Buffer.from(await document.save({ useObjectStreams }));
}
