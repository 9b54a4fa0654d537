import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Form, SignatureRequest } from '../../../preload/model.ts';
import { checkAddress } from '../../../renderer/features/accounts/address.ts';
import { cutRange, joinPieces } from '../../../renderer/features/document/byte-ranges.ts';
import { boxStyle, fieldKey, formsToFill, pageMarks } from '../../../renderer/features/document/marks.ts';
import { findInPage, type TextMatch } from '../../../renderer/features/document/text-search.ts';
import {
  fitScale,
  paintScale,
  stepZoom,
  type Turn,
  turnBox,
  turnBy,
  turnSize,
  unturn,
} from '../../../renderer/features/document/zoom.ts';

describe('a byte range', () => {
  it('is cut into pieces that join to itself', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(50), fc.integer({ min: 1, max: 70 }), (file, from, max) => {
        const begin = Math.min(from, file.length);
        const pieces = cutRange(begin, file.length, max);
        for (const { length } of pieces) expect(length).toBeLessThanOrEqual(max);
        const read = pieces.map(({ offset, length }) => file.subarray(offset, offset + length));
        expect(joinPieces(pieces, read)).toEqual(new Uint8Array(file.subarray(begin)));
      }),
      { seed: 1 },
    );
  });

  it('is not joined of pieces that came short or long', () => {
    const pieces = cutRange(0, 8, 4);
    expect(() => joinPieces(pieces, [new Uint8Array(4), new Uint8Array(3)])).toThrow(RangeError);
    expect(() => joinPieces(pieces, [new Uint8Array(4), new Uint8Array(5)])).toThrow(RangeError);
    expect(() => joinPieces(pieces, [new Uint8Array(4)])).toThrow(RangeError);
  });

  it('needs room for a byte in a piece', () => {
    expect(() => cutRange(0, 8, 0)).toThrow(RangeError);
    expect(() => cutRange(0, 8, Number.NaN)).toThrow(RangeError);
  });
});

const form = (facts: Partial<Form>): Form => ({
  id: 'f',
  kind: 'signature',
  box: { page: 1, x: 10, y: 20, width: 30, height: 5 },
  moved: false,
  required: true,
  filled: false,
  mine: true,
  invisible: false,
  label: '',
  value: '',
  signatureRequestId: 'r',
  ...facts,
});
const request = (facts: Partial<SignatureRequest>): SignatureRequest => ({
  id: 'r',
  signerId: 's',
  signerName: 'S',
  mine: true,
  reason: '',
  profile: 'PAdES',
  withTimestamp: false,
  declinable: false,
  state: 'ready',
  group: 0,
  restrictions: [],
  ...facts,
});

describe('marks on a page', () => {
  const kinds = (forms: Form[], requests: SignatureRequest[]) =>
    pageMarks({ id: 'd', forms, signatureRequests: requests }).map(({ kind }) => kind);

  it.each([
    ['my open signature', form({}), request({}), ['my-signature']],
    ['mine that is not yet my turn', form({}), request({ state: 'not-yet' }), ['my-signature']],
    ['somebody else’s', form({}), request({ mine: false }), ['other-signature']],
    ['a signed one', form({}), request({ state: 'signed' }), []],
    ['a declined one', form({}), request({ state: 'declined' }), []],
    ['a filled form', form({ filled: true }), request({}), []],
    ['an invisible one', form({ invisible: true }), request({}), []],
    ['a field of mine', form({ kind: 'text' }), request({}), ['fill']],
    ['a field of somebody else’s', form({ kind: 'text', mine: false }), request({}), []],
  ])('for %s', (_name, given, asked, expected) => {
    expect(kinds([given], [asked])).toEqual(expected);
  });

  it('are not drawn for a form without a place, and do not need a request', () => {
    const { box: _, ...placeless } = form({});
    expect(kinds([placeless], [request({})])).toEqual([]);
    expect(kinds([form({})], [])).toEqual(['my-signature']);
  });

  it('stay inside the page', () => {
    fc.assert(
      fc.property(fc.float(), fc.float(), fc.float(), fc.float(), (x, y, width, height) => {
        const style = boxStyle({ page: 1, x, y, width, height });
        const [left, top, w, h] = [style.left, style.top, style.width, style.height].map(Number.parseFloat);
        for (const value of [left, top, w, h]) if (!Number.isNaN(value)) expect(value).toBeGreaterThanOrEqual(0);
        if (left !== undefined && w !== undefined && !Number.isNaN(left + w))
          expect(left + w).toBeLessThanOrEqual(100.01);
        if (top !== undefined && h !== undefined && !Number.isNaN(top + h)) expect(top + h).toBeLessThanOrEqual(100.01);
      }),
      { seed: 1 },
    );
  });

  it('tell the same field of two documents apart', () => {
    expect(fieldKey('a', 'f')).not.toBe(fieldKey('b', 'f'));
  });
});

describe('fields to fill', () => {
  it('come in reading order, those without a place last', () => {
    const at = (id: string, page: number, x: number, y: number) =>
      form({ id, kind: 'text', box: { page, x, y, width: 1, height: 1 } });
    const { box: _, ...placeless } = form({ id: 'last', kind: 'text' });
    const forms = [placeless, at('c', 2, 0, 0), at('b', 1, 50, 10), at('a', 1, 10, 10), at('d', 2, 0, 40), form({})];
    expect(formsToFill({ forms }).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'last']);
  });
});

describe('zoom', () => {
  it.each([
    [1, 1, 1.25],
    [1, -1, 0.75],
    [1.19, 1, 1.25],
    [4, 1, 4],
    [0.1, -1, 0.25],
    [0.62, -1, 0.5],
  ] as const)('from %d by %d is %d', (scale, direction, next) => {
    expect(stepZoom(scale, direction)).toBe(next);
  });

  it('fits the width, never beyond twice', () => {
    expect(fitScale(793.33, 595)).toBeCloseTo(1, 3);
    expect(fitScale(10_000, 100)).toBe(2);
    expect(fitScale(1, 5000)).toBe(0.1);
  });

  it('paints coarser rather than beyond the pixels there are', () => {
    expect(paintScale(800, 1000, 2)).toBe(2);
    const ratio = paintScale(4000, 5000, 2, 4_000_000);
    expect(4000 * 5000 * ratio * ratio).toBeCloseTo(4_000_000, 0);
  });
});

describe('the address of a service', () => {
  it.each([
    ['signing.example', 'https://signing.example'],
    [' https://signing.example/ ', 'https://signing.example'],
    ['https://signing.example/api/v1//', 'https://signing.example/api/v1'],
    ['http://127.0.0.1:4711', 'http://127.0.0.1:4711'],
    ['http://localhost:1/x/', 'http://localhost:1/x'],
    ['http://[::1]:2', 'http://[::1]:2'],
  ])('%j is %s', (typed, url) => {
    expect(checkAddress(typed)).toEqual({ ok: true, url });
  });

  it.each([
    ['', 'malformed'],
    ['not an address', 'malformed'],
    ['ftp://signing.example', 'malformed'],
    ['https://user:secret@signing.example', 'malformed'],
    ['https://signing.example/?x=1', 'malformed'],
    ['http://signing.example', 'insecure'],
    ['http://127.0.0.1.evil.example', 'insecure'],
    ['http://localhost.evil.example', 'insecure'],
  ])('%j is %s', (typed, problem) => {
    expect(checkAddress(typed)).toEqual({ ok: false, problem });
  });
});

describe('a turned view', () => {
  const turn = fc.constantFrom<Turn>(0, 90, 180, 270);
  const box = fc
    .record({ x: fc.nat(90), y: fc.nat(90), width: fc.nat(10), height: fc.nat(10) })
    .map((at) => ({ page: 1, ...at }));

  it('has every box inside the page, and back where it was when it is turned back', () => {
    fc.assert(
      fc.property(box, turn, (given, by) => {
        const turned = turnBox(given, by);
        expect(turned.x).toBeGreaterThanOrEqual(0);
        expect(turned.y + turned.height).toBeLessThanOrEqual(100);
        expect(turnBox(turned, unturn(by))).toEqual(given);
      }),
      { seed: 2 },
    );
  });

  it('takes the top left corner clockwise', () => {
    const corner = { x: 0, y: 0, width: 10, height: 20 };
    expect(turnBox(corner, 90)).toEqual({ x: 80, y: 0, width: 20, height: 10 });
    expect(turnBox(corner, 180)).toEqual({ x: 90, y: 80, width: 10, height: 20 });
    expect(turnBox(corner, 270)).toEqual({ x: 0, y: 90, width: 20, height: 10 });
    expect(turnSize({ width: 2, height: 3 }, turnBy(0, -1))).toEqual({ width: 3, height: 2 });
  });
});

describe('search in a page’s text', () => {
  const runs = [
    { text: 'The Straße to ', endsLine: false },
    { text: '', endsLine: true },
    { text: 'Café   Kalniņa', endsLine: true },
    { text: 'co\u00adop cafe\u0301', endsLine: false },
  ];
  const textAt = ({ start, end }: TextMatch) =>
    runs
      .map(({ text }, i) =>
        i < start.run || i > end.run
          ? ''
          : text.slice(i === start.run ? start.offset : 0, i === end.run ? end.offset : undefined),
      )
      .join('|');

  it.each([
    ['cafe', ['||Café|', '|||cafe']],
    ['KALNINA', ['||Kalniņa|']],
    ['cafe kal', ['||Café   Kal|']],
    ['to cafe', ['to ||Café|']],
    ['straße', ['Straße|||']],
    ['nowhere', []],
    ['  ', []],
  ])('finds %j whatever its case and accents, also over a line’s end', (query, found) => {
    expect(findInPage(7, runs, query).map(textAt)).toEqual(found);
  });

  it('finds a letter of the text by itself wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 8 }), { maxLength: 6 }), fc.nat(), (texts, pick) => {
        const given = texts.map((text) => ({ text, endsLine: false }));
        const letters = [...texts.join('')].filter((letter) => /[a-z]/.test(letter));
        const letter = letters[pick % Math.max(1, letters.length)];
        if (letter === undefined) return;
        const matches = findInPage(1, given, letter);
        expect(matches.length).toBe(texts.join('').toLowerCase().split(letter).length - 1);
        for (const { start } of matches) {
          expect(given[start.run]?.text.charAt(start.offset).toLowerCase()).toBe(letter);
        }
      }),
      { seed: 3 },
    );
  });
});
