/** The composition root: the only file that wires the rooms together. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { openTokens } from './desk-tokens.ts';
import { createDevices } from './devices/index.ts';
import { createFiles } from './files/index.ts';
import type { Host } from './host/host.ts';
import { createChanges, createConflicts, createNotices } from './inbox/index.ts';
import {
  createEvents,
  createHandlers,
  createRouter,
  createSavedCopies,
  type Dispatch,
  type EventListener,
  forwardFiles,
  forwardSigning,
  listenForDesks,
  type Rooms,
} from './ipc/index.ts';
import {
  createChainBuilder,
  createFolderCache,
  createRevocationClient,
  createTimestampPool,
  createValidationDataCollector,
  parseCertificate,
  parsePem,
} from './pki/index.ts';
import { openAuthorityBook } from './platform/authority-access.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { type Closers, createClosers } from './platform/closers.ts';
import { entryUrl } from './platform/entries.ts';
import { errorFacts } from './platform/error-facts.ts';
import { readTail } from './platform/file-tail.ts';
import { createLogger } from './platform/logger.ts';
import { networksHere } from './platform/networks.ts';
import { makePrivateFolder, profileId, profilePaths } from './platform/paths.ts';
import { openSettings, type SettingsKeeper } from './platform/settings-keeper.ts';
import { createHttp } from './platform/undici-http.ts';
import { startWorker } from './platform/worker-rpc.ts';
import { createPractice, practiceProgram } from './practice/index.ts';
import { createProviders } from './providers/index.ts';
import { createSignIns } from './providers/sign-ins.ts';
import { checkSigner, createSigning, type Engine, remoteReport, type Signing } from './signing/index.ts';
import { loadDataKey, openStore } from './store/index.ts';
import { createDeliverer, createIdentityBook, createSync } from './sync/index.ts';
import type { Sync, SyncEvent } from './sync/sync.ts';
import { createUpdates, updateNotice } from './updates/index.ts';

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
  on(listener: EventListener): () => void;
  close(): Promise<void>;
}

/** A command of another process that goes through this desk gets this long to end. */
const DRAIN_MS = 10_000;
/** The inbox comes first; what needs the engine earlier starts it. */
const ENGINE_AFTER_MS = 1_000;
const TIMESTAMP_RETRY_MS = 5_000;
const TIMESTAMP_TIMEOUT_MS = 20_000;

type Emit = Rooms['emit'];

const systemLanguage = () => Intl.DateTimeFormat().resolvedOptions().locale;

/** What somebody who helps reads of the log. */
const LOG_TAIL_BYTES = 64 * 1024;

async function readAnchors(settings: SettingsKeeper): Promise<Uint8Array[]> {
  const anchors: Uint8Array[] = [];
  for (const path of settings.current().trustAnchors) {
    const text = await readFile(path, 'utf8').catch(() => '');
    anchors.push(...parsePem(text));
  }
  return anchors;
}

/** The profile's own things: log, database and runs, engine thread, settings, HTTP. */
async function openProfile(host: Host, root: string, closers: Closers) {
  const paths = profilePaths(root);
  const id = await profileId(paths.root);
  await mkdir(dirname(paths.logFile), { recursive: true, mode: 0o700 });
  const logger = createLogger({ destination: paths.logFile, level: 'info' });
  closers.add(() => logger.close());
  const key = await loadDataKey(host.secrets, id, !existsSync(paths.database), paths.keyHolder);
  const report: Report = (where, error) => logger.error('failed', { where, error: errorFacts(error) });
  const events = createEvents((error) => report('emit', error));
  const store = await openStore({
    ...{ databasePath: paths.database, runsDir: paths.runs, key },
    onDeath: (cause) => report('store', cause),
    // Open again, or by which code not: the window learns either by asking anew.
    onReopened(error) {
      if (error) report('store', error);
      events.emit('inbox.changed', { transactionIds: [] });
    },
  });
  closers.add(() => store.close());
  const settings = await openSettings(store);
  const http = await createHttp(await settings.httpOptions());
  closers.add(() => http.close());
  // Its jobs are stored before and after every call: a dead engine costs the calls under way, and they are made again.
  const engine = startWorker<Engine>(
    entryUrl('engine-worker'),
    { runsDir: paths.runs, key },
    { restart: true, laterMs: ENGINE_AFTER_MS, onDeath: (cause) => report('engine', cause) },
  );
  closers.add(() => engine.close());
  return { paths, store, settings, http, engine: engine.remote, report, ...events };
}
type Report = (where: string, error: unknown) => void;

/** What sync tells: to the window, and to the jobs whose signatures it delivers. */
function followSync(sync: Sync, signing: Signing, emit: Emit, report: Report): void {
  let wasOnline = true;
  sync.on((event: SyncEvent) => {
    switch (event.kind) {
      case 'inbox-changed':
        return emit('inbox.changed', { transactionIds: [...event.transactionIds] });
      case 'status': {
        const { online, waiting, needsAttention, paused } = event.status;
        if (online && !wasOnline) signing.retry(true).catch((error) => report('retry', error));
        wasOnline = online;
        return emit('sync.changed', { online, waiting, needsAttention, paused });
      }
      case 'delivery':
        signing.delivery(event).catch((error) => report('delivery', error));
    }
  });
}

/** Waiting timestamps are tried again when their time has come. */
function retryTimestamps(signing: Signing, clock: Clock, report: Report): () => Promise<void> {
  const ending = new AbortController();
  const loop = async () => {
    while (!ending.signal.aborted) {
      await clock.delay(TIMESTAMP_RETRY_MS, ending.signal).catch(() => undefined);
      if (!ending.signal.aborted) await signing.retry(false).catch((error) => report('retry', error));
    }
  };
  const running = loop();
  return async () => {
    ending.abort();
    await running;
  };
}

async function wire(host: Host, options: DeskOptions, closers: Closers): Promise<Omit<Desk, 'close'>> {
  const clock = options.clock ?? systemClock;
  const profile = await openProfile(host, options.root, closers);
  const { paths, store, settings, http, engine, report, emit, on } = profile;
  const providers = createProviders({ http, clock });
  const session = providers.sessions(store);
  const { tokens, liveTokens, watchesSystem, checkModule: check } = openTokens(host, clock, profile, emit, closers);
  let anchors = await readAnchors(settings);
  const validation = () => ({ anchors, at: clock.now() });
  const prefetchLimitBytes = () => settings.current().prefetchLimitBytes;
  const sync = createSync({ store, clock, session, prefetchLimitBytes, networks: networksHere });
  const delivery = createDeliverer(sync, (error) => report('deliver', error));
  closers.add(async () => {
    await sync.stop();
    await delivery.settled();
  });
  const httpOptions = await settings.httpOptions();
  const authorities = await openAuthorityBook({
    store,
    urls: () => settings.current().timestampAuthorities,
    openHttp: (client) => createHttp({ ...httpOptions, client }),
  });
  closers.add(() => authorities.close());
  const hasAuthority = () => settings.current().timestampAuthorities.length > 0;
  const urls = () => authorities.authorities();
  const { timestamp } = createTimestampPool({ urls, http, clock, timeoutMs: TIMESTAMP_TIMEOUT_MS });
  const asking = { http, clock, timeoutMs: TIMESTAMP_TIMEOUT_MS, cache: createFolderCache(paths.answers) };
  const collector = createValidationDataCollector(createChainBuilder(asking), createRevocationClient(asking));
  const checkIdentity = async (identityId: string, signal?: AbortSignal) => {
    const signer = tokens.certificateOf(identityId);
    return signer && checkSigner({ collector, anchors, clock }, signer, signal);
  };
  const files = createFiles({
    ...{ store, engine, tokens, collector, clock, newId: randomUUID },
    timestamp,
    anchors: () => anchors,
    hasAuthority,
    commonNameOf: (certificate) => parseCertificate(certificate).commonName,
    emit: forwardFiles(emit),
  });
  closers.add(() => files.close());
  const signing = createSigning({
    store,
    engine,
    tokens,
    timestamp,
    collector,
    checkIdentity,
    validation,
    mend: (transactionId, documentId) => sync.mendDocument(transactionId, documentId),
    clock,
    newId: randomUUID,
    emit: forwardSigning(emit),
    unreadable: (jobId, error) => report(`job ${jobId}`, error),
    committed: delivery.nudge,
    hasAuthority,
  });
  closers.add(() => signing.stop());
  const changed = (transactionId: string | undefined) => {
    emit('inbox.changed', { transactionIds: transactionId === undefined ? [] : [transactionId] });
    delivery.nudge();
  };
  const devices = createDevices({
    store,
    session,
    clock,
    newId: randomUUID,
    computerName: hostname(),
    pairingChanged: (pairingId, state) => emit('devices.pairing', { pairingId, state }),
    devicesChanged: (accountId) => emit('devices.changed', { accountId }),
    committed: () => changed(undefined),
  });
  closers.add(() => devices.stop());
  const changeable: Rooms['settings'] = {
    get: settings.current,
    async change(change) {
      const before = settings.current().loginLifetimeMinutes;
      const now = await settings.change(change);
      // What was kept by the old rule is not kept by the new one.
      if (now && now.loginLifetimeMinutes !== before) await tokens.endKeptLogins(() => true);
      anchors = await readAnchors(settings);
      await authorities.prune();
      if (now) emit('settings.changed', now);
      return now;
    },
  };
  const practice = createPractice({
    program: practiceProgram(),
    dir: paths.practice,
    store,
    settings: changeable,
    reopenTokens: () => tokens.reopen(),
  });
  closers.add(() => practice.close());
  const changing = { store, clock, newId: randomUUID, committed: changed };
  const updates = createUpdates({
    ...{ http, clock, version: options.version, settings: settings.current },
    ...{ platform: process.platform, arch: process.arch },
    found(release) {
      const { notifications, language } = settings.current();
      if (notifications) host.notify(updateNotice(release.version, language ?? systemLanguage()));
    },
  });
  closers.add(() => updates.stop());
  const missing = [...(options.missing ?? [])];
  const rooms: Rooms = {
    info: { version: options.version, host: host.kind, secretStore: host.secrets.kind, profile: paths.root, missing },
    host,
    clock,
    store,
    sync,
    tokens,
    liveTokens,
    watchesSystem,
    checkModule: check,
    signing,
    changes: createChanges(changing),
    conflicts: createConflicts(changing),
    files,
    checkIdentity,
    devices,
    signIns: createSignIns({ store, session, provider: providers.provider }),
    newId: randomUUID,
    saved: createSavedCopies(randomUUID),
    updates,
    practice,
    session,
    provider: providers.provider,
    identities: createIdentityBook({ store, clock, session }),
    settings: changeable,
    authorities,
    measureMark: (image) => engine.measureMark(image),
    logTail: () => readTail(paths.logFile, LOG_TAIL_BYTES),
    firstPage: (revision) =>
      engine.firstPage({ kind: 'revision', revision, name: '' }, undefined).catch(() => undefined),
    validate: (revision, online) =>
      remoteReport(
        engine,
        { kind: 'revision', revision, name: '' },
        undefined,
        validation(),
        online ? collector : undefined,
      ),
    emit,
  };
  const onCall = createRouter(createHandlers(rooms), report);
  if (paths.socketFolder !== undefined) await makePrivateFolder(paths.socketFolder);
  followSync(sync, signing, emit, report);
  await signing.resume();
  closers.add(retryTimestamps(signing, clock, report));
  const socket = await listenForDesks(paths.socket, onCall);
  closers.add(() => socket.close(DRAIN_MS));
  on((name, payload) => socket.emit(name, payload));
  if (options.background) {
    const notices = createNotices({
      store,
      clock,
      settings: settings.current,
      systemLanguage: systemLanguage(),
      notify: host.notify,
      showWaiting: (count) => host.showWaiting?.(count),
    });
    closers.add(() => notices.close());
    // What is there at the start is known then, and not new.
    notices.changed();
    on((name) => {
      if (name === 'inbox.changed' || name === 'sync.changed') notices.changed();
    });
    // Nothing waits for it: till then its account has no network.
    practice
      .resume()
      .then(() => sync.wake())
      .catch((error) => report('practice', error));
    sync.start();
    updates.start();
    const power = host.watchSystem((event) => {
      if (event === 'resume' || event === 'unlock-screen') sync.wake();
      if (event === 'on-battery' || event === 'on-mains') sync.conditions({ onBattery: event === 'on-battery' });
    });
    closers.add(() => power.stop());
  }
  return { onCall, on };
}

/**
 * Opens the profile and starts its threads; where that fails, what was opened by then is put away again.
 * @throws StoreError profile-locked, wrong-key, damaged …; HostError secret-unreadable; PathsError
 */
export async function createDesk(host: Host, options: DeskOptions): Promise<Desk> {
  const closers = createClosers();
  try {
    return { ...(await wire(host, options, closers)), close: closers.closeAll };
  } catch (error) {
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}
