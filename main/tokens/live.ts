/**
 * Tokens as they come and go: readers and cards over PC/SC as they happen, and modules without readers (cloud tokens, TPMs) by
 * looking again every few seconds, but only while somebody watches.
 */
import type { CardReader, PcscEvent, PcscService, PcscWatch } from '../../native/pcsc-port.ts';
import type { TokenDiagnosis, TokensChange, TokenView } from '../../preload/model.ts';
import type { Clock } from '../platform/clock.ts';
import { diagnoseTokens } from './diagnose.ts';
import { type FoundModule, findModules } from './known-modules.ts';
import { readerOfSlot } from './reader-match.ts';
import type { TokenListing } from './tokens.ts';

export interface LiveTokensOptions {
  readonly pcsc: PcscWatch;
  readonly clock: Clock;
  /** Modules the user added, absolute paths; asked again each time. */
  readonly userModules: () => readonly string[];
  /** A listing of one module, for the looking again. */
  readonly list: (modulePath: string) => Promise<TokenListing>;
  /** The one module to look into, instead of what is installed here. */
  readonly only?: string | undefined;
  /** How modules are found: told the answers to reset of the cards in the readers. */
  readonly modules?: (atrs: readonly string[]) => readonly FoundModule[];
}

export interface TokenSurroundings {
  readonly service: PcscService;
  readonly readers: readonly CardReader[];
  readonly modules: readonly FoundModule[];
}

export interface LiveTokens {
  /** Absolute paths in the order in which they are to be asked: PC/SC orders them and hides none. */
  modulePaths(): readonly string[];
  /** The answer to reset of the card in the slot's reader, hex. */
  atrOf(slotDescription: string): string | undefined;
  /** What is around, as soon as PC/SC has said anything; soon also where it does not. */
  surroundings(): Promise<TokenSurroundings>;
  diagnose(listing: TokenListing): Promise<TokenDiagnosis>;
  on(listener: (change: TokensChange) => void): () => void;
  /** Somebody looks at the tokens: modules without readers are looked at again and again for the next half minute. */
  keepWatching(): void;
  close(): Promise<void>;
}

const SETTLE_MS = 1500;
const POLL_MS = 5000;
const WATCH_LEASE_MS = 30_000;
/** A module that failed costs a new process at each look: it is left out of so many. */
const ROUNDS_LEFT_OUT = 5;

export function createLiveTokens(options: LiveTokensOptions): LiveTokens {
  const { pcsc, clock, userModules } = options;
  const listeners = new Set<(change: TokensChange) => void>();
  const emit = (change: TokensChange) => {
    for (const tell of listeners) tell(change);
  };
  const poll = createPoll(options, modules, () => emit({ cause: 'tokens', service: pcsc.state().service }));
  const stopHearing = pcsc.on((event, { service }) => {
    emit({ cause: event.kind, service, ...aboutReader(event) });
  });

  function modules(): readonly FoundModule[] {
    const atrs = pcsc.state().readers.flatMap(({ atr }) => atr ?? []);
    const { only } = options;
    if (only !== undefined) {
      return findModules({ extraPaths: [only], registeredPaths: [] }).filter(({ path }) => path === only);
    }
    return options.modules?.(atrs) ?? findModules({ extraPaths: userModules(), atrs });
  }

  async function surroundings(): Promise<TokenSurroundings> {
    const { service, readers } = await pcsc.settled(SETTLE_MS);
    return { service, readers, modules: modules() };
  }

  return {
    modulePaths: () => modules().map(({ path }) => path),
    atrOf: (slotDescription) => readerOfSlot(slotDescription, pcsc.state().readers)?.atr,
    surroundings,
    async diagnose({ tokens, problems }) {
      return diagnoseTokens({ ...(await surroundings()), tokens, problems });
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    keepWatching: () => poll.keepAlive(clock.monotonicMs() + WATCH_LEASE_MS),
    async close() {
      stopHearing();
      await poll.close();
      await pcsc.close();
    },
  };
}

function aboutReader(event: PcscEvent): Pick<TokensChange, 'reader' | 'atr'> {
  if (event.kind === 'service') return {};
  const atr = event.kind === 'card-inserted' ? event.atr : undefined;
  return { reader: event.reader, ...(atr === undefined ? {} : { atr }) };
}

/** Looks at each module without readers every few seconds until the lease is over. */
function createPoll(
  { pcsc, clock, list }: LiveTokensOptions,
  modules: () => readonly FoundModule[],
  changed: () => void,
) {
  const ending = new AbortController();
  const seen = new Map<string, string>();
  const leftOut = new Map<string, number>();
  let untilMs = 0;
  let running: Promise<void> | undefined;

  async function look(path: string): Promise<boolean> {
    const roundsLeft = leftOut.get(path) ?? 0;
    leftOut.set(path, roundsLeft - 1);
    if (roundsLeft > 0) return false;
    const listing = await list(path);
    if (listing.problems.length > 0) leftOut.set(path, ROUNDS_LEFT_OUT);
    if (listing.tokens.some(({ slotDescription }) => readerOfSlot(slotDescription, pcsc.state().readers))) {
      // PC/SC tells about these.
      seen.delete(path);
      return false;
    }
    const before = seen.get(path);
    const now = fingerprint(listing);
    seen.set(path, now);
    return before !== undefined && before !== now;
  }

  async function run(): Promise<void> {
    while (!ending.signal.aborted && clock.monotonicMs() < untilMs) {
      const changes = await Promise.all(modules().map(({ path }) => look(path).catch(() => false)));
      if (changes.some((isChanged) => isChanged)) changed();
      await clock.delay(POLL_MS, ending.signal).catch(() => undefined);
    }
    seen.clear();
    leftOut.clear();
    running = undefined;
  }

  return {
    keepAlive(leaseEndMs: number) {
      untilMs = Math.max(untilMs, leaseEndMs);
      if (!ending.signal.aborted) running ??= run();
    },
    async close() {
      ending.abort();
      await running;
    },
  };
}

function fingerprint({ tokens, problems }: TokenListing): string {
  const facts = ({ id, pin, identities }: TokenView) => [id, pin, identities.map((identity) => identity.id)];
  return JSON.stringify([tokens.map(facts), problems]);
}
