/** The background: polls as often as the machine's state allows, sweeps the outbox when something is due, notices sleep and networks. */
import type { Clock } from '../platform/clock.ts';

export interface LoopParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly isPaused: () => boolean;
  /** Milliseconds from one poll to the next, as things are. */
  readonly pollEveryMs: () => number;
  /** Epoch milliseconds at which the outbox has something to try; undefined where it has nothing. @throws StoreError */
  readonly nextDueAt: () => Promise<number | undefined>;
  readonly poll: () => Promise<unknown>;
  readonly deliver: () => Promise<unknown>;
  /** Says which networks this machine is in, in any words; a change is a reason to poll. */
  readonly networks?: () => string;
}

export interface Loop {
  readonly ended: Promise<void>;
  /** Polls at once. */
  wake(): void;
  /** Looks anew at when to do what. */
  turn(): void;
}

const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** So often it is looked whether the machine slept or changed its network. */
const LOOK_MS = 5_000;
/** Wall clock that passed without the machine running: it slept, or the clock was set. */
const ASLEEP_MS = 20_000;

/** Whether the wall clock moved without the monotonic one, or the networks changed, since the last look. */
function createWatch({ clock, networks }: Pick<LoopParts, 'clock' | 'networks'>): () => boolean {
  const look = () => ({ offset: clock.now() - clock.monotonicMs(), in: networks?.() ?? '' });
  let last = look();
  return () => {
    const now = look();
    const changed = now.offset - last.offset > ASLEEP_MS || now.in !== last.in;
    last = now;
    return changed;
  };
}

/** Runs until the signal; what a round could not do, the next one tries again. */
export function startLoop(parts: LoopParts): Loop {
  const { clock, signal } = parts;
  const hasChanged = createWatch(parts);
  let polledAtMs = Number.NEGATIVE_INFINITY;
  let asked = false;
  let turned = new AbortController();

  async function round(): Promise<void> {
    if (parts.isPaused()) return;
    if (asked || clock.monotonicMs() >= polledAtMs + parts.pollEveryMs()) {
      asked = false;
      await parts.poll().catch(() => undefined);
      polledAtMs = clock.monotonicMs();
      return;
    }
    const dueAt = await parts.nextDueAt().catch(() => undefined);
    if (dueAt !== undefined && dueAt <= clock.now()) await parts.deliver().catch(() => undefined);
  }

  async function waitMs(): Promise<number> {
    if (parts.isPaused()) return LONGEST_WAIT_MS;
    const dueAt = await parts.nextDueAt().catch(() => undefined);
    const untilDueMs = dueAt === undefined ? LONGEST_WAIT_MS : dueAt - clock.now();
    const untilPollMs = polledAtMs + parts.pollEveryMs() - clock.monotonicMs();
    return Math.max(Math.min(untilDueMs, untilPollMs, LONGEST_WAIT_MS), SHORTEST_WAIT_MS);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await round();
      const wait = asked ? 0 : await waitMs();
      turned = new AbortController();
      const stop = AbortSignal.any([signal, turned.signal]);
      if (!asked) await clock.delay(parts.networks ? Math.min(wait, LOOK_MS) : wait, stop).catch(() => undefined);
      if (hasChanged()) asked = true;
    }
  }

  return {
    ended: run(),
    wake() {
      asked = true;
      turned.abort();
    },
    turn: () => turned.abort(),
  };
}
