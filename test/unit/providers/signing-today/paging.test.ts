import { describe, expect, it } from 'vitest';
import type { TransactionPage } from '../../../../main/providers/provider.ts';
import { pages } from '../../../../main/providers/signing-today/paging.ts';
import { createPeople } from '../../../../main/providers/signing-today/people.ts';
import { createRequestCore } from '../../../../main/providers/signing-today/request-core.ts';
import { toTimestamp } from '../../../../main/providers/signing-today/timestamps.ts';
import { baseUrl, clock, me, other, type ScriptedAnswer, type Seen, scripted, type Wire, wireDst } from './fixtures.ts';

/** `id` changed at minute `minute`. */
const item = (id: string, minute: number, more: Wire = {}): Wire =>
  wireDst({ id, updatedAt: toTimestamp(minute * 60_000), ...more });

function served(list: (skip: number, top: number) => ScriptedAnswer, user: ScriptedAnswer = { status: 404 }) {
  const http = scripted(({ path }) => {
    if (!path.startsWith('/DSTs?')) return user;
    const query = new URLSearchParams(path.slice(path.indexOf('?')));
    return list(Number(query.get('$skip')), Number(query.get('$top')));
  });
  const core = createRequestCore({ http, clock, baseUrl, authorizer: { current: async () => 'Bearer x' } });
  return {
    http,
    async read(options: { updatedSince?: number; top?: number; most?: number } = {}): Promise<TransactionPage[]> {
      const all: TransactionPage[] = [];
      for await (const page of pages(core, createPeople(core), me, { top: 10, ...options })) all.push(page);
      return all;
    },
  };
}

const sliced = (items: readonly Wire[]) => (skip: number, top: number) => ({
  body: { count: items.length, values: items.slice(skip, skip + top) },
});
const ids = (read: readonly TransactionPage[]) =>
  read.flatMap(({ items }) => items.map(({ transaction }) => transaction.remoteId));
const lists = (seen: readonly Seen[]) => seen.filter(({ path }) => path.startsWith('/DSTs?')).map(({ path }) => path);

describe('reading all DSTs', () => {
  it('asks for instances, newest change first, and gives each once', async () => {
    const all = Array.from({ length: 25 }, (_, i) => item(`d${i}`, 100 - i));
    const { read, http } = served(sliced(all));
    const read1 = await read();
    expect(ids(read1)).toEqual(all.map(({ id }) => id));
    expect(read1[0]?.total).toBe(25);
    expect(new URLSearchParams(lists(http.seen)[0]?.slice(6)).toString()).toBe(
      new URLSearchParams([
        ['template', 'false'],
        ['$top', '10'],
        ['$skip', '0'],
        ['$count', 'true'],
        ['$orderBy', 'updatedAt,desc'],
      ]).toString(),
    );
  });

  it.each([0, 1, 9, 10, 11, 17, 18])('ends at the end (%i items)', async (length) => {
    const all = Array.from({ length }, (_, i) => item(`d${i}`, 100 - i));
    expect(ids(await served(sliced(all)).read())).toHaveLength(length);
  });

  it('misses nothing when items before the page leave the list meanwhile', async () => {
    const all = Array.from({ length: 25 }, (_, i) => item(`d${i}`, 100 - i));
    let left = all;
    const { read } = served((skip, top) => {
      const answer = sliced(left)(skip, top);
      left = left.slice(2);
      return answer;
    });
    const found = ids(await read());
    expect(found).toEqual([...new Set(found)]);
    expect(found).toEqual(all.map(({ id }) => id));
  });

  it('gives nothing twice when new ones arrive meanwhile', async () => {
    const all = Array.from({ length: 25 }, (_, i) => item(`d${i}`, 100 - i));
    let list: Wire[] = all;
    const { read } = served((skip, top) => {
      const answer = sliced(list)(skip, top);
      list = [item(`new${list.length}`, 1000 + list.length), ...list];
      return answer;
    });
    const found = ids(await read());
    expect(found).toEqual([...new Set(found)]);
    expect(found).toEqual(all.map(({ id }) => id));
  });

  it('ends where a server shows the same page for ever', async () => {
    const all = Array.from({ length: 10 }, (_, i) => item(`d${i}`, 100 - i));
    const { read, http } = served(() => ({ body: { values: all } }));
    expect(ids(await read())).toHaveLength(10);
    expect(lists(http.seen)).toHaveLength(2);
    const junk = served(() => ({ body: { values: new Array(10).fill('junk') } }));
    expect((await junk.read())[0]?.unreadable).toHaveLength(10);
    expect(lists(junk.http.seen)).toHaveLength(1);
  });

  it('ends where a server invents items without end, and says so', async () => {
    const endless = (skip: number, top: number) => ({
      body: { count: skip + 100, values: Array.from({ length: top }, (_, i) => item(`d${skip + i}`, 1e6 - skip - i)) },
    });
    const { read, http } = served(endless);
    await expect(read({ most: 100 })).rejects.toMatchObject({ code: 'bad-response', field: 'values' });
    expect(lists(http.seen).length).toBeLessThan(20);
  });

  it('goes on past a page of nothing but unreadable items where the server says there is more', async () => {
    const all = [...new Array(10).fill('junk'), item('good', 1)];
    expect(ids(await served(sliced(all)).read())).toEqual(['good']);
  });

  it('cuts what is older than asked, and asks no further', async () => {
    const all = Array.from({ length: 100 }, (_, i) => item(`d${i}`, 100 - i));
    const { read, http } = served(sliced(all));
    expect(ids(await read({ updatedSince: 95 * 60_000 }))).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd5']);
    expect(lists(http.seen)).toHaveLength(1);
  });

  it('does not trust an order that is none: then all pages are read', async () => {
    const all = Array.from({ length: 30 }, (_, i) => item(`d${i}`, i));
    const { read } = served(sliced(all));
    expect(ids(await read({ updatedSince: 28 * 60_000 }))).toEqual(['d28', 'd29']);
  });

  it('keeps what has no time of change', async () => {
    const timeless = item('t', 0, { updatedAt: null, publishedAt: null, createdAt: null });
    expect(ids(await served(sliced([timeless])).read({ updatedSince: 1e15 }))).toEqual(['t']);
  });

  it('always gives a first page, so that an empty inbox is told from none', async () => {
    expect(await served(sliced([])).read()).toEqual([{ items: [], total: 0, unreadable: [] }]);
  });
});

describe('senders', () => {
  const all = [item('a', 2), item('b', 1)];

  it('are looked up once', async () => {
    const { read, http } = served(sliced(all), { body: { id: other, name: 'Charles', surname: 'Babbage' } });
    const [page] = await read();
    expect(page?.items.map(({ transaction }) => transaction.senderName)).toEqual([
      'Charles Babbage',
      'Charles Babbage',
    ]);
    expect(http.seen.filter(({ path }) => path === `/user/${other}`)).toHaveLength(1);
  });

  it.each([[{ status: 403 }], [{ status: 404 }], [{ status: 500 }], [{ body: '<html>' }]])(
    'stay without a name where that fails: %j',
    async (answer) => {
      const [page] = await served(sliced(all), answer).read();
      expect(page?.items.map(({ transaction }) => transaction.senderName)).toEqual(['', '']);
    },
  );
});
