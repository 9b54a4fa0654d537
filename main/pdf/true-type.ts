/** TrueType fonts, as far as a mark's text needs them: characters to glyphs, widths, and a subset with chosen glyphs (ISO/IEC 14496-22). */
import { latin1 } from './characters.ts';
import { PdfError } from './errors.ts';

export interface TrueType {
  /** Its PostScript name, as `DejaVuSans`. */
  readonly name: string;
  readonly unitsPerEm: number;
  /** Of the font's bounding box, font units. */
  readonly box: readonly [number, number, number, number];
  readonly ascent: number;
  /** Negative. */
  readonly descent: number;
  /** 0 for a character it lacks. */
  glyphOf(codePoint: number): number;
  /** Font units. */
  advanceOf(glyph: number): number;
  /** The glyphs given, glyph 0 before them, and what they are composed of; numbered anew in that order. */
  subset(glyphs: readonly number[]): Uint8Array;
}

const unreadable = (detail: string) => new PdfError('font-unreadable', detail);

/** A stretch of a view; DataView itself would look past it into what else the buffer holds. */
function within(view: DataView, from: number, length = view.byteLength - from): DataView {
  if (from < 0 || length < 0 || from + length > view.byteLength) throw unreadable('cut short');
  return new DataView(view.buffer, view.byteOffset + from, length);
}

type Tables = ReadonlyMap<string, DataView>;

function readTables(bytes: Uint8Array): Tables {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = file.getUint32(0);
  if (version !== 0x00010000 && version !== 0x74727565) throw unreadable('not TrueType');
  const tables = new Map<string, DataView>();
  for (let i = 0; i < file.getUint16(4); i++) {
    const at = 12 + 16 * i;
    const [offset, length] = [file.getUint32(at + 8), file.getUint32(at + 12)];
    tables.set(latin1(bytes.subarray(at, at + 4)), within(file, offset, length));
  }
  return tables;
}

/** Segments with their deltas (format 4). */
function segmentedMap(map: DataView): (codePoint: number) => number {
  const doubled = map.getUint16(6);
  const [ends, starts] = [14, 16 + doubled];
  return (code) => {
    for (let i = 0; i < doubled; i += 2) {
      if (map.getUint16(ends + i) < code) continue;
      const start = map.getUint16(starts + i);
      if (start > code) return 0;
      const delta = map.getUint16(starts + doubled + i);
      const rangeAt = starts + 2 * doubled + i;
      const range = map.getUint16(rangeAt);
      if (range === 0) return (code + delta) & 0xffff;
      const glyph = map.getUint16(rangeAt + range + 2 * (code - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

/** Groups of consecutive characters and glyphs (format 12). */
function groupedMap(map: DataView): (codePoint: number) => number {
  const count = map.getUint32(12);
  return (code) => {
    for (let i = 0; i < count; i++) {
      const at = 16 + 12 * i;
      if (map.getUint32(at + 4) < code) continue;
      return map.getUint32(at) <= code ? map.getUint32(at + 8) + code - map.getUint32(at) : 0;
    }
    return 0;
  };
}

function characterMap(cmap: DataView): (codePoint: number) => number {
  let best: { format: number; map: DataView } | undefined;
  for (let i = 0; i < cmap.getUint16(2); i++) {
    const platform = cmap.getUint16(4 + 8 * i);
    const encoding = cmap.getUint16(6 + 8 * i);
    if (platform !== 0 && !(platform === 3 && (encoding === 1 || encoding === 10))) continue;
    const map = within(cmap, cmap.getUint32(8 + 8 * i));
    const format = map.getUint16(0);
    if ((format === 4 || format === 12) && format > (best?.format ?? 0)) best = { format, map };
  }
  if (!best) throw unreadable('no character map');
  return best.format === 12 ? groupedMap(best.map) : segmentedMap(best.map);
}

/** The PostScript name (number 6) in the encoding of Windows. */
function nameIn(table: DataView | undefined): string {
  for (let i = 0; table && i < table.getUint16(2); i++) {
    const at = 6 + 12 * i;
    if (table.getUint16(at) !== 3 || table.getUint16(at + 6) !== 6) continue;
    const place = within(table, table.getUint16(4) + table.getUint16(at + 10), table.getUint16(at + 8));
    const text = new TextDecoder('utf-16be').decode(place);
    return text.replace(/[^A-Za-z0-9-]/g, '').slice(0, 63) || 'Font';
  }
  return 'Font';
}

/** Where in a composite glyph the numbers of its parts stand. */
function partsOf(glyph: DataView): number[] {
  if (glyph.byteLength < 10 || glyph.getInt16(0) >= 0) return [];
  const places: number[] = [];
  for (let at = 10, more = true; more; ) {
    const flags = glyph.getUint16(at);
    places.push(at + 2);
    at += 4 + (flags & 0x0001 ? 4 : 2);
    at += flags & 0x0008 ? 2 : flags & 0x0040 ? 4 : flags & 0x0080 ? 8 : 0;
    more = (flags & 0x0020) !== 0;
  }
  return places;
}

/** Tables in a file of their own, each on a multiple of four bytes with its checksum. */
function assemble(tables: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const names = [...tables.keys()].sort();
  const padded = names.map((name) => {
    const table = tables.get(name) ?? new Uint8Array(0);
    return Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)]);
  });
  const head = Buffer.alloc(12 + 16 * names.length);
  const power = Math.floor(Math.log2(names.length));
  head.writeUInt32BE(0x00010000, 0);
  head.writeUInt16BE(names.length, 4);
  head.writeUInt16BE(16 * 2 ** power, 6);
  head.writeUInt16BE(power, 8);
  head.writeUInt16BE(16 * names.length - 16 * 2 ** power, 10);
  let offset = head.length;
  names.forEach((name, i) => {
    const table = padded[i] ?? Buffer.alloc(0);
    let sum = 0;
    for (let at = 0; at < table.length; at += 4) sum = (sum + table.readUInt32BE(at)) >>> 0;
    head.write(name, 12 + 16 * i, 'latin1');
    head.writeUInt32BE(sum, 16 + 16 * i);
    head.writeUInt32BE(offset, 20 + 16 * i);
    head.writeUInt32BE(tables.get(name)?.length ?? 0, 24 + 16 * i);
    offset += table.length;
  });
  return Buffer.concat([head, ...padded]);
}

const copyOf = (view: DataView) => Buffer.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));

function openFont(bytes: Uint8Array): TrueType {
  const tables = readTables(bytes);
  const table = (name: string) => {
    const found = tables.get(name);
    if (!found) throw unreadable(`no ${name}`);
    return found;
  };
  const [head, hhea, hmtx, loca, glyf, maxp] = (['head', 'hhea', 'hmtx', 'loca', 'glyf', 'maxp'] as const).map(table);
  if (!head || !hhea || !hmtx || !loca || !glyf || !maxp) throw unreadable('tables');
  const glyphOf = characterMap(table('cmap'));
  const isLong = head.getInt16(50) === 1;
  const metrics = hhea.getUint16(34);
  const count = maxp.getUint16(4);
  const place = (glyph: number) => (isLong ? loca.getUint32(4 * glyph) : 2 * loca.getUint16(2 * glyph));
  const outline = (glyph: number) => {
    if (glyph >= count) throw unreadable('glyph');
    const [from, to] = [place(glyph), place(glyph + 1)];
    return within(glyf, from, to - from);
  };
  const advanceOf = (glyph: number) => hmtx.getUint16(4 * Math.min(glyph, metrics - 1));
  const bearingOf = (glyph: number) =>
    glyph < metrics ? hmtx.getInt16(4 * glyph + 2) : hmtx.getInt16(4 * metrics + 2 * (glyph - metrics));

  function subset(glyphs: readonly number[]): Uint8Array {
    const kept = [...new Set([0, ...glyphs])];
    const numbers = new Map(kept.map((glyph, i) => [glyph, i]));
    const outlines: Buffer[] = [];
    const places = [0];
    for (let i = 0; i < kept.length; i++) {
      const source = outline(kept[i] ?? 0);
      const copy = copyOf(source);
      for (const at of partsOf(source)) {
        const part = source.getUint16(at);
        if (!numbers.has(part)) numbers.set(part, kept.push(part) - 1);
        copy.writeUInt16BE(numbers.get(part) ?? 0, at);
      }
      outlines.push(copy, Buffer.alloc((4 - (copy.length % 4)) % 4));
      places.push((places[i] ?? 0) + copy.length + (outlines.at(-1)?.length ?? 0));
    }
    const [newHead, newHhea, newMaxp] = [copyOf(table('head')), copyOf(table('hhea')), copyOf(table('maxp'))];
    newHead.writeUInt32BE(0, 8);
    newHead.writeInt16BE(1, 50);
    newHhea.writeUInt16BE(kept.length, 34);
    newMaxp.writeUInt16BE(kept.length, 4);
    const newLoca = Buffer.alloc(4 * places.length);
    for (const [i, at] of places.entries()) newLoca.writeUInt32BE(at, 4 * i);
    const newHmtx = Buffer.alloc(4 * kept.length);
    kept.forEach((glyph, i) => {
      newHmtx.writeUInt16BE(advanceOf(glyph), 4 * i);
      newHmtx.writeInt16BE(bearingOf(glyph), 4 * i + 2);
    });
    const made = new Map<string, Uint8Array>([
      ['glyf', Buffer.concat(outlines)],
      ['head', newHead],
      ['hhea', newHhea],
      ['hmtx', newHmtx],
      ['loca', newLoca],
      ['maxp', newMaxp],
    ]);
    for (const name of ['cvt ', 'fpgm', 'prep']) {
      const hints = tables.get(name);
      if (hints) made.set(name, copyOf(hints));
    }
    return assemble(made);
  }

  return {
    name: nameIn(tables.get('name')),
    unitsPerEm: head.getUint16(18),
    box: [head.getInt16(36), head.getInt16(38), head.getInt16(40), head.getInt16(42)],
    ascent: hhea.getInt16(4),
    descent: hhea.getInt16(6),
    glyphOf,
    advanceOf,
    subset,
  };
}

/** A font's own bounds are not trusted: reading past them says that it is no font. */
function guarded<A extends readonly unknown[], R>(work: (...given: A) => R): (...given: A) => R {
  return (...given) => {
    try {
      return work(...given);
    } catch (error) {
      if (error instanceof RangeError) throw new PdfError('font-unreadable', 'cut short', error);
      throw error;
    }
  };
}

/** @throws PdfError font-unreadable, also of what it returns */
export function readTrueType(bytes: Uint8Array): TrueType {
  const font = guarded(openFont)(bytes);
  return { ...font, glyphOf: guarded(font.glyphOf), advanceOf: guarded(font.advanceOf), subset: guarded(font.subset) };
}
