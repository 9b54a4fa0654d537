/** A list as every list operation gives it: `$filter`, `$orderBy`, then `$skip` and `$top`; `$count` is of what the filter left. */
import { refusal } from './errors.ts';
import { comparableValue, type Fields, type FieldValue, parseFilter } from './filter.ts';

export interface Page<T> {
  readonly count?: number;
  readonly values: T[];
}

function parseWhole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw refusal(400, 'invalid', 'A whole number is needed', name);
  return Number(text);
}

/** `true` or `false`; false when it is not given. @throws ApiError 400 */
export function parseFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? 'false';
  if (text !== 'true' && text !== 'false') throw refusal(400, 'invalid', 'Either true or false', name);
  return text === 'true';
}

function compareValues(a: FieldValue, b: FieldValue): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return a < b ? -1 : 1;
}

interface Order<T> {
  readonly key: (item: T) => FieldValue;
  readonly sign: 1 | -1;
}

/** `field`, `field,asc` or `field,desc`. */
function parseOrder<T>(text: string, fields: Fields<T>): Order<T> {
  const [name = '', direction = 'asc', ...rest] = text.split(',').map((part) => part.trim());
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field || rest.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
    throw refusal(400, 'bad-order', 'An order is a field, then asc or desc', '$orderBy');
  }
  const key = (item: T): FieldValue => {
    const value = field.read(item);
    return comparableValue(field.type, Array.isArray(value) ? value[0] : (value as FieldValue));
  };
  return { key, sign: direction === 'desc' ? -1 : 1 };
}

/** In order, equals in that of their ids. A key is read once an item: a date takes long to read, and a list is compared n log n times. */
function sorted<T extends { readonly id: string | number }>(items: readonly T[], { key, sign }: Order<T>): T[] {
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => sign * compareValues(a.key, b.key) || compareValues(a.item.id, b.item.id))
    .map(({ item }) => item);
}

/** @throws ApiError 400 */
export function toPage<T extends { readonly id: string | number }>(
  items: readonly T[],
  query: URLSearchParams,
  fields: Fields<T>,
): Page<T> {
  const filter = query.get('$filter');
  const order = query.get('$orderBy');
  const found = filter === null ? items : items.filter(parseFilter(filter, fields));
  const byId: Order<T> = { key: ({ id }) => id, sign: 1 };
  return toSlice(sorted(found, order === null ? byId : parseOrder(order, fields)), query);
}

/** `$skip`, `$top` and `$count` of a list that has its order. @throws ApiError 400 */
export function toSlice<T>(found: readonly T[], query: URLSearchParams): Page<T> {
  const skip = parseWhole(query, '$skip') ?? 0;
  const top = parseWhole(query, '$top');
  const counted = parseFlag(query, '$count');
  const values = found.slice(skip, top === undefined ? undefined : skip + top);
  return counted ? { count: found.length, values } : { values };
}
