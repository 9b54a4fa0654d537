/** Every parser of the client on every kind of malformed answer: a coded error, never a crash, never a value made of nothing. */
import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../../main/platform/http.ts';
import { ProviderError } from '../../../../main/providers/provider.ts';
import type { ScriptedAnswer } from './fixtures.ts';
import { altered, type Parser, parse, parsers } from './parsers.ts';

const html = '<!doctype html><html><body>Please sign in to the network</body></html>';

const malformed: readonly [string, (parser: Parser) => ScriptedAnswer | HttpError, string | undefined][] = [
  ['empty', () => ({ body: '' }), 'body'],
  ['HTML', () => ({ body: html, headers: { 'content-type': 'text/html' } }), 'body'],
  ['truncated', ({ good }) => ({ body: JSON.stringify(good).slice(0, -2) }), 'body'],
  [
    'of a foreign charset',
    ({ good }) => ({ body: good, headers: { 'content-type': 'application/json; charset=utf-16' } }),
    'content-type',
  ],
  ['bytes of another charset', ({ good }) => ({ body: Buffer.from(JSON.stringify(good), 'utf16le') }), 'body'],
  ['huge', () => new HttpError('too-large', true), undefined],
  ['a text', () => ({ body: '"ok"' }), undefined],
  ['a number', () => ({ body: '7' }), undefined],
  ['null', () => ({ body: 'null' }), undefined],
];

describe.each(parsers)('$name', (parser) => {
  it.each(malformed)('%s', async (_name, answer, field) => {
    const error = await parse(parser, answer(parser)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ code: 'bad-response', outcomeUnknown: parser.mutates });
    if (field !== undefined) expect(error).toMatchObject({ field });
  });

  it('a good answer, with fields nobody knows', async () => {
    const good = Array.isArray(parser.good) ? parser.good : { ...(parser.good as object), future: { deep: [1, null] } };
    await expect(parse(parser, { body: good })).resolves.toBeDefined();
  });

  const needed = parser.needed ? [{ path: parser.needed }] : [];
  it.each(needed)('without $path, or with it of another type: the field is named', async ({ path }) => {
    for (const body of [altered(parser.good, path), altered(parser.good, path, { value: { odd: true } })]) {
      const error = await parse(parser, { body }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'bad-response', field: path.join('.'), outcomeUnknown: parser.mutates });
    }
  });
});
