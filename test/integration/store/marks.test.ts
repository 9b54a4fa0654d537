import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markHandlers } from '../../../main/ipc/mark-handlers.ts';
import type { Rooms } from '../../../main/ipc/rooms.ts';
import { measureImage } from '../../../main/pades/index.ts';
import type { Store } from '../../../main/store/index.ts';
import { makeProfile, type Profile } from './open-profile.ts';

let profile: Profile;
let store: Store;
beforeEach(async () => {
  profile = makeProfile();
  store = await profile.open();
});
afterEach(async () => {
  await store.close();
  profile.remove();
});

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  const out = Buffer.alloc(8 + body.length);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4 + body.length);
  return out;
}
/** A grey PNG of one shade. */
function png(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 0x5a);
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]),
  );
}

function calls() {
  let made = 0;
  const rooms = {
    store,
    clock: { now: () => 1000 + made },
    newId: () => `mark-${++made}`,
    measureMark: async (image: Uint8Array) => measureImage(image),
  };
  return markHandlers(rooms as unknown as Rooms);
}
const drawn = (label: string) => ({ kind: 'drawn', label, image: png(12, 5) }) as const;

describe('signature marks', () => {
  it('are kept with their size; the first is preferred, until another or none is', async () => {
    const marks = calls();
    const first = await marks['marks.add'](drawn('With a pen'));
    expect(first).toMatchObject({ width: 12, height: 5, kind: 'drawn', preferred: true });
    const second = await marks['marks.add'](drawn('Initials'));
    expect(second.preferred).toBe(false);
    await marks['marks.prefer']({ markId: second.id });
    expect((await marks['marks.list']({})).map(({ id, preferred }) => [id, preferred])).toEqual([
      [second.id, true],
      [first.id, false],
    ]);
    await marks['marks.prefer']({});
    expect((await marks['marks.list']({})).map(({ preferred }) => preferred)).toEqual([false, false]);
  });

  it('give their image back, to whoever opens the profile again', async () => {
    const { id } = await calls()['marks.add'](drawn('With a pen'));
    await store.close();
    store = await profile.open();
    expect(await calls()['marks.image']({ markId: id })).toEqual(png(12, 5));
  });

  it('lie encrypted', async () => {
    const image = png(40, 40);
    await calls()['marks.add']({ kind: 'image', label: 'Rubber stamp of the office', image });
    await store.close();
    const bytes = profile.bytes();
    expect(bytes.includes('Rubber stamp')).toBe(false);
    expect(bytes.includes(Buffer.from(image.subarray(0, 24)))).toBe(false);
    store = await profile.open();
  });

  it.each([
    ['a text', new TextEncoder().encode('<svg onload="alert(1)"/>')],
    ['a PNG cut short', png(12, 5).subarray(0, 40)],
    ['a JPEG without a frame', new Uint8Array([0xff, 0xd8, 0xff, 0xd9])],
  ])('are refused as %s', async (_what, image) => {
    await expect(calls()['marks.add']({ kind: 'image', label: 'x', image })).rejects.toMatchObject({
      code: 'mark-unreadable',
    });
    expect(await store.marks()).toEqual([]);
  });

  it('go for good, and are not found after that', async () => {
    const marks = calls();
    const { id } = await marks['marks.add'](drawn('x'));
    await marks['marks.remove']({ markId: id });
    expect(await marks['marks.list']({})).toEqual([]);
    for (const name of ['marks.image', 'marks.remove', 'marks.prefer'] as const) {
      await expect(marks[name]({ markId: id })).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('end at fifty', async () => {
    const marks = calls();
    for (let i = 0; i < 50; i++) await marks['marks.add'](drawn(`No. ${i}`));
    await expect(marks['marks.add'](drawn('one more'))).rejects.toMatchObject({ code: 'too-many-marks' });
  });
});
