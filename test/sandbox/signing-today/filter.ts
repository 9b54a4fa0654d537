/**
 * The `$filter` language: `name == "Milk" or (urgent == true and updatedAt >= "2021-10-17T07:26Z")`. `and` binds tighter than `or`.
 * Operators == != < <= > >=; values are "strings" (\" and \\ escaped), numbers, true, false, null, and bare or quoted
 * timestamps. Which fields there are, and of what type, is the list's own; one that holds several values is met by any of them.
 */
import { refusal } from './errors.ts';
import { parseTimestamp } from './timestamps.ts';

export type FieldValue = string | number | boolean | undefined;

export interface Field<T> {
  /** Dates are compared as instants; null is what is missing. */
  readonly type: 'string' | 'number' | 'boolean' | 'date';
  /** Of a date, the timestamp's text. */
  read(item: T): FieldValue | readonly FieldValue[];
}

export type Fields<T> = Readonly<Record<string, Field<T>>>;

const MAX_LENGTH = 4000;
const MAX_DEPTH = 32;

const TOKEN =
  /\s*(?:(?<date>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?)|(?<number>-?\d+(?:\.\d+)?)|(?<text>"(?:[^"\\]|\\["\\])*")|(?<sign>==|!=|<=|>=|<|>|\(|\))|(?<word>[A-Za-z_][\w.]*))/y;

type Token = { readonly kind: 'date' | 'number' | 'text' | 'sign' | 'word' | 'end'; readonly text: string };
type Literal = { readonly kind: 'string' | 'number' | 'boolean' | 'date' | 'null'; readonly value: FieldValue };
type Test<T> = (item: T) => boolean;
type Comparison = (order: number) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const bad = (message: string) => refusal(400, 'bad-filter', message, '$filter');

function toTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let end = 0;
  while (text.slice(end).trim() !== '') {
    pattern.lastIndex = end;
    const groups = pattern.exec(text)?.groups;
    if (!groups) throw bad(`Not understood from character ${end + 1}`);
    end = pattern.lastIndex;
    for (const kind of ['date', 'number', 'text', 'sign', 'word'] as const) {
      const found = groups[kind];
      if (found !== undefined) tokens.push({ kind, text: found });
    }
  }
  return tokens;
}

function toLiteral(token: Token): Literal {
  if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
  if (token.kind === 'date') return { kind: 'date', value: token.text };
  if (token.kind === 'text') return { kind: 'string', value: token.text.slice(1, -1).replace(/\\(["\\])/g, '$1') };
  if (token.text === 'true' || token.text === 'false') return { kind: 'boolean', value: token.text === 'true' };
  if (token.text === 'null') return { kind: 'null', value: undefined };
  throw bad('A value is missing');
}

/** The literal as the field's type compares: a date as epoch milliseconds. */
function toComparable(type: Field<never>['type'], literal: Literal): string | number | boolean {
  const { value } = literal;
  if (type === 'date' && typeof value === 'string') {
    const at = parseTimestamp(value);
    if (at !== undefined) return at;
  }
  if (type !== 'date' && type === literal.kind && value !== undefined) return value;
  throw bad(`A ${type} is compared with something else`);
}

function compare(a: string | number | boolean, b: string | number | boolean): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A field's value as it compares and sorts. */
export function comparableValue(type: Field<never>['type'], value: FieldValue): string | number | boolean | undefined {
  return type === 'date' && typeof value === 'string' ? parseTimestamp(value) : value;
}

function toTest<T>(field: Field<T>, operator: string, literal: Literal): Test<T> {
  const holds = COMPARISONS[operator];
  if (!holds) throw bad('An operator is missing');
  const equality = operator === '==' || operator === '!=';
  if (!equality && (field.type === 'boolean' || literal.kind === 'null')) throw bad('Only == and != fit there');
  const wanted = literal.kind === 'null' ? undefined : toComparable(field.type, literal);
  const meets = (value: FieldValue): boolean => {
    const found = comparableValue(field.type, value);
    if (wanted === undefined || found === undefined) return equality && holds(wanted === found ? 0 : 1);
    return holds(compare(found, wanted));
  };
  return (item) => {
    const value = field.read(item);
    if (!Array.isArray(value)) return meets(value as FieldValue);
    return value.length === 0 ? meets(undefined) : value.some(meets);
  };
}

/**
 * Parses a filter over `fields`.
 * @throws ApiError 400 bad-filter
 */
export function parseFilter<T>(text: string, fields: Fields<T>): Test<T> {
  if (text.length > MAX_LENGTH) throw bad('Too long');
  const tokens = toTokens(text);
  let next = 0;
  const peek = (): Token => tokens[next] ?? { kind: 'end', text: '' };
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  const comparison = (): Test<T> => {
    const name = take();
    const field = name.kind === 'word' && Object.hasOwn(fields, name.text) ? fields[name.text] : undefined;
    if (!field) throw bad(`No field "${name.text}"`);
    return toTest(field, take().text, toLiteral(take()));
  };
  const term = (depth: number): Test<T> => {
    if (peek().text !== '(') return comparison();
    if (depth >= MAX_DEPTH) throw bad('Nested too deeply');
    take();
    const inner = alternatives(depth + 1);
    if (take().text !== ')') throw bad('A bracket is not closed');
    return inner;
  };
  const chain = (word: string, part: () => Test<T>): Test<T>[] => {
    const parts = [part()];
    while (peek().kind === 'word' && peek().text === word) {
      take();
      parts.push(part());
    }
    return parts;
  };
  const alternatives = (depth: number): Test<T> => {
    const any = chain('or', () => {
      const all = chain('and', () => term(depth));
      return (item) => all.every((test) => test(item));
    });
    return (item) => any.some((test) => test(item));
  };
  const test = alternatives(0);
  if (next < tokens.length) throw bad(`Not understood from "${peek().text}"`);
  return test;
}
