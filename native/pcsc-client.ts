/**
 * The desk's side of the PC/SC watch: events out of the states its process sends, and a new process where it died or fell silent.
 * This file and pcsc-port.ts are the face of this part of the room.
 */
import { z } from 'zod';
import type { HostClock } from './connection.ts';
import type { CardReader, PcscEvent, PcscState, PcscWatch } from './pcsc-port.ts';
import type { ChildProcessPort } from './token-port.ts';

export type * from './pcsc-port.ts';

const stateMessage: z.ZodType<PcscState> = z.object({
  service: z.enum(['running', 'pcsc-service-down', 'pcsc-missing']),
  readers: z
    .array(
      z
        .object({
          name: z.string().max(512),
          cardPresent: z.boolean(),
          atr: z
            .string()
            .regex(/^([0-9a-f]{2}){1,36}$/)
            .optional(),
          changes: z.number(),
        })
        .transform(({ atr, ...reader }) => ({ ...reader, atr })),
    )
    .max(64),
});

/** The process speaks every five seconds; one that does not is given up. */
const SILENCE_MS = 20_000;
const FIRST_RESPAWN_MS = 250;
const LAST_RESPAWN_MS = 30_000;
/** So many deaths without a word in between, and the state says so. */
const DEATHS_TOLERATED = 3;

export interface PcscWatchClientOptions {
  /** Starts the process: the host's `startProcess` with the entry `pcsc-host`. */
  readonly startProcess: () => ChildProcessPort;
  readonly clock: HostClock;
}

export function createPcscWatch(options: PcscWatchClientOptions): PcscWatch {
  return new PcscWatchClient(options);
}

/** What happened between two states, in the order in which it must have. */
export function pcscEvents(before: PcscState, after: PcscState): PcscEvent[] {
  const was = new Map(before.readers.map((reader) => [reader.name, reader]));
  const is = new Map(after.readers.map((reader) => [reader.name, reader]));
  const service: PcscEvent[] = before.service === after.service ? [] : [{ kind: 'service', service: after.service }];
  const gone = before.readers.flatMap((reader): PcscEvent[] => [
    ...(reader.cardPresent && !isSameCard(reader, is.get(reader.name))
      ? [{ kind: 'card-removed', reader: reader.name } as const]
      : []),
    ...(is.has(reader.name) ? [] : [{ kind: 'reader-removed', reader: reader.name } as const]),
  ]);
  const come = after.readers.flatMap((reader): PcscEvent[] => [
    ...(was.has(reader.name) ? [] : [{ kind: 'reader-added', reader: reader.name } as const]),
    ...(reader.cardPresent && !isSameCard(reader, was.get(reader.name))
      ? [{ kind: 'card-inserted', reader: reader.name, atr: reader.atr } as const]
      : []),
  ]);
  return [...service, ...gone, ...come];
}

/** A card out and in again between two looks counts two changes. */
function isSameCard(reader: CardReader, other: CardReader | undefined): boolean {
  return other?.cardPresent === true && other.atr === reader.atr && other.changes === reader.changes;
}

class PcscWatchClient implements PcscWatch {
  readonly #options: PcscWatchClientOptions;
  readonly #listeners = new Set<(event: PcscEvent, state: PcscState) => void>();
  readonly #ending = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  #state: PcscState = { service: 'starting', readers: [] };
  #running: Promise<void> | undefined;

  constructor(options: PcscWatchClientOptions) {
    this.#options = options;
  }

  state(): PcscState {
    return this.#state;
  }

  async settled(waitMs: number): Promise<PcscState> {
    this.#start();
    const timer = new AbortController();
    const late = this.#options.clock.delay(waitMs, timer.signal).catch(() => undefined);
    await Promise.race([this.#first.promise, late]);
    timer.abort();
    return this.#state;
  }

  on(listener: (event: PcscEvent, state: PcscState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#first.resolve();
    await this.#running;
  }

  #start(): void {
    if (!this.#ending.signal.aborted) this.#running ??= this.#keepRunning(this.#ending.signal);
  }

  async #keepRunning(signal: AbortSignal): Promise<void> {
    let deaths = 0;
    while (!signal.aborted) {
      const life = await this.#live(signal);
      if (life === 'missing' || signal.aborted) return;
      deaths = life === 'spoke' ? 1 : deaths + 1;
      if (deaths >= DEATHS_TOLERATED) this.#become({ service: 'pcsc-failed', readers: [] });
      const pauseMs = Math.min(FIRST_RESPAWN_MS * 2 ** (deaths - 1), LAST_RESPAWN_MS);
      await this.#options.clock.delay(pauseMs, signal).catch(() => undefined);
    }
  }

  /** One life of the process, to its end; `missing` where it has nothing to watch with. */
  #live(signal: AbortSignal): Promise<'spoke' | 'silent' | 'missing'> {
    const { promise, resolve } = Promise.withResolvers<'spoke' | 'silent' | 'missing'>();
    let child: ChildProcessPort;
    try {
      child = this.#options.startProcess();
    } catch {
      return Promise.resolve('silent');
    }
    const kill = () => child.kill();
    const silence = this.#watchSilence(kill);
    signal.addEventListener('abort', kill, { once: true });
    let spoke = false;
    child.onMessage((message) => {
      const parsed = stateMessage.safeParse(message);
      if (!parsed.success) return kill();
      spoke = true;
      silence.heard();
      this.#become(parsed.data);
      if (parsed.data.service === 'pcsc-missing') kill();
    });
    child.onExit(() => {
      silence.end();
      signal.removeEventListener('abort', kill);
      resolve(this.#state.service === 'pcsc-missing' ? 'missing' : spoke ? 'spoke' : 'silent');
    });
    return promise;
  }

  #watchSilence(tooLong: () => void): { heard(): void; end(): void } {
    const { clock } = this.#options;
    let timer = new AbortController();
    const arm = () => {
      const { signal } = timer;
      clock.delay(SILENCE_MS, signal).then(tooLong, () => undefined);
    };
    arm();
    return {
      heard() {
        timer.abort();
        timer = new AbortController();
        arm();
      },
      end: () => timer.abort(),
    };
  }

  #become(state: PcscState): void {
    const happened = pcscEvents(this.#state, state);
    this.#state = state;
    this.#first.resolve();
    for (const event of happened) for (const tell of this.#listeners) tell(event, state);
  }
}
