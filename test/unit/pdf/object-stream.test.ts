/** Object streams whose places the cross-reference names wrongly: read all the same, and not for ever. */
import { describe, expect, it } from 'vitest';
import { PdfError } from '../../../main/pdf/errors.ts';
import { openPurse } from '../../../main/pdf/limits.ts';
import { openObjectStream } from '../../../main/pdf/object-stream.ts';
import { dict, name } from '../../../main/pdf/objects.ts';

/** `count` objects numbered from 10 on, each the number 7, all at one place. */
function streamOf(count: number) {
  const header = Buffer.from(`${Array.from({ length: count }, (_, i) => `${10 + i} 0`).join(' ')} `);
  const about = dict([
    ['Type', name('ObjStm')],
    ['N', count],
    ['First', header.length],
  ]);
  return openObjectStream(about, Buffer.concat([header, Buffer.from('7 ')]), openPurse().spend);
}

describe('an object stream', () => {
  it('is searched where the cross-reference names another place in it', () => {
    const stream = streamOf(200);
    for (let i = 0; i < 20_000; i++) expect(stream.object(10 + (i % 200), 0)).toBe(7);
  });

  it('is not searched for ever: a million numbers and as many wrong places would take many minutes', () => {
    const stream = streamOf(1_000_000);
    const last = 10 + 999_999;
    const searches = () => {
      for (let i = 0; i < 100; i++) stream.object(last, 0);
    };
    expect(searches).toThrow(PdfError);
    expect(searches).toThrow(expect.objectContaining({ code: 'limit' }));
  });

  it('says that a number it does not have is damage', () => {
    expect(() => streamOf(3).object(99, 0)).toThrow(expect.objectContaining({ code: 'damaged' }));
  });
});
