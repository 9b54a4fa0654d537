/**
 * Syncing with a local Signing Today sandbox in a process of its own: the first sync of an inbox, how soon its first page is there, and a
 * later one with ten changes. The floor of a first sync is the same lists read from the same server and parsed as JSON.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../main/platform/clock.ts';
import { createHttp } from '../../main/platform/undici-http.ts';
import { createProviders, formatCredentials } from '../../main/providers/index.ts';
import { openStore } from '../../main/store/index.ts';
import { createSync } from '../../main/sync/index.ts';
import { type Bench, median, timed } from './bench.ts';

const TRANSACTIONS = 3000;
const CHANGES = 10;
const DELTAS = 7;

export type ServerMessage =
  | { readonly kind: 'ready'; readonly url: string; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'touched' };

/** The sandbox in its own process, so that its work is not on this one's loop. */
function startServer(): Promise<{ child: ChildProcess; ready: Extract<ServerMessage, { kind: 'ready' }> }> {
  const entry = fileURLToPath(new URL('./sync-server.ts', import.meta.url));
  const child = fork(entry, [String(TRANSACTIONS)], { execArgv: ['--no-warnings'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (ready: Extract<ServerMessage, { kind: 'ready' }>) => resolve({ child, ready }));
  });
}

function touch(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('message', () => resolve());
    child.send(CHANGES);
  });
}

export const syncing: Bench = {
  subject: 'sync',
  async run(report) {
    const dir = await mkdtemp(join(tmpdir(), 'bench-sync-'));
    const { child, ready } = await startServer();
    const http = await createHttp({});
    const store = await openStore({
      databasePath: join(dir, 'desk.db'),
      runsDir: join(dir, 'runs'),
      key: new Uint8Array(32).fill(1),
    });
    const clock = systemClock;
    const providers = createProviders({ http, clock });
    const sync = createSync({ store, clock, session: providers.sessions(store), prefetchLimitBytes: () => 0 });
    try {
      const provider = providers.provider('signing-today');
      if (!provider) throw new Error('no Signing Today');
      const { url: baseUrl, clientId, clientSecret } = ready;
      const signIn = { baseUrl, username: 'me@bench', password: 'bench', clientId, clientSecret };
      const { credentials, userId, userName } = await provider.signIn(signIn);
      const account = { id: 'bench', provider: 'signing-today' as const, baseUrl, userId, userName, label: 'Bench' };
      await store.putAccount({ ...account, state: 'signed-in' }, formatCredentials(credentials));

      const floorMs = await timed(async () => {
        for (let skip = 0; skip < TRANSACTIONS; skip += 250) {
          const answer = await fetch(
            `${baseUrl}/DSTs?template=false&$top=250&$skip=${skip}&$count=true&$orderBy=updatedAt,desc`,
            {
              headers: { authorization: `Bearer ${credentials.accessToken}` },
            },
          );
          await answer.json();
        }
      });
      const startMs = performance.now();
      let firstPageMs: number | undefined;
      sync.on((event) => {
        if (event.kind === 'inbox-changed') firstPageMs ??= performance.now() - startMs;
      });
      const firstMs = await timed(() => sync.syncNow());
      const { total } = await store.inbox({ view: 'all', offset: 0, limit: 1 });
      if (total !== TRANSACTIONS) throw new Error(`${total} of ${TRANSACTIONS} transactions came`);
      const perSecond = Math.round(TRANSACTIONS / (firstMs / 1000));
      report({ what: `first page of ${TRANSACTIONS}`, ms: firstPageMs ?? Number.NaN });
      report({ what: `first sync, ${perSecond} a second`, ms: firstMs, floorMs, floor: 'the lists, read and parsed' });

      const deltas: number[] = [];
      for (let i = 0; i < DELTAS; i += 1) {
        await touch(child);
        let pulled = 0;
        const delta = async () => {
          pulled = (await sync.syncNow()).pulled;
        };
        deltas.push(await timed(delta));
        if (pulled !== CHANGES) throw new Error(`${pulled} of ${CHANGES} changes came`);
      }
      report({ what: `delta of ${CHANGES} changes`, ms: median(deltas) });
    } finally {
      await sync.stop();
      await store.close();
      await http.close();
      child.disconnect();
      await rm(dir, { recursive: true, force: true });
    }
  },
};
