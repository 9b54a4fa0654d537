/** The picture in the system's tray: a check mark, or the number that waits; drawn here, so that no file is needed. */
import { crc32, deflateSync } from 'node:zlib';

/** Pixels of a side: 16 points at a scale of 2. */
export const TRAY_PIXELS = 32;

const CHECK = ['......#', '.....##', '#...##.', '##.##..', '.###...', '..#....'];
const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  '0': ['###', '#.#', '#.#', '#.#', '###'],
  '1': ['.#.', '##.', '.#.', '.#.', '###'],
  '2': ['###', '..#', '###', '#..', '###'],
  '3': ['###', '..#', '.##', '..#', '###'],
  '4': ['#.#', '#.#', '###', '..#', '..#'],
  '5': ['###', '#..', '###', '..#', '###'],
  '6': ['###', '#..', '###', '#.#', '###'],
  '7': ['###', '..#', '..#', '.#.', '.#.'],
  '8': ['###', '#.#', '###', '#.#', '###'],
  '9': ['###', '#.#', '###', '..#', '###'],
  '+': ['...', '.#.', '###', '.#.', '...'],
};
const GROUND = [0x1f, 0x5f, 0xa8, 0xff] as const;
const INK = [0xff, 0xff, 0xff, 0xff] as const;
const CORNER = 5;

/** What is written for a number: none for 0, `99+` above 99. */
function rowsOf(count: number): readonly string[] {
  if (count === 0) return CHECK;
  const glyphs = [...(count > 99 ? '99+' : String(count))].map((sign) => GLYPHS[sign] ?? []);
  return [0, 1, 2, 3, 4].map((row) => glyphs.map((glyph) => glyph[row]).join('.'));
}

/** Whether the pixel lies within the ground's rounded corners. */
function isGround(x: number, y: number): boolean {
  const off = (at: number) => Math.max(CORNER - at - 0.5, at + 0.5 - (TRAY_PIXELS - CORNER), 0);
  return Math.hypot(off(x), off(y)) <= CORNER;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** @returns a PNG (8 bits a channel, with alpha) of TRAY_PIXELS a side */
export function trayIcon(count: number): Buffer {
  const rows = rowsOf(count);
  const wide = rows[0]?.length ?? 0;
  const scale = Math.floor((TRAY_PIXELS - 4) / Math.max(wide, rows.length));
  const left = Math.floor((TRAY_PIXELS - wide * scale) / 2);
  const top = Math.floor((TRAY_PIXELS - rows.length * scale) / 2);
  const isInk = (x: number, y: number) => rows[Math.floor((y - top) / scale)]?.[Math.floor((x - left) / scale)] === '#';
  // Each line begins with its filter: 0, none (PNG, clause 9).
  const lines = Buffer.alloc(TRAY_PIXELS * (1 + TRAY_PIXELS * 4));
  for (let y = 0; y < TRAY_PIXELS; y++) {
    for (let x = 0; x < TRAY_PIXELS; x++) {
      if (isGround(x, y)) lines.set(isInk(x, y) ? INK : GROUND, y * (1 + TRAY_PIXELS * 4) + 1 + x * 4);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(TRAY_PIXELS, 0);
  head.writeUInt32BE(TRAY_PIXELS, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
