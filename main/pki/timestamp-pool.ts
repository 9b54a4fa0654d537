/** Several timestamp authorities as one: asked in the person's order, the next one when one cannot answer. */
import type { Clock } from '../platform/clock.ts';
import type { HttpPort } from '../platform/http.ts';
import type { TimestampAuthority, TimestampOutcome } from './port.ts';
import { createTimestampAuthority } from './timestamp-client.ts';

export interface TimestampPoolOptions {
  readonly urls: () => readonly string[];
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Answers `no-authority` where none is set, else the last authority's failure when all fail. */
export function createTimestampPool({ urls, http, clock, timeoutMs }: TimestampPoolOptions): TimestampAuthority {
  const known = new Map<string, TimestampAuthority>();
  const authority = (url: string) => {
    const made = known.get(url) ?? createTimestampAuthority({ url, http, clock, timeoutMs });
    known.set(url, made);
    return made;
  };
  return {
    async timestamp(message, signal) {
      let outcome: TimestampOutcome = { kind: 'unavailable', code: 'no-authority' };
      for (const url of urls()) {
        outcome = await authority(url).timestamp(message, signal);
        if (outcome.kind === 'granted') return outcome;
      }
      return outcome;
    },
  };
}
