/** One session with a large profile, in a process of its own so that its memory is its own: prints what it measured as JSON. */
import { performance } from 'node:perf_hooks';
import { openStore } from '../../main/store/index.ts';
import type { InboxQuery } from '../../main/store/store.ts';
import { inboxSort, inboxView, sortOrder } from '../../preload/model.ts';
import { largeAccounts } from '../sandbox/large-profile.ts';
import { seededRandom } from '../sandbox/many-transactions.ts';

export interface SessionFigures {
  readonly startMs: number;
  readonly searchMs: readonly number[];
  readonly changeMs: readonly number[];
  readonly jumpMs: readonly number[];
  readonly deltaMs: readonly number[];
  readonly peakRssMb: number;
  readonly slowest: readonly { readonly ms: number; readonly query: string }[];
}

const [databasePath = '', runsDir = '', keyHex = ''] = process.argv.slice(2);
const options = { databasePath, runsDir, key: new Uint8Array(Buffer.from(keyHex, 'hex')) };
const random = seededRandom(99);
const page = (query: Partial<InboxQuery>): InboxQuery => ({ view: 'all', offset: 0, limit: 50, ...query });

const begun = performance.now();
const store = await openStore(options);
const first = await store.inbox(page({ view: 'to-do' }));
const startMs = performance.now() - begun;

const slowest: { ms: number; query: string }[] = [];
async function timedList(query: InboxQuery): Promise<number> {
  const start = performance.now();
  await store.inbox(query);
  const ms = performance.now() - start;
  slowest.push({ ms, query: JSON.stringify(query) });
  return ms;
}

/** Words as they stand in the profile, typed letter by letter, each key a search. */
async function type(): Promise<number[]> {
  const { items } = await store.inbox(page({ offset: Math.floor(random() * 50_000), limit: 40 }));
  const texts = items.flatMap(({ title, senderName, tags }) => [title, senderName, ...tags]);
  const ms: number[] = [];
  for (const text of texts.slice(0, 60)) {
    for (let end = 1; end <= Math.min(text.length, 16); end++) {
      ms.push(await timedList(page({ search: text.slice(0, end) })));
    }
  }
  return ms;
}

async function change(): Promise<number[]> {
  const ms: number[] = [];
  const narrowings: Partial<InboxQuery>[] = [
    {},
    { accountId: largeAccounts[0]?.id ?? '' },
    { accountId: largeAccounts[1]?.id ?? '' },
    { tags: ['urgent client'] },
    { tags: ['translation'] },
    { urgentOnly: true },
    { urgentOnly: true, tags: ['property'], accountId: largeAccounts[1]?.id ?? '' },
  ];
  for (const view of inboxView.options) {
    for (const sort of inboxSort.options) {
      for (const order of sortOrder.options) {
        for (const narrowing of narrowings) ms.push(await timedList(page({ view, sort, order, ...narrowing })));
      }
    }
  }
  return ms;
}

async function jump(): Promise<number[]> {
  const ms: number[] = [];
  for (const sort of inboxSort.options) {
    for (let at = 0; at < 10; at++) {
      ms.push(await timedList(page({ sort, offset: Math.floor(random() * 99_000), limit: 100 })));
    }
  }
  return ms;
}

async function delta(): Promise<number[]> {
  const ms: number[] = [];
  for (let round = 0; round < 20; round++) {
    const { items } = await store.inbox(page({ accountId: largeAccounts[0]?.id ?? '', offset: round * 10, limit: 10 }));
    const changed = await Promise.all(items.map(({ id }) => store.transaction(id)));
    const now = changed.flatMap((one) => (one ? [{ ...one, updatedAt: Date.now(), urgent: !one.urgent }] : []));
    const start = performance.now();
    await store.applyPull(largeAccounts[0]?.id ?? '', now, []);
    await store.inbox(page({}));
    ms.push(performance.now() - start);
  }
  return ms;
}

if (first.items.length === 0) throw new Error('the profile is empty');
const changeMs = await change();
const searchMs = await type();
const jumpMs = await jump();
const deltaMs = await delta();
const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
await store.close();
slowest.sort((a, b) => b.ms - a.ms);
const figures: SessionFigures = {
  startMs,
  searchMs,
  changeMs,
  jumpMs,
  deltaMs,
  peakRssMb,
  slowest: slowest.slice(0, 12),
};
process.stdout.write(JSON.stringify(figures));
