/** A tenth of `npm run soak -- parsers`: damaged bytes are read or refused, and nothing else comes of them. */
import { expect, it } from 'vitest';
import { fuzzedParsers, fuzzParser } from '../../soak/parser-fuzz.ts';

const RUNS = 1000;

const parsers = await fuzzedParsers();

it.each(parsers)('$name: the sample itself is read', async ({ samples, parse, name }) => {
  // A PDF that is whole is not rewritten.
  if (name === 'rewritten PDF') return;
  for (const sample of samples) expect(await parse(sample)).toBeDefined();
});

it.each(parsers)('$name: damaged, is read or refused by code', async (parser) => {
  expect(await fuzzParser(parser, RUNS, 1)).toEqual([]);
});

it('finds a parser that answers with another error', async () => {
  const parse = (bytes: Uint8Array) => {
    if (bytes[0] !== 1) throw new RangeError('index');
  };
  const broken = { name: 'broken', samples: [Uint8Array.of(1, 2, 3)], refusals: [], parse };
  expect(await fuzzParser(broken, 50, 1)).not.toEqual([]);
});
