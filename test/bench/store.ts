/**
 * The store with 100,000 transactions of 250,000 documents: reading them in, then a session in a process of its own (start, typing,
 * filters and sorts, jumps, changes coming in), then documents' encryption against the cipher alone.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openStore } from '../../main/store/index.ts';
import { commitIncrement, putBase } from '../integration/store/open-profile.ts';
import { fillLarge, largeAccounts } from '../sandbox/large-profile.ts';
import { manyTransactions } from '../sandbox/many-transactions.ts';
import { aTransaction } from '../unit/inbox/model-fixtures.ts';
import { type Bench, type BenchRow, median, percentile, timed } from './bench.ts';
import type { EncryptionFigures } from './store-encryption.ts';
import type { SessionFigures } from './store-session.ts';

const COUNT = 100_000;
const NEWEST_AT = 1_790_000_000_000;
const key = new Uint8Array(randomBytes(32));
const session = fileURLToPath(new URL('store-session.ts', import.meta.url));
const encryptionEntry = fileURLToPath(new URL('store-encryption.ts', import.meta.url));

/** A page of a first sync at a time, as main hands them to the store; what the loop of this thread felt of it. */
async function pullPages(folder: string, report: (row: BenchRow) => void): Promise<void> {
  const store = await openStore({ databasePath: join(folder, 'pages.db'), runsDir: join(folder, 'pages'), key });
  const accountId = largeAccounts[0]?.id ?? '';
  for (const account of largeAccounts) await store.putAccount(account, '{}');
  const options = { seed: 3, count: 5_000, newestAt: NEWEST_AT, accountIds: [accountId] };
  const transactions = [...manyTransactions(options)];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const ms = await timed(async () => {
    for (let at = 0; at < transactions.length; at += 100) {
      await store.applyPull(accountId, transactions.slice(at, at + 100), []);
    }
  });
  delay.disable();
  report({ what: 'pull 1,000 transactions', ms: ms / 5 });
  report({ what: '  loop delay of main, p99', ms: delay.percentile(99) / 1e6 });
  await store.close();
}

/** Signed documents on the disk for good: each waited for, and as they come in from a batch. */
async function commits(folder: string, report: (row: BenchRow) => void): Promise<void> {
  const each = 200;
  const store = await openStore({ databasePath: join(folder, 'commits.db'), runsDir: join(folder, 'commits'), key });
  const [account] = largeAccounts;
  if (!account) return;
  await store.putAccount(account, '{}');
  const items = Array.from({ length: 2 * each }, (_, i) => aTransaction(`t${i}`, { accountId: account.id }));
  await store.applyPull(account.id, items, []);
  const bases = items.map(() => randomBytes(50_000));
  for (const [i, base] of bases.entries()) await putBase(store, items[i]?.id ?? '', base);
  const commit = (i: number) =>
    commitIncrement(store, items[i]?.id ?? '', bases[i] ?? Buffer.alloc(0), randomBytes(16_000), { jobId: `job-${i}` });
  const aloneMs = await timed(async () => {
    for (let i = 0; i < each; i++) await commit(i);
  });
  const groupMs = await timed(async () => {
    for (let at = each; at < 2 * each; at += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => commit(at + i)));
    }
  });
  report({ what: 'commit a signed document', ms: aloneMs / each });
  report({ what: '  twenty at once', ms: groupMs / each, floorMs: aloneMs / each, floor: 'one by one' });
  await store.close();
}

/** In a process of its own, as the store has a thread of its own: in a large heap each piece is written to memory never touched before. */
async function encryption(folder: string, report: (row: BenchRow) => void): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', encryptionEntry, folder]);
  const { rawMs, sealedMs, storedMs } = JSON.parse(stdout) as EncryptionFigures;
  const floor = { floorMs: rawMs, floor: 'AES-256-GCM' };
  report({ what: 'encrypt 64 MB in chunks', ms: sealedMs, ...floor });
  report({ what: 'hash, encrypt, write 64 MB', ms: storedMs, ...floor });
}

export const store: Bench = {
  subject: 'store',
  async run(report) {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
    try {
      await encryption(folder, report);
      await commits(folder, report);
      await pullPages(folder, report);
      const places = { databasePath: join(folder, 'desk.db'), runsDir: join(folder, 'runs') };
      const large = await openStore({ ...places, key });
      const ms = await timed(() => fillLarge(large, { count: COUNT, newestAt: NEWEST_AT }));
      await large.close();
      report({ what: `make ${COUNT} transactions`, ms });
      const args = [session, places.databasePath, places.runsDir, Buffer.from(key).toString('hex')];
      const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
      const { startMs, searchMs, changeMs, jumpMs, deltaMs, peakRssMb } = JSON.parse(stdout) as SessionFigures;
      report({ what: 'open, thread and first page', ms: startMs, peakRssMb });
      for (const [what, values] of [
        ['key press in the search', searchMs],
        ['filter or sort changed', changeMs],
        ['jump in the list', jumpMs],
        ['delta of 10, and the list', deltaMs],
      ] as const) {
        report({ what, ms: median(values) });
        report({ what: '  p99', ms: percentile(values, 0.99) });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
