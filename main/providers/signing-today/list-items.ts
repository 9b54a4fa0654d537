/** Lists whose items are all wanted: page after page, each item once, while others change the list underneath. */
import { z } from 'zod';
import { badResponse } from './errors.ts';
import { type ListQuery, toListQuery } from './query.ts';
import type { RequestCore } from './request-core.ts';
import { maybe, number } from './schema-parts.ts';

const defaultTop = 100;
/** More than any organisation has; a server that goes on inventing items is not followed for ever. */
const itemLimit = 100_000;

export interface ListOptions {
  readonly orderBy?: ListQuery['orderBy'];
  readonly filter?: ListQuery['filter'];
  /** Parameters beside the list's own. */
  readonly parameters?: readonly (readonly [string, string])[];
  /** Items a page. */
  readonly top?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * All items of the list at `path`.
 * @param keyOf what tells two items apart; one seen before is passed over
 * @throws ProviderError bad-response names the field of the first item at fault, e.g. `values.3.name`
 */
export async function* listItems<S extends z.ZodType>(
  core: RequestCore,
  path: string,
  schema: S,
  keyOf: (item: z.output<S>) => string,
  { orderBy, filter, parameters = [], top = defaultTop, signal }: ListOptions = {},
): AsyncIterable<z.output<S>> {
  const page = z.looseObject({ count: maybe(number), values: z.array(schema).max(itemLimit) });
  const seen = new Set<string>();
  for (let skip = 0; ; ) {
    const query: ListQuery = { top, skip, count: true, ...(orderBy ? { orderBy } : {}), ...(filter ? { filter } : {}) };
    const pairs = [...parameters, ...toListQuery(query)];
    const { values } = await core.json({ method: 'GET', path, query: pairs, signal }, page);
    const fresh = values.filter((item) => !seen.has(keyOf(item)));
    for (const item of fresh) seen.add(keyOf(item));
    if (seen.size > itemLimit) throw badResponse('values', false);
    yield* fresh;
    if (values.length < top || fresh.length === 0) return;
    skip += values.length;
  }
}

/** Gathers a list. */
export async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
