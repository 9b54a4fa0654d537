/** What a reader takes over from the reader of the bytes its own begin with. */
import { describe, expect, it } from 'vitest';
import { openReader } from '../../../main/pdf/reader.ts';
import { bufferSource, concatSources, type Source } from '../../../main/pdf/source.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

function openPair(base: string, added: string) {
  const offsets: number[] = [];
  const spent: number[] = [];
  const inner = bufferSource(bytes(base));
  const first: Source = {
    size: inner.size,
    read: (offset, length) => {
      offsets.push(offset);
      return inner.read(offset, length);
    },
  };
  const before = openReader(first, () => undefined);
  const spend = (_: string, amount: number) => void spent.push(amount);
  const after = openReader(concatSources(first, bufferSource(bytes(added))), spend, before);
  return { before, after, offsets, spent };
}

describe('a reader over a prefix that was read before', () => {
  it('takes over what was parsed there, reads nothing for it and spends for it as before', async () => {
    const { before, after, offsets, spent } = openPair(`7 0 obj [1 2 3] endobj${' '.repeat(20_000)}`, 'x');
    const known = await before.indirectAt(0);
    offsets.length = 0;
    expect(await after.indirectAt(0)).toBe(known);
    expect(offsets).toEqual([]);
    expect(spent).toEqual(['7 0 obj [1 2 3] '.length, 4]);
  });

  it('parses again what the end of the prefix may have cut', async () => {
    const { before, after } = openPair('7 0 obj 12', '34 endobj');
    expect((await before.indirectAt(0)).value).toBe(12);
    expect((await after.indirectAt(0)).value).toBe(1234);
  });

  it('parses what lies behind the prefix by itself', async () => {
    const { after } = openPair(' '.repeat(10_000), '8 0 obj /New endobj');
    expect((await after.indirectAt(10_000)).value).toEqual({ kind: 'name', value: 'New' });
  });
});
