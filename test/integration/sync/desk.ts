/** A profile with its sync over a simulated provider, as a test needs it: virtual time, restarts, crashes. */

import { type Changes, type Conflicts, createChanges, createConflicts } from '../../../main/inbox/index.ts';
import type { ProviderSession } from '../../../main/providers/provider.ts';
import { type Store, StoreError } from '../../../main/store/index.ts';
import { createSync, type Sync, type SyncEvent } from '../../../main/sync/index.ts';
import { aNote } from '../../unit/inbox/model-fixtures.ts';
import { anAccount, aRow, commitIncrement, makeProfile, quickFolder } from '../store/open-profile.ts';
import { type Network, openSession, type Server } from './simulated-provider.ts';

export interface VirtualClock {
  at: number;
  now(): number;
  monotonicMs(): number;
  delay(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Time moves only by waiting for it. */
export function virtualClock(): VirtualClock {
  const clock: VirtualClock = {
    at: 10_000_000,
    now: () => clock.at,
    monotonicMs: () => clock.at,
    async delay(ms, signal) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      clock.at += ms;
    },
  };
  return clock;
}

export interface TestDesk {
  readonly clock: VirtualClock;
  readonly events: SyncEvent[];
  /** Where the runs lie. */
  readonly runsDir: string;
  store: Store;
  sync: Sync;
  /** What a person does, as the window asks for it. */
  changes: Changes;
  conflicts: Conflicts;
  /** Ends as a killed process does: nothing more reaches disk or network. Then starts again. */
  crash(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface DeskOptions {
  readonly network?: Network;
  readonly random?: () => number;
  readonly prefetchLimitBytes?: number | (() => number);
  /** The profile in memory where the system has a place for that: nothing here asks what a power cut leaves. */
  readonly quick?: boolean;
  /** Stands between sync and the simulated session. */
  readonly wrap?: (session: ProviderSession) => ProviderSession;
}

export async function openDesk(server: Server, options: DeskOptions = {}): Promise<TestDesk> {
  const { network = () => undefined, random = () => 0.5, prefetchLimitBytes = 1e6, wrap = (s) => s } = options;
  const profile = makeProfile(options.quick ? quickFolder() : undefined);
  const clock = virtualClock();
  const events: SyncEvent[] = [];
  let alive = { is: true };

  let made = 0;
  async function start(): Promise<Pick<TestDesk, 'store' | 'sync' | 'changes' | 'conflicts'>> {
    const life = { is: true };
    alive = life;
    const opened = await profile.open();
    const store = new Proxy(opened, {
      get:
        (target, name: keyof Store) =>
        async (...args: unknown[]) => {
          if (!life.is && name !== 'close') throw new StoreError('closed');
          return (target[name] as (...given: unknown[]) => Promise<unknown>)(...args);
        },
    });
    if ((await store.accounts()).length === 0) await store.putAccount(anAccount, '{}');
    const session = wrap(
      openSession(
        server,
        (call) => (life.is ? network(call) : 'no-connection'),
        () => true,
        () => clock.at,
      ),
    );
    const sync = createSync({
      store,
      clock,
      session: async () => session,
      prefetchLimitBytes: () => (typeof prefetchLimitBytes === 'number' ? prefetchLimitBytes : prefetchLimitBytes()),
      random,
    });
    sync.on((event) => void (life.is && events.push(event)));
    const deps = { store, clock, newId: () => `made-${++made}`, committed: () => undefined };
    return { store, sync, changes: createChanges(deps), conflicts: createConflicts(deps) };
  }

  async function again(isCrash: boolean): Promise<void> {
    if (isCrash) alive.is = false;
    await desk.sync.stop();
    await desk.store.close();
    Object.assign(desk, await start());
  }

  const desk: TestDesk = {
    clock,
    events,
    runsDir: profile.runsDir,
    ...(await start()),
    crash: () => again(true),
    restart: () => again(false),
    async close() {
      await desk.sync.stop();
      await desk.store.close();
      profile.remove();
    },
  };
  return desk;
}

export const localId = (remoteId: string) => `account-1:${remoteId}`;

export async function addNote(desk: TestDesk, remoteId: string, rowId: string, text: string): Promise<void> {
  const note = aNote(rowId, { mine: true, unsent: true, text, createdAt: desk.clock.now() });
  await desk.store.commitChange(aRow(localId(remoteId), { kind: 'note-added', text }, rowId), { note });
}

export async function decline(desk: TestDesk, remoteId: string, rowId: string): Promise<void> {
  const place = { documentId: 'document-1', signatureRequestId: 'request-1' };
  const row = aRow(localId(remoteId), { kind: 'decline', ...place, declinedAt: 1, reason: 'No' }, rowId);
  await desk.store.commitChange(row, {});
}

export async function fill(desk: TestDesk, remoteId: string, rowId: string, value: string): Promise<void> {
  const values = [{ documentId: 'document-1', formId: 'form-1', value }];
  await desk.store.commitChange(aRow(localId(remoteId), { kind: 'fill', values }, rowId), {});
}

/** Signs what is here of the document; the job's id names the row (`row-<jobId>`). */
export async function sign(
  desk: TestDesk,
  remoteId: string,
  jobId: string,
  requestId = 'request-1',
): Promise<Uint8Array> {
  const document = await desk.store.document(localId(remoteId), 'document-1');
  if (!document) throw new Error('nothing here to sign on');
  const base = await desk.store.readRevision(document.revision, 0, document.revision.sizeBytes);
  const increment = Buffer.from(`\nsigned by ${jobId}\n`.repeat(40));
  const { whole } = await commitIncrement(desk.store, localId(remoteId), base, increment, { jobId, requestId });
  return whole;
}
