/** The composition root: the only file that wires the rooms together. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createPcscWatch } from '../native/pcsc-client.ts';
import type { EventName, EventPayload } from '../preload/contract.ts';
import type { Host } from './host/host.ts';
import { createChanges } from './inbox/index.ts';
import { createHandlers, createRouter, type Dispatch, listenForDesks, type Rooms } from './ipc/index.ts';
import { createTimestampPool, parseCertificate, parsePem } from './pki/index.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { entryUrl } from './platform/entries.ts';
import { createLogger } from './platform/logger.ts';
import { makePrivateFolder, profileId, profilePaths } from './platform/paths.ts';
import { openSettings, type SettingsKeeper } from './platform/settings-keeper.ts';
import { createHttp } from './platform/undici-http.ts';
import { startWorker } from './platform/worker-rpc.ts';
import { createProviders } from './providers/index.ts';
import { createSigning, type Engine, type SigningEvent } from './signing/index.ts';
import { loadDataKey, openStore } from './store/index.ts';
import { createIdentityBook, createSync } from './sync/index.ts';
import type { Sync, SyncEvent } from './sync/sync.ts';
import { checkModule, createLiveTokens, createTokens, type LiveTokens } from './tokens/index.ts';

export interface DeskOptions {
  /** The profile's folder, absolute. */
  readonly root: string;
  readonly version: string;
  /** What the set-up lacks, for the person to know (no PC/SC library …). */
  readonly missing?: readonly string[];
  /** Poll the providers and sweep the outbox by itself; the command line asks for each sync. */
  readonly background: boolean;
  readonly clock?: Clock;
}

export interface Desk {
  readonly onCall: Dispatch;
  on(listener: <N extends EventName>(name: N, payload: EventPayload<N>) => void): () => void;
  close(): Promise<void>;
}

/** A command of another process that goes through this desk gets this long to end. */
const DRAIN_MS = 10_000;
const TIMESTAMP_RETRY_MS = 5_000;
const TIMESTAMP_TIMEOUT_MS = 20_000;

type Emit = Rooms['emit'];

async function readAnchors(settings: SettingsKeeper): Promise<Uint8Array[]> {
  const anchors: Uint8Array[] = [];
  for (const path of settings.current().trustAnchors) {
    const text = await readFile(path, 'utf8').catch(() => '');
    anchors.push(...parsePem(text));
  }
  return anchors;
}

function forwardSigning(emit: Emit): (event: SigningEvent) => void {
  return (event) => {
    if (event.kind === 'progress') {
      emit('signing.progress', { batchId: event.batchId, job: event.job });
      emit('inbox.changed', { transactionIds: [event.job.transactionId] });
    } else {
      const stopped = event.stopped === undefined ? {} : { stopped: event.stopped };
      emit('signing.ended', { batchId: event.batchId, ...stopped });
    }
  };
}

/** Deliveries asked for while one runs are run once more after it, never side by side. */
function deliverer(sync: () => Sync, report: (error: unknown) => void) {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await sync().deliver().catch(report);
    } while (again);
    running = undefined;
  };
  return {
    nudge() {
      again = true;
      running ??= run();
    },
    settled: () => running ?? Promise.resolve(),
  };
}

/**
 * Opens the profile and starts its threads.
 * @throws StoreError profile-locked, wrong-key, damaged …; HostError secret-unreadable
 */
export async function createDesk(host: Host, options: DeskOptions): Promise<Desk> {
  const clock = options.clock ?? systemClock;
  const paths = profilePaths(options.root);
  const id = await profileId(paths.root);
  await mkdir(dirname(paths.logFile), { recursive: true, mode: 0o700 });
  const logger = createLogger({ destination: paths.logFile, level: 'info' });
  const key = await loadDataKey(host.secrets, id);
  const store = await openStore({ databasePath: paths.database, runsDir: paths.runs, key });
  const engine = startWorker<Engine>(entryUrl('engine-worker'), { runsDir: paths.runs, key });
  const settings = await openSettings(store);
  const http = await createHttp(await settings.httpOptions());
  const providers = createProviders({ http, clock });
  const listeners = new Set<<N extends EventName>(name: N, payload: EventPayload<N>) => void>();
  const emit: Emit = (name, payload) => {
    for (const tell of listeners) tell(name, payload);
  };
  const report = (where: string, error: unknown) => logger.error('failed', { where, error: errorFacts(error) });

  const sessionFor = providers.sessions(store);
  const identities = createIdentityBook({ store, clock, session: sessionFor });
  const startTokenHost = (args: readonly string[]) => host.startProcess('token-host', args);
  const tokens = createTokens({
    startProcess: startTokenHost,
    modulePaths: () => liveTokens.modulePaths(),
    atrOf: (slotDescription) => liveTokens.atrOf(slotDescription),
    parseCertificate,
    clock,
  });
  const liveTokens: LiveTokens = createLiveTokens({
    pcsc: createPcscWatch({ startProcess: () => host.startProcess('pcsc-host', []), clock }),
    clock,
    userModules: () => settings.current().pkcs11Modules,
    list: (modulePath) => tokens.list([], modulePath),
  });
  let readersWereAway = false;
  liveTokens.on((change) => {
    emit('tokens.changed', change);
    // Every handle of a module is void once its reader service was away.
    if (readersWereAway && change.service === 'running') tokens.reopen().catch((error) => report('reopen', error));
    readersWereAway = change.service !== 'running';
  });
  let anchors = await readAnchors(settings);
  const timestamp = createTimestampPool({
    urls: () => settings.current().timestampAuthorities,
    http,
    clock,
    timeoutMs: TIMESTAMP_TIMEOUT_MS,
  });
  const sync: Sync = createSync({
    store,
    clock,
    session: sessionFor,
    prefetchLimitBytes: () => settings.current().prefetchLimitBytes,
  });
  const delivery = deliverer(
    () => sync,
    (error) => report('deliver', error),
  );
  const validation = () => ({ anchors, at: clock.now() });
  const signing = createSigning({
    store,
    engine: engine.remote,
    tokens,
    timestamp: (message, signal) => timestamp.timestamp(message, signal),
    validation,
    clock,
    newId: randomUUID,
    emit: forwardSigning(emit),
    committed: delivery.nudge,
    alwaysTimestamp: () => settings.current().timestampAuthorities.length > 0,
  });
  const changes = createChanges({
    store,
    clock,
    newId: randomUUID,
    committed: (transactionId) => {
      emit('inbox.changed', { transactionIds: [transactionId] });
      delivery.nudge();
    },
  });
  let wasOnline = true;
  sync.on((event: SyncEvent) => {
    switch (event.kind) {
      case 'inbox-changed':
        return emit('inbox.changed', { transactionIds: [...event.transactionIds] });
      case 'status': {
        const { online, waiting } = event.status;
        if (online && !wasOnline) void signing.retry(true).catch((error) => report('retry', error));
        wasOnline = online;
        return emit('sync.changed', { online, waiting });
      }
      case 'delivery':
        void signing.delivery(event).catch((error) => report('delivery', error));
    }
  });

  const rooms: Rooms = {
    info: {
      version: options.version,
      host: host.kind,
      secretStore: host.secrets.kind,
      profile: paths.root,
      missing: [...(options.missing ?? [])],
    },
    host,
    clock,
    store,
    sync,
    tokens,
    liveTokens,
    checkModule: (path) => checkModule(path, { startProcess: startTokenHost, clock }),
    signing,
    changes,
    newId: randomUUID,
    provider: providers.provider,
    identities,
    settings: {
      get: settings.current,
      async change(change) {
        const changed = await settings.change(change);
        anchors = await readAnchors(settings);
        return changed;
      },
    },
    validate: (revision) => engine.remote.validate(revision, validation()),
    emit,
  };
  const onCall = createRouter(createHandlers(rooms), report);
  if (paths.socketFolder !== undefined) await makePrivateFolder(paths.socketFolder);
  const socket = await listenForDesks(paths.socket, onCall);
  listeners.add((name, payload) => socket.emit(name, payload));

  const ending = new AbortController();
  const retries = retryTimestamps();
  async function retryTimestamps(): Promise<void> {
    while (!ending.signal.aborted) {
      await clock.delay(TIMESTAMP_RETRY_MS, ending.signal).catch(() => undefined);
      if (!ending.signal.aborted) await signing.retry(false).catch((error) => report('retry', error));
    }
  }
  await signing.resume();
  if (options.background) sync.start();

  return {
    onCall,
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      ending.abort();
      await socket.close(DRAIN_MS);
      await signing.stop();
      await sync.stop();
      await delivery.settled();
      await retries;
      await Promise.all([liveTokens.close(), tokens.close()]);
      await engine.close();
      await http.close();
      await store.close();
    },
  };
}

/** Name and code only: no message of unknown making goes into the log. */
function errorFacts(error: unknown): Record<string, unknown> {
  const about = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const stack = error instanceof Error ? error.stack?.split('\n').slice(1, 6) : undefined;
  return { name: about.name, code: about.code, stack };
}
