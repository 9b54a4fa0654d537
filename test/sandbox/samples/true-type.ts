/** What embedding a TrueType font needs to know of it: glyph numbers, advance widths, vertical measures (OpenType 1.9: cmap, hmtx, head, hhea, name). */
export interface TrueType {
  /** PostScript name. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** All measures in thousandths of the type size. */
  readonly ascent: number;
  readonly descent: number;
  readonly box: readonly number[];
  /** 0 where the font lacks the letter. */
  glyphOf(codePoint: number): number;
  advanceOf(glyph: number): number;
}

function readTables(view: DataView): (tag: string) => number {
  const tables = new Map<string, number>();
  const count = view.getUint16(4);
  for (let i = 0; i < count; i += 1) {
    const at = 12 + 16 * i;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k)));
    tables.set(tag, view.getUint32(at + 8));
  }
  return (tag) => {
    const offset = tables.get(tag);
    if (offset === undefined) throw new Error(`the font has no ${tag} table`);
    return offset;
  };
}

/** The Unicode subtable of format 4 (Windows platform, BMP). */
function findSubtable(view: DataView, cmap: number): number {
  const count = view.getUint16(cmap + 2);
  for (let i = 0; i < count; i += 1) {
    const at = cmap + 4 + 8 * i;
    const subtable = cmap + view.getUint32(at + 4);
    if (view.getUint16(at) === 3 && view.getUint16(at + 2) === 1 && view.getUint16(subtable) === 4) return subtable;
  }
  throw new Error('the font has no cmap of format 4');
}

function glyphLookUp(view: DataView, subtable: number): (codePoint: number) => number {
  const twice = view.getUint16(subtable + 6);
  const ends = subtable + 14;
  const starts = ends + twice + 2;
  const deltas = starts + twice;
  const ranges = deltas + twice;
  return (codePoint) => {
    for (let i = 0; i < twice; i += 2) {
      if (view.getUint16(ends + i) < codePoint) continue;
      const start = view.getUint16(starts + i);
      if (start > codePoint) return 0;
      const delta = view.getUint16(deltas + i);
      const range = view.getUint16(ranges + i);
      if (range === 0) return (codePoint + delta) & 0xffff;
      const glyph = view.getUint16(ranges + i + range + 2 * (codePoint - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

/** Name record 6, which is plain ASCII. */
function postScriptName(view: DataView, table: number): string {
  const count = view.getUint16(table + 2);
  const strings = table + view.getUint16(table + 4);
  for (let i = 0; i < count; i += 1) {
    const at = table + 6 + 12 * i;
    if (view.getUint16(at + 6) !== 6) continue;
    const from = strings + view.getUint16(at + 10);
    let name = '';
    for (let k = 0; k < view.getUint16(at + 8); k += 1) {
      const code = view.getUint8(from + k);
      if (code !== 0) name += String.fromCharCode(code);
    }
    return name;
  }
  throw new Error('the font has no PostScript name');
}

/** @throws Error where a table is missing */
export function readTrueType(bytes: Uint8Array): TrueType {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = readTables(view);
  const head = table('head');
  const scale = 1000 / view.getUint16(head + 18);
  const scaled = (at: number) => Math.round(view.getInt16(at) * scale);
  const hhea = table('hhea');
  const hmtx = table('hmtx');
  const metrics = view.getUint16(hhea + 34);
  const glyphOf = glyphLookUp(view, findSubtable(view, table('cmap')));
  const known = new Map<number, number>();
  return {
    name: postScriptName(view, table('name')),
    bytes,
    ascent: scaled(hhea + 4),
    descent: scaled(hhea + 6),
    box: [36, 38, 40, 42].map((at) => scaled(head + at)),
    glyphOf: (codePoint) => {
      const glyph = known.get(codePoint) ?? glyphOf(codePoint);
      known.set(codePoint, glyph);
      return glyph;
    },
    advanceOf: (glyph) => view.getUint16(hmtx + 4 * Math.min(glyph, metrics - 1)) * scale,
  };
}
