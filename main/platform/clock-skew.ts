/**
 * How far a server's clock is from ours, from the Date headers of its answers (RFC 9110, 6.6.1: whole seconds). A server's time
 * is compared with ours only through this; ours is what is trusted.
 */

export interface ClockSkew {
  /** An answer's Date header, and when its request left and its answer came by our clock (epoch ms). */
  sample(date: string | undefined, sentAt: number, receivedAt: number): void;
  /** The server's clock less ours, milliseconds; undefined until an answer said. */
  ms(): number | undefined;
}

/** The header's second may just have begun or be over. */
const RESOLUTION_MS = 1000;
/** A better sample is kept so long; then any newer one takes its place: clocks drift and are set. */
const GOOD_FOR_MS = 10 * 60_000;
/** Far beyond any real clock: a header that makes no sense. */
const ABSURD_MS = 20 * 365 * 24 * 60 * 60_000;

export function createClockSkew(): ClockSkew {
  let best: { readonly ms: number; readonly errorMs: number; readonly at: number } | undefined;
  return {
    sample(date, sentAt, receivedAt) {
      const at = date === undefined ? Number.NaN : Date.parse(date);
      const roundTripMs = receivedAt - sentAt;
      if (Number.isNaN(at) || roundTripMs < 0) return;
      const ms = Math.round(at + RESOLUTION_MS / 2 - (sentAt + receivedAt) / 2);
      const errorMs = (RESOLUTION_MS + roundTripMs) / 2;
      if (Math.abs(ms) > ABSURD_MS) return;
      const isOld = best === undefined || Math.abs(receivedAt - best.at) > GOOD_FOR_MS;
      // Two readings that cannot both be true: a clock was set.
      const contradicts = best !== undefined && Math.abs(ms - best.ms) > errorMs + best.errorMs;
      if (isOld || contradicts || errorMs <= (best?.errorMs ?? 0)) best = { ms, errorMs, at: receivedAt };
    },
    ms: () => best?.ms,
  };
}
