/**
 * What somebody who helps needs to know: versions, modules, counts, states and the end of the log; of no document, person, service
 * or secret. Ids, addresses and names stay out; the log is redacted when it is written and once more here.
 */
import type { Rooms } from './rooms.ts';

type Facts = Pick<Rooms, 'info' | 'settings' | 'store' | 'sync' | 'signing' | 'clock' | 'logTail'>;

const LOG_LINES = 200;

/** Takes out what a log line should not have but might: credentials in addresses, mail addresses, long random texts, home folders. */
export function redact(text: string): string {
  return text
    .replace(/\/\/[^/\s"@]+@/g, '//[redacted]@')
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[mail]')
    .replace(/https?:\/\/[^\s"\\]+/g, '[address]')
    .replace(/\/(home|Users)\/[^/\s"\\]+/g, '/$1/[user]')
    .replace(/[A-Za-z0-9+/_-]{40,}={0,2}/g, '[text]');
}

const count = <T>(list: readonly T[], of: (item: T) => string) => {
  const counts: Record<string, number> = {};
  for (const item of list) counts[of(item)] = (counts[of(item)] ?? 0) + 1;
  return counts;
};

export async function makeDiagnostics(rooms: Facts): Promise<string> {
  const { info, store } = rooms;
  const settings = rooms.settings.get();
  const { counts } = await store.inbox({ view: 'all', offset: 0, limit: 1 });
  const status = await rooms.sync.status();
  const outbox = await store.outbox({ unconfirmed: true });
  const jobs = await rooms.signing.jobs();
  const accounts = await store.accounts();
  const about = {
    madeAt: new Date(rooms.clock.now()).toISOString(),
    app: { version: info.version, host: info.host, secretStore: info.secretStore, missing: info.missing },
    system: {
      platform: process.platform,
      arch: process.arch,
      node: process.versions.node,
      electron: process.versions.electron,
    },
    accounts: count(accounts, ({ provider, state }) => `${provider}, ${state}`),
    inbox: counts,
    sync: {
      online: status.online,
      paused: status.paused,
      waiting: status.waiting,
      needsAttention: status.needsAttention,
      lastSyncAt: status.lastSyncAt,
    },
    outbox: count(outbox, ({ kind, state, code }) => [kind, state, code].filter(Boolean).join(', ')),
    jobs: count(jobs, ({ state, code }) => [state, code].filter(Boolean).join(', ')),
    settings: {
      language: settings.language,
      theme: settings.theme,
      timestampAuthorities: settings.timestampAuthorities.length,
      proxy: Boolean(settings.proxyUrl),
      caFile: Boolean(settings.caFile),
      prefetchLimitBytes: settings.prefetchLimitBytes,
      pkcs11Modules: settings.pkcs11Modules.map(redact),
      trustAnchors: settings.trustAnchors.length,
    },
    log: redact(await rooms.logTail())
      .split('\n')
      .filter(Boolean)
      .slice(-LOG_LINES),
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}
