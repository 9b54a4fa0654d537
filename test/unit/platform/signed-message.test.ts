import { describe, expect, it } from 'vitest';
import { contentOf, findContent, isMessage } from '../../../main/platform/signed-message.ts';
import { sampleMessage } from '../../contract/sample-message.ts';

const source = (bytes: Uint8Array) => ({
  size: bytes.length,
  read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
});

describe('a signed message among stored bytes', () => {
  it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 200_000])('shows its content of %d bytes', async (length) => {
    const content = Buffer.alloc(length, '%PDF-1.7 ');
    const bytes = sampleMessage(content, ['a', 'b']);
    expect(await isMessage(source(bytes))).toBe(true);
    const shown = await contentOf(source(bytes));
    expect(shown.size).toBe(length);
    expect(Buffer.from(await shown.read(0, length)).equals(content)).toBe(true);
    await expect(shown.read(1, length)).rejects.toBeInstanceOf(RangeError);
  });

  it.each([
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj')],
    ['nothing', Buffer.alloc(0)],
    ['text that begins with a zero', Buffer.from('0\x09 and so on')],
  ])('leaves %s as it is', async (_what, bytes) => {
    const given = source(bytes);
    expect(await isMessage(given)).toBe(false);
    expect(await contentOf(given)).toBe(given);
  });

  it('reads nothing past the end of a message that was cut anywhere', async () => {
    const bytes = sampleMessage(Buffer.from('%PDF-1.7'), ['a']);
    for (let end = 0; end < bytes.length; end++) {
      const range = await findContent(source(bytes.subarray(0, end)));
      expect(range === undefined || range.offset + range.length <= end).toBe(true);
    }
  });

  it('finds no content where it comes in pieces', async () => {
    const indefinite = Buffer.from('308006092a864886f70d010702a0803080020101', 'hex');
    expect(await isMessage(source(indefinite))).toBe(true);
    expect(await findContent(source(indefinite))).toBeUndefined();
  });
});
