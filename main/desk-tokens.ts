/** The desk's tokens: modules and readers followed, logins ended with whatever ends them. */
import { createPcscWatch } from '../native/pcsc-client.ts';
import type { TokensChange } from '../preload/model.ts';
import type { Host } from './host/host.ts';
import { endsLogins } from './host/system-watch.ts';
import type { Rooms } from './ipc/index.ts';
import { parseCertificate } from './pki/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Closers } from './platform/closers.ts';
import type { Settings } from './platform/settings.ts';
import {
  checkModule,
  createLiveTokens,
  createTokens,
  type LiveTokens,
  readerOfSlot,
  type Tokens,
} from './tokens/index.ts';

interface TokensProfile {
  readonly settings: { readonly current: () => Settings };
  readonly report: (where: string, error: unknown) => void;
}

const lifetimeMs = ({ loginLifetimeMinutes }: Settings) =>
  loginLifetimeMinutes === 'until-removed' ? Number.POSITIVE_INFINITY : loginLifetimeMinutes * 60_000;

/** A card that is pulled, a reader that goes, a reader service that ends: what was logged in there no longer is. */
async function endWithItsCard(tokens: Tokens, { cause, reader, service }: TokensChange): Promise<void> {
  const isGone = cause === 'card-removed' || cause === 'reader-removed';
  if (isGone && reader !== undefined) {
    await tokens.endKeptLogins(
      ({ slotDescription }) => readerOfSlot(slotDescription, [{ name: reader }]) !== undefined,
    );
  } else if (cause === 'service' && service !== 'running') {
    await tokens.endKeptLogins(({ atr }) => atr !== undefined);
  }
}

export function openTokens(
  host: Host,
  clock: Clock,
  { settings, report }: TokensProfile,
  emit: Rooms['emit'],
  closers: Closers,
) {
  const startTokenHost = (args: readonly string[]) => host.startProcess('token-host', args);
  const tokens = createTokens({
    startProcess: startTokenHost,
    modulePaths: () => liveTokens.modulePaths(),
    atrOf: (slotDescription) => liveTokens.atrOf(slotDescription),
    parseCertificate,
    clock,
    loginLifetimeMs: () => (system.isWatching() ? lifetimeMs(settings.current()) : 0),
  });
  const system = host.watchSystem((event) => {
    if (!endsLogins.has(event)) return;
    endLogins(event === 'resume').catch((error) => report(event, error));
  });
  closers.add(() => system.stop());
  const liveTokens: LiveTokens = createLiveTokens({
    pcsc: createPcscWatch({ startProcess: () => host.startProcess('pcsc-host', []), clock }),
    clock,
    userModules: () => settings.current().pkcs11Modules,
    list: (modulePath) => tokens.list([], modulePath),
  });
  closers.add(() => Promise.all([liveTokens.close(), tokens.close()]));
  /** A locked screen, sleep, nobody there: whoever comes next enters the PIN. After sleep a module's handles are void too. */
  async function endLogins(afterSleep: boolean): Promise<void> {
    await tokens.endLogins();
    if (afterSleep) await tokens.reopen();
    emit('tokens.changed', { cause: 'tokens', service: (await liveTokens.surroundings()).service });
  }
  let readersWereAway = false;
  liveTokens.on((change) => {
    emit('tokens.changed', change);
    endWithItsCard(tokens, change).catch((error) => report('logins', error));
    // Every handle of a module is void once its reader service was away.
    if (readersWereAway && change.service === 'running') tokens.reopen().catch((error) => report('reopen', error));
    readersWereAway = change.service !== 'running';
  });
  return {
    tokens,
    liveTokens,
    watchesSystem: () => system.isWatching(),
    checkModule: (path: string) => checkModule(path, { startProcess: startTokenHost, clock }),
  };
}
