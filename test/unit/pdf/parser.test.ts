import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dict, name, type PdfObject, ref, string } from '../../../main/pdf/objects.ts';
import { type ByteWindow, parse, WindowEnd } from '../../../main/pdf/parser.ts';
import { objectText, serialize } from '../../../main/pdf/serializer.ts';
import { codeOf } from './sample-pdfs.ts';

const window = (text: string, last = true): ByteWindow => ({
  bytes: Buffer.from(text, 'latin1'),
  base: undefined,
  last,
});
const read = (text: string) => parse(window(text)).object();
const text = (value: string) => string(new Uint8Array(Buffer.from(value, 'latin1')));

/** Buffers and plain arrays of bytes alike, so that values can be compared. */
function plain(value: PdfObject): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, entry]) => [key, plain(entry)]));
  if (value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'string') {
    return { string: Buffer.from(value.bytes).toString('hex') };
  }
  return value;
}

describe('parsing objects', () => {
  it.each<[string, PdfObject]>([
    ['null', null],
    ['true', true],
    ['false', false],
    ['0', 0],
    ['+17', 17],
    ['-98', -98],
    ['34.5', 34.5],
    ['-.002', -0.002],
    ['4.', 4],
    ['/Name1', name('Name1')],
    ['/A;Name_With-Various***Characters?', name('A;Name_With-Various***Characters?')],
    ['/Lime#20Green', name('Lime Green')],
    ['/A#', name('A#')],
    ['/', name('')],
    ['(a (nested) string)', text('a (nested) string')],
    ['()', text('')],
    ['(\\n\\r\\t\\b\\f\\(\\)\\\\\\q)', text('\n\r\t\b\f()\\q')],
    ['(two \\\nlines)', text('two lines')],
    ['(two \\\r\nlines)', text('two lines')],
    ['(a\r\nb\rc)', text('a\nb\nc')],
    ['(\\245\\53\\0053)', text('\xa5+\x053')],
    ['<4E6F 762>', text('Nov ')],
    ['<901FA>', text('\x90\x1f\xa0')],
    ['12 0 R', ref(12)],
    ['[1 0 R 2 1 R 3 4]', [ref(1), ref(2, 1), 3, 4]],
    ['[1 2 3 R]', [1, ref(2, 3)]],
    ['[1 2 Rx', [1, 2]],
    ['[/A/B(c)<64>]', [name('A'), name('B'), text('c'), text('d')]],
    [
      '<</A 1/B<</C[null]>>>>',
      dict([
        ['A', 1],
        ['B', dict([['C', [null]]])],
      ]),
    ],
    ['% comment\n<< /A % more\r 5 >>', dict([['A', 5]])],
    ['<</A 1/A 2>>', dict([['A', 2]])],
  ])('reads %s', (source, expected) => {
    if (source === '[1 2 Rx') expect(() => read(source)).toThrow();
    else expect(plain(read(source))).toEqual(plain(expected));
  });

  it.each([
    '',
    ']',
    '<<',
    '<</A',
    '<<1 2>>',
    '(open',
    '<4',
    '<4G>',
    '[1',
    '--1',
    '1.2.3',
    'nul',
    '+',
    '/A\u0000'.slice(0, 0),
  ])('refuses %j as damaged', async (source) => {
    expect(await codeOf(async () => read(source))).toBe('damaged');
  });

  it.each(['[', '<</A'])('stops at its depth limit in a nest of %j', async (open) => {
    expect(await codeOf(async () => read(open.repeat(100_000)))).toBe('limit');
  });

  it('asks for a longer window wherever an object might go on', () => {
    const source = '<</Name/V/Text(a\\(b)/Hex<6162>/List[1 2 0 R -3.5 true]>>';
    for (let length = 0; length < source.length; length++) {
      expect(() => parse(window(source.slice(0, length), false)).object()).toThrow(WindowEnd);
    }
    expect(() => parse(window('12', false)).object()).toThrow(WindowEnd);
    expect(() => parse(window('12 0', false)).object()).toThrow(WindowEnd);
    expect(parse(window('12 0 /', false)).object()).toBe(12);
  });

  it('tells where a string stands in the file', () => {
    const parser = parse({ bytes: Buffer.from('  <</A(x\\)y)/B<00ff>>>'), base: 100, last: true });
    const value = parser.object();
    const places = value instanceof Map ? [...value.values()].map((entry) => (entry as { place?: unknown }).place) : [];
    expect(places).toEqual([
      { offset: 106, length: 6 },
      { offset: 114, length: 6 },
    ]);
  });
});

const bytes = fc.uint8Array({ maxLength: 40 });
const nameText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 12,
});
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0));
const object = fc.letrec<{ any: PdfObject; list: PdfObject; map: PdfObject }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    finite,
    nameText.map(name),
    bytes.map(string),
    fc
      .tuple(fc.integer({ min: 0, max: 8_388_607 }), fc.integer({ min: 0, max: 65_535 }))
      .map(([num, gen]) => ref(num, gen)),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('any'), { maxLength: 6 }),
  map: fc.array(fc.tuple(nameText, tie('any')), { maxLength: 6 }).map((entries) => dict(entries)),
})).any;

describe('serializing objects', () => {
  it('writes what the parser reads back, in ASCII', () => {
    fc.assert(
      fc.property(object, (value) => {
        const written = serialize(value);
        expect(written.every((byte) => byte < 0x80)).toBe(true);
        expect(plain(parse({ bytes: written, base: undefined, last: true }).object())).toEqual(plain(value));
      }),
      { seed: 7, numRuns: 400 },
    );
  });

  it.each<[PdfObject, string]>([
    [1e21, '1000000000000000000000'],
    [1e-7, '0.0000001'],
    [-0, '0'],
    [595.27559055, '595.27559055'],
    [name('A B#/'), '/A#20B#23#2f'],
    [text('(a\\)'), '(\\(a\\\\\\))'],
    [text('\r\n'), '<0d0a>'],
  ])('writes %j without loss', (value, expected) => {
    expect(objectText(value)).toBe(expected);
  });

  it('refuses to write a stream as a value', () => {
    expect(() => objectText([{ kind: 'stream', dict: dict(), dataOffset: 0 }])).toThrow(TypeError);
  });
});
