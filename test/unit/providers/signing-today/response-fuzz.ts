/** Good answers with random damage: each is read, or is a bad response that names its field; nothing else comes out of a parser. */
import fc from 'fast-check';
import { ProviderError } from '../../../../main/providers/provider.ts';
import { type Parser, parse, parsers } from './parsers.ts';

type Damage = (value: unknown, next: () => number) => unknown;

const odd: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  ' ',
  '\u0000',
  'x'.repeat(5000),
  '\uD800',
  [],
  {},
  [[[[]]]],
  { __proto__: null, constructor: 1 },
  '2021-99-99T99:99Z',
];

/** Walks down by chance and changes what it meets there. */
const damage: Damage = (value, next) => {
  if (typeof value !== 'object' || value === null || next() % 4 === 0) return odd[next() % odd.length];
  if (Array.isArray(value)) {
    const copy = [...value];
    const index = next() % (copy.length + 1);
    if (next() % 3 === 0) copy.splice(index, 1);
    else if (index === copy.length) copy.push(odd[next() % odd.length]);
    else copy[index] = damage(copy[index], next);
    return copy;
  }
  const entries = Object.entries(value);
  const index = next() % Math.max(entries.length, 1);
  const [key = 'x', inner] = entries[index] ?? [];
  if (next() % 4 === 0) return Object.fromEntries(entries.filter((_, i) => i !== index));
  if (next() % 6 === 0) return { ...value, [`${key}2`]: odd[next() % odd.length] };
  return { ...value, [key]: damage(inner, next) };
};

async function check(parser: Parser, body: unknown): Promise<void> {
  try {
    await parse(parser, { body });
  } catch (error) {
    const coded = error instanceof ProviderError && error.code === 'bad-response';
    if (!coded || typeof error.field !== 'string' || error.field.length > 250)
      throw new Error(`${parser.name}: ${String(error)} on ${JSON.stringify(body)?.slice(0, 300)}`);
  }
}

/** @throws the property's failure, with the seed that brings it back */
export async function fuzzResponses(runs: number, seed: number): Promise<void> {
  const numbers = fc.array(fc.nat(), { minLength: 12, maxLength: 60 });
  const property = fc.asyncProperty(fc.constantFrom(...parsers), numbers, async (parser, chosen) => {
    let at = 0;
    const next = () => chosen[at++ % chosen.length] ?? 0;
    let body: unknown = parser.good;
    for (let times = 1 + (next() % 4); times > 0; times -= 1) body = damage(body, next);
    await check(parser, body);
  });
  await fc.assert(property, { numRuns: runs, seed });
}
