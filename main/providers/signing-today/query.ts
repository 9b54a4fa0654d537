/**
 * List parameters: `$top`, `$skip`, `$count`, `$orderBy=updatedAt,desc` and `$filter=name == "Milk" or surname == "Bread"`, built
 * from typed expressions so that no value can end its quotes.
 */

/** A field's name, also a dotted path. A list's own type names the fields it has. */
export type FieldName = string;

export type Filter<F extends FieldName = FieldName> =
  | { readonly field: F; readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>='; readonly value: FilterValue }
  | { readonly all: readonly Filter<F>[] }
  | { readonly any: readonly Filter<F>[] };

export type FilterValue = string | number | boolean | null;

export interface ListQuery<F extends FieldName = FieldName> {
  readonly top?: number;
  readonly skip?: number;
  readonly count?: boolean;
  readonly orderBy?: { readonly field: F; readonly direction: 'asc' | 'desc' };
  readonly filter?: Filter<F>;
}

const fieldForm = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

function toField(name: FieldName): string {
  if (!fieldForm.test(name)) throw new TypeError('query: not a field name');
  return name;
}

function toValue(value: FilterValue): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('query: not a finite number');
  if (typeof value !== 'string') return String(value);
  if (/\p{Cc}/u.test(value)) throw new TypeError('query: control characters');
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** The text of a filter; groups within groups stand in parentheses. */
export function toFilter(filter: Filter): string {
  if ('field' in filter) return `${toField(filter.field)} ${filter.operator} ${toValue(filter.value)}`;
  const [word, parts] = 'all' in filter ? ['and', filter.all] : ['or', filter.any];
  if (parts.length === 0) throw new TypeError('query: an empty group');
  return parts
    .map((part) => ('field' in part || parts.length === 1 ? toFilter(part) : `(${toFilter(part)})`))
    .join(` ${word} `);
}

/** Name and value pairs of a list's query, in a fixed order. */
export function toListQuery(query: ListQuery): [string, string][] {
  const pairs: [string, string][] = [];
  if (query.top !== undefined) pairs.push(['$top', String(query.top)]);
  if (query.skip !== undefined) pairs.push(['$skip', String(query.skip)]);
  if (query.count !== undefined) pairs.push(['$count', String(query.count)]);
  if (query.orderBy) pairs.push(['$orderBy', `${toField(query.orderBy.field)},${query.orderBy.direction}`]);
  if (query.filter) pairs.push(['$filter', toFilter(query.filter)]);
  return pairs;
}
