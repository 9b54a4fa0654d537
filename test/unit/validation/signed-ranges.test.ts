import { beforeAll, describe, expect, it } from 'vitest';
import { assembleCms, bufferSource, fillGap, prepareSignature } from '../../../main/pades/index.ts';
import { digestRanges } from '../../../main/validation/range-digests.ts';
import { signedRanges } from '../../../main/validation/signed-ranges.ts';
import { type Credential, issue, signWith } from '../pades/credentials.ts';
import { pageObjects, writePdf } from '../pdf/sample-pdfs.ts';

let signer: Credential;
beforeAll(() => {
  signer = issue({ kind: 'rsa-2048', name: 'Anna', serial: 5, now: 0 });
});

async function sign(base: Uint8Array, scheme: 'rsa-pkcs1-sha256' | 'rsa-pkcs1-sha384' | 'rsa-pkcs1-sha512') {
  const { certificate, key } = signer;
  const { signedAttributes, increment, gap } = await prepareSignature(bufferSource(base), {
    certificate,
    chain: [],
    scheme,
    signedAt: 0,
    reason: undefined,
    location: undefined,
    field: { kind: 'new-invisible' },
    appearanceLines: [],
    timestampReserveBytes: 0,
  });
  const signature = signWith(key, scheme, signedAttributes);
  const cms = assembleCms({ signedAttributes, signature, scheme, certificate, chain: [] });
  return Buffer.concat([base, fillGap(increment, gap, cms)]);
}

describe('the ranges a report will need', () => {
  it('are those of the signatures in the file, each by its own algorithm', async () => {
    let pdf: Uint8Array = writePdf({ objects: pageObjects() });
    const ends: number[] = [];
    const schemes = ['rsa-pkcs1-sha256', 'rsa-pkcs1-sha384', 'rsa-pkcs1-sha512'] as const;
    for (const scheme of schemes) {
      pdf = await sign(pdf, scheme);
      ends.push(pdf.length);
    }
    const ranges = await signedRanges(bufferSource(pdf), {});
    expect(ranges.map(({ end }) => end)).toEqual(ends);
    expect(ranges.map(({ algorithm }) => algorithm)).toEqual(['sha256', 'sha384', 'sha512']);
    expect((await digestRanges(bufferSource(pdf), ranges as never)).size).toBe(3);
  });
});
