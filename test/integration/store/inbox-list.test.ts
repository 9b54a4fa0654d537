/** The list of the inbox against a plain filter and sort over the same transactions: every view, condition and sort together. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusesOf } from '../../../main/inbox/index.ts';
import { COUNTED_ITEMS, type InboxQuery, type Store } from '../../../main/store/index.ts';
import { toSortKey } from '../../../main/store/items.ts';
import {
  type InboxSort,
  inboxSort,
  inboxView,
  sortOrder,
  type Transaction,
  transactionStatus,
} from '../../../preload/model.ts';
import { manyTransactions } from '../../sandbox/many-transactions.ts';
import { aTransaction } from '../../unit/inbox/model-fixtures.ts';
import { anAccount, aRow, makeProfile, type Profile } from './open-profile.ts';

const accountIds = ['account-1', 'account-2', 'account-3'];
const transactions = [
  // More than inbox-query.ts sorts or counts, so that each way to a page is taken.
  ...manyTransactions({ seed: 7, count: 3_000, accountIds, newestAt: 1_790_000_000_000 }),
];
const unsent = new Set(transactions.filter((_, i) => i % 97 === 0).map(({ id }) => id));

let profile: Profile;
let store: Store;
beforeAll(async () => {
  profile = makeProfile();
  store = await profile.open();
  for (const id of accountIds) {
    await store.putAccount({ ...anAccount, id, userId: id }, '{}');
    const own = transactions.filter((transaction) => transaction.accountId === id);
    for (let at = 0; at < own.length; at += 1000) await store.applyPull(id, own.slice(at, at + 1000), []);
  }
  for (const id of unsent) await store.commitChange(aRow(id, { kind: 'note-added', text: 'x' }, `row-${id}`), {});
});
afterAll(async () => {
  await store.close();
  profile.remove();
});

const compare = (a: number | string, b: number | string) => (a < b ? -1 : a > b ? 1 : 0);
const keys: Readonly<Record<InboxSort, (t: Transaction) => number | string>> = {
  updated: (t) => t.updatedAt,
  due: (t) => t.expiresAt ?? Number.MAX_SAFE_INTEGER,
  title: (t) => toSortKey(t.title),
  sender: (t) => toSortKey(t.senderName),
};

function beginsWord(t: Transaction, word: string): boolean {
  const others = t.documents.flatMap((d) => d.signatureRequests).filter((r) => !r.mine);
  const texts = [
    t.title,
    t.senderName,
    ...t.tags,
    ...others.map((r) => r.signerName),
    ...t.documents.map((d) => d.title),
  ];
  const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return texts.some((text) =>
    fold(text)
      .split(/[^\p{L}\p{N}]+/u)
      .some((each) => each.startsWith(fold(word))),
  );
}

function expected(query: InboxQuery): string[] {
  const ofView = statusesOf(query.view);
  const sort = query.sort ?? 'updated';
  const ascending = query.order ? query.order === 'ascending' : sort !== 'updated';
  const words = (query.search ?? '').split(' ').filter((word) => word !== '');
  return transactions
    .filter((t) => ofView?.includes(t.status) ?? (query.view === 'all' || unsent.has(t.id)))
    .filter((t) => query.statuses?.includes(t.status) ?? true)
    .filter((t) => query.accountId === undefined || t.accountId === query.accountId)
    .filter((t) => (query.tags ?? []).every((tag) => t.tags.includes(tag)))
    .filter((t) => !query.urgentOnly || t.urgent)
    .filter((t) => words.every((word) => beginsWord(t, word)))
    .toSorted((a, b) => {
      const byKey = compare(keys[sort](a), keys[sort](b)) * (ascending ? 1 : -1);
      if (byKey !== 0) return byKey;
      return compare(a.updatedAt, b.updatedAt) * (sort === 'updated' || !ascending ? 1 : -1);
    })
    .map(({ id }) => id);
}

/** Hits of words are counted as far as this or as the page reaches. */
function counted({ search, view, offset, limit }: InboxQuery, length: number) {
  const seen = Math.max(COUNTED_ITEMS, offset + limit);
  const isCut = search !== undefined && view !== 'outbox' && length > seen;
  return { total: isCut ? seen : length, hasMore: isCut };
}

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const queries = fc
  .record({
    view: fc.constantFrom(...inboxView.options),
    search: optional(
      fc.constantFrom('l', 'lea', 'contr', 'via roma', 'zurich', 'ann', 'nothing here', '1', 'pdf', 'mül'),
    ),
    accountId: optional(fc.constantFrom(...accountIds, 'nobody')),
    tags: optional(fc.subarray(['urgent client', 'property', 'clinic', 'unknown'], { maxLength: 2 })),
    urgentOnly: optional(fc.boolean()),
    statuses: optional(fc.subarray([...transactionStatus.options], { minLength: 1 })),
    sort: optional(fc.constantFrom(...inboxSort.options)),
    order: optional(fc.constantFrom(...sortOrder.options)),
    offset: fc.constantFrom(0, 0, 7, 400, 2500),
    limit: fc.constantFrom(1, 50, 500),
  })
  .map(
    (query) =>
      Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as unknown as InboxQuery,
  );

describe('a list of the inbox', () => {
  it('has what every condition leaves, in the order asked for, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const all = expected(query);
        const page = await store.inbox(query);
        expect(page).toMatchObject(counted(query, all.length));
        expect(page.items.map(({ id }) => id)).toEqual(all.slice(query.offset, query.offset + query.limit));
      }),
      { numRuns: 300, seed: 6021 },
    );
  });

  it.each(inboxSort.options)(
    'is counted as far as a key press allows where words are in most items, sorted by %s',
    async (sort) => {
      const query: InboxQuery = { view: 'all', search: 'pdf', sort, offset: 1990, limit: 20 };
      const page = await store.inbox(query);
      expect(page).toMatchObject({ total: 2010, hasMore: true });
      expect(page.items.map(({ id }) => id)).toEqual(expected(query).slice(1990, 2010));
      expect(await store.inbox({ ...query, countAll: true })).toMatchObject({
        total: transactions.length,
        hasMore: false,
      });
    },
  );

  it('comes with counts by view, of one account or all', async () => {
    const of = (accountId?: string) =>
      Object.fromEntries(
        inboxView.options.map((view) => [
          view,
          expected({ view, offset: 0, limit: 1, ...(accountId ? { accountId } : {}) }).length,
        ]),
      );
    expect((await store.inbox({ view: 'to-do', offset: 0, limit: 1, search: 'x' })).counts).toEqual(of());
    expect(await store.inboxAccounts()).toEqual(accountIds.map((accountId) => ({ accountId, counts: of(accountId) })));
  });

  it('comes with tags and how often each is used', async () => {
    const tally = new Map<string, number>();
    for (const tag of transactions.flatMap(({ tags }) => tags)) tally.set(tag, (tally.get(tag) ?? 0) + 1);
    const tags = await store.inboxTags();
    expect(new Map(tags.map(({ tag, count }) => [tag, count]))).toEqual(tally);
    expect(tags.map(({ count }) => count)).toEqual([...tally.values()].toSorted((a, b) => b - a));
    const own = transactions.filter((t) => t.accountId === 'account-2' && t.tags.includes('property'));
    expect((await store.inboxTags('account-2')).find(({ tag }) => tag === 'property')?.count).toBe(own.length);
  });
});

describe('items that change', () => {
  let own: Profile;
  let changing: Store;
  beforeAll(async () => {
    own = makeProfile();
    changing = await own.open();
    await changing.putAccount(anAccount, '{}');
  });
  afterAll(async () => {
    await changing.close();
    own.remove();
  });
  const list = async (query: Partial<InboxQuery> = {}) =>
    (await changing.inbox({ view: 'all', offset: 0, limit: 200, ...query })).items.map(({ remoteId }) => remoteId);

  it('move to the front, and leave no trace of what they were', async () => {
    await changing.applyPull(
      'account-1',
      [aTransaction('a', { updatedAt: 10, tags: ['old'] }), aTransaction('b', { updatedAt: 20 })],
      [],
    );
    expect(await list()).toEqual(['b', 'a']);
    await changing.applyPull(
      'account-1',
      [aTransaction('a', { updatedAt: 30, title: 'Deed', tags: ['new'], urgent: true })],
      [],
    );
    expect(await list()).toEqual(['a', 'b']);
    expect(await list({ search: 'old' })).toEqual([]);
    expect(await list({ search: 'deed', urgentOnly: true, tags: ['new'] })).toEqual(['a']);
    expect(await list({ tags: ['old'] })).toEqual([]);
    expect(await changing.inboxTags()).toEqual([{ tag: 'new', count: 1 }]);
  });

  it('are told apart where many changed in one millisecond, or at a time that makes no sense', async () => {
    const same = Array.from({ length: 150 }, (_, i) => aTransaction(`s${i}`, { updatedAt: 1000 }));
    const odd = [-5, 1e300, 0.5].map((updatedAt, i) => aTransaction(`o${i}`, { updatedAt, expiresAt: updatedAt }));
    await changing.applyPull('account-1', [...same, ...odd], []);
    expect(new Set(await list())).toEqual(new Set([...same, ...odd].map(({ remoteId }) => remoteId).concat('a', 'b')));
    expect((await list())[0]).toBe('o1');
    expect((await list({ sort: 'due' })).slice(0, 2)).toEqual(['o0', 'o2']);
  });

  it('cannot be given a status, tag or account by the words in them', async () => {
    const facets = Array.from({ length: 64 }, (_, i) => String.fromCodePoint(0xf0000 + i)).join(' ');
    await changing.applyPull('account-1', [aTransaction('forged', { title: `Forged ${facets}`, updatedAt: 5 })], []);
    expect(await list({ urgentOnly: true })).toEqual(['a']);
    expect(await list({ search: facets })).toContain('forged');
    expect(await list({ search: `forged ${String.fromCodePoint(0xf0001)}` })).toEqual(['forged']);
  });
});
