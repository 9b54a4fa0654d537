/**
 * Several timestamp authorities as one: asked in the person's order, each within its own budget, the next one when one cannot
 * answer, and all again after a while where that may help.
 */
import type { Clock } from '../platform/clock.ts';
import type { HttpPort } from '../platform/http.ts';
import type { TimestampAuthority, TimestampOutcome } from './port.ts';
import { type BasicAuth, createTimestampAuthority } from './timestamp-client.ts';

export interface AuthoritySettings {
  readonly url: string;
  /** Dotted policy to ask for. */
  readonly policy?: string;
  readonly basicAuth?: BasicAuth;
  /** Requests in any window of this length: public authorities block who asks more. */
  readonly budget?: { readonly requests: number; readonly windowMs: number };
  /** An HTTP port of its own, for one that wants a client certificate. */
  readonly http?: HttpPort;
}

export interface TimestampPoolOptions {
  /** Addresses alone, or with settings; asked for at each timestamp. */
  readonly urls: () => readonly (string | AuthoritySettings)[];
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** How often the whole pool is gone through before giving up; 1 unless given. */
  readonly rounds?: number;
  /** The pause before the second round, doubled before each further one and varied by half; 1 second unless given. */
  readonly pauseMs?: number;
  /** From 0 up to 1, for the pauses' variation. */
  readonly random?: () => number;
}

type Unavailable = Extract<TimestampOutcome, { kind: 'unavailable' }>;

/** Worth asking again: the others say the same next time. */
const passing = new Set<Unavailable['code']>(['offline', 'timeout', 'http-status', 'over-budget']);

/** An authority with its budget's books. */
class Member {
  readonly #authority: TimestampAuthority;
  readonly #settings: AuthoritySettings;
  readonly #clock: Clock;
  /** Monotonic times of the requests in the window. */
  #spent: number[] = [];
  /** It asked to be left alone until then, monotonic. */
  #restsUntil = 0;

  constructor(settings: AuthoritySettings, { http, clock, timeoutMs }: TimestampPoolOptions) {
    const { url, policy, basicAuth } = settings;
    this.#settings = settings;
    this.#clock = clock;
    this.#authority = createTimestampAuthority({
      url,
      http: settings.http ?? http,
      clock,
      timeoutMs,
      ...(policy === undefined ? {} : { policy }),
      ...(basicAuth ? { basicAuth } : {}),
    });
  }

  /** Milliseconds until it may be asked; 0 for now. */
  waitMs(): number {
    const now = this.#clock.monotonicMs();
    const rest = Math.max(0, this.#restsUntil - now);
    const { budget } = this.#settings;
    if (!budget) return rest;
    this.#spent = this.#spent.filter((at) => at > now - budget.windowMs);
    const blocking = this.#spent.at(-budget.requests);
    return budget.requests < 1
      ? Infinity
      : Math.max(rest, blocking === undefined ? 0 : blocking + budget.windowMs - now);
  }

  async timestamp(...[stamped, signal]: Parameters<TimestampAuthority['timestamp']>): Promise<TimestampOutcome> {
    if (this.#settings.budget) this.#spent.push(this.#clock.monotonicMs());
    const outcome = await this.#authority.timestamp(stamped, signal);
    if (outcome.kind === 'unavailable' && outcome.retryAfterMs !== undefined) {
      this.#restsUntil = this.#clock.monotonicMs() + outcome.retryAfterMs;
    }
    return outcome;
  }
}

const overBudget = (waitMs: number): Unavailable => ({
  kind: 'unavailable',
  code: 'over-budget',
  ...(Number.isFinite(waitMs) ? { retryAfterMs: Math.ceil(waitMs) } : {}),
});

/**
 * Answers `no-authority` where none is set; `over-budget` where every one is resting or out of budget, with the shortest wait;
 * else the failure of the last one asked.
 */
export function createTimestampPool(options: TimestampPoolOptions): TimestampAuthority {
  const { urls, clock, rounds = 1, pauseMs = 1000, random = Math.random } = options;
  const known = new Map<string, { readonly http: HttpPort | undefined; readonly member: Member }>();
  /** The books go on while the settings are the same; another port is another authority to them. */
  const memberFor = (given: string | AuthoritySettings): Member => {
    const settings = typeof given === 'string' ? { url: given } : given;
    const { http, ...rest } = settings;
    const key = JSON.stringify(rest);
    const found = known.get(key);
    if (found && found.http === http) return found.member;
    const member = new Member(settings, options);
    known.set(key, { http, member });
    return member;
  };

  async function round(...asked: Parameters<TimestampAuthority['timestamp']>): Promise<TimestampOutcome> {
    let outcome: TimestampOutcome | undefined;
    let shortest = Infinity;
    const members = urls().map(memberFor);
    for (const member of members) {
      const wait = member.waitMs();
      shortest = Math.min(shortest, wait);
      if (wait > 0) continue;
      outcome = await member.timestamp(...asked);
      if (outcome.kind === 'granted') return outcome;
    }
    if (outcome) return outcome;
    return members.length === 0 ? { kind: 'unavailable', code: 'no-authority' } : overBudget(shortest);
  }

  return {
    async timestamp(stamped, signal) {
      for (let turn = 1; ; turn++) {
        const outcome = await round(stamped, signal);
        if (outcome.kind === 'granted' || turn >= rounds || !passing.has(outcome.code)) return outcome;
        const pause = pauseMs * 2 ** (turn - 1) * (0.5 + random());
        // A wait longer than the pauses is the caller's to keep.
        if ((outcome.retryAfterMs ?? 0) > pause) return outcome;
        await clock.delay(pause, signal);
      }
    },
  };
}
