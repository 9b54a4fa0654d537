/**
 * What a finished revision does to the signatures before it. The engine's own increments do them no harm: here one is made that does,
 * as a fault of ours would, and signed in good order.
 */
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pdf/source.ts';
import { finish, prepare } from '../../../main/signing/engine.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { issue, signWith } from '../pades/credentials.ts';
import { codeOf, pageObjects, startxrefOf, writePdf, writeRevision } from '../pdf/sample-pdfs.ts';

const NOW = Date.UTC(2026, 0, 2);
const options = { anchors: [], at: NOW };
const scheme = 'ecdsa-sha256' as const;
const { certificate, key } = issue({ kind: 'p-256', name: 'Anna Ozola', serial: 5, now: NOW });

/** Signs `whole`; the revision is finished on `base`, which `whole` continues. */
async function sign(whole: Uint8Array, base = whole): Promise<Buffer> {
  const prepared = await prepare(bufferSource(whole), {
    ...{ certificate, chain: [], scheme, signedAt: NOW },
    ...{ reason: '', box: undefined, appearanceLines: [], withTimestamp: false, expectedSha256: undefined },
  });
  const between = whole.subarray(base.length);
  const { gap, fieldName, signedAttributes } = prepared;
  const { increment } = await finish(
    bufferSource(base),
    {
      ...{ certificate, chain: [], scheme, fieldName, signedAttributes, timestampToken: undefined },
      increment: Buffer.concat([between, prepared.increment]),
      gap: { ...gap, offset: gap.offset + between.length },
      signature: signWith(key, scheme, signedAttributes),
    },
    options,
  );
  return Buffer.concat([base, increment]);
}

/** Number and text of the newest object that `holds` is in. */
function objectWith(pdf: Buffer, holds: string): { readonly number: number; readonly text: string } {
  const objects = [...pdf.toString('latin1').matchAll(/(\d+) 0 obj\s+([\s\S]*?)\s*endobj/g)];
  const [, number = '', text = ''] = objects.findLast(([, , each]) => each?.includes(holds)) ?? [];
  return { number: Number(number), text };
}

function continued(signed: Buffer, holds: string, change: (text: string) => string): Buffer {
  const { number, text } = objectWith(signed, holds);
  expect(change(text)).not.toBe(text);
  return writeRevision(signed, { objects: { [number]: change(text) } }, startxrefOf(signed));
}

describe('a revision that', async () => {
  const signed = await sign(writePdf({ objects: pageObjects() }));

  it('leaves an earlier signature as it is, is finished', async () => {
    const twice = await sign(signed);
    const { signatures } = await validatePdf(bufferSource(twice), options);
    expect(signatures.map(({ integrity, cms }) => [integrity, cms])).toEqual([
      ['intact', 'valid'],
      ['intact', 'valid'],
    ]);
  });

  it.each([
    [
      'writes an earlier signature anew',
      '/ByteRange',
      (text: string) => text.replace(/(\/Contents\s*<[0-9A-Fa-f]{400})../, '$100'),
    ],
    [
      'gives an earlier signature other byte ranges',
      '/ByteRange',
      (text: string) => text.replace(/(\/ByteRange\s*\[\s*0\s+)\d+/, '$117'),
    ],
    ['takes an earlier signature off its field', '/FT', (text: string) => text.replace(/\/V\s+\d+\s+0\s+R/, '')],
    [
      'takes an earlier field off the form',
      '/Fields',
      (text: string) => text.replace(/\/Fields\s*\[[^\]]*\]/, '/Fields []'),
    ],
  ])('%s, is refused', async (_what, holds, change) => {
    expect(await codeOf(() => sign(continued(signed, holds, change), signed))).toBe('earlier-signature-broken');
  });
});
