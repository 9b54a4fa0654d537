/** An HTTP port over a table, and a clock the test turns. */
import type { Clock } from '../../../main/platform/clock.ts';
import type { HttpPort, HttpRequest, HttpResponse } from '../../../main/platform/http.ts';

export type Answering = (request: HttpRequest) => Partial<HttpResponse> | Promise<Partial<HttpResponse>>;

export interface TableHttp extends HttpPort {
  readonly requests: HttpRequest[];
}

export function tableHttp(answer: Answering): TableHttp {
  const requests: HttpRequest[] = [];
  return {
    requests,
    async request(request) {
      requests.push(request);
      return { status: 200, headers: {}, body: new Uint8Array(), ...(await answer(request)) };
    },
    stream: () => Promise.reject(new Error('not asked for')),
    close: async () => undefined,
  };
}

export interface TurnedClock extends Clock {
  turn(ms: number): void;
  readonly delays: number[];
}

/** Delays pass at once and turn the clock. */
export function turnedClock(start: number): TurnedClock {
  let elapsed = 0;
  const delays: number[] = [];
  return {
    delays,
    turn: (ms) => {
      elapsed += ms;
    },
    now: () => start + elapsed,
    monotonicMs: () => elapsed,
    async delay(ms) {
      delays.push(ms);
      elapsed += ms;
    },
  };
}
