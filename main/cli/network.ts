/** What file commands ask of the network: timestamps, revocation, issuers. Answers are kept in the person's cache folder. */
import {
  createChainBuilder,
  createFolderCache,
  createRevocationClient,
  createTimestampPool,
  createValidationDataCollector,
  type TimestampAuthority,
  type ValidationDataCollector,
} from '../pki/index.ts';
import { systemClock } from '../platform/clock.ts';
import { answerCacheFolder } from '../platform/paths.ts';
import { createHttp } from '../platform/undici-http.ts';
import type { Arguments } from './arguments.ts';

const TIMEOUT_MS = 20_000;

export interface Network {
  readonly timestamps: TimestampAuthority;
  readonly collector: ValidationDataCollector;
  close(): Promise<void>;
}

/** Nothing is connected to before it is asked; `--tsa` names the timestamp authorities. */
export function openNetwork(args: Arguments): Network {
  const http = createHttp({});
  const exchange = { http, clock: systemClock, timeoutMs: TIMEOUT_MS };
  const asking = { ...exchange, cache: createFolderCache(answerCacheFolder()) };
  return {
    timestamps: createTimestampPool({ ...exchange, urls: () => args.list('tsa'), rounds: 2 }),
    collector: createValidationDataCollector(createChainBuilder(asking), createRevocationClient(asking)),
    close: () => http.close(),
  };
}
