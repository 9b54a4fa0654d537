/** What file commands ask of the network: timestamps, revocation, issuers. Answers are kept in the person's cache folder. */
import {
  type AuthoritySettings,
  createChainBuilder,
  createFolderCache,
  createRevocationClient,
  createTimestampPool,
  createValidationDataCollector,
  type TimestampAuthority,
  type ValidationDataCollector,
} from '../pki/index.ts';
import { systemClock } from '../platform/clock.ts';
import type { HttpPort } from '../platform/http.ts';
import { answerCacheFolder } from '../platform/paths.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';
import { readSecret } from './pin.ts';

const TIMEOUT_MS = 20_000;

export interface Network {
  readonly timestamps: TimestampAuthority;
  readonly collector: ValidationDataCollector;
  close(): Promise<void>;
}

/**
 * --tsa URL…; with --tsa-user NAME [--tsa-password-fd N] the only one's sign-in: a password is never shown to a second authority.
 * @throws CommandError usage
 */
async function authoritiesOf(args: Arguments): Promise<readonly AuthoritySettings[]> {
  const urls = args.list('tsa');
  const user = args.text('tsa-user');
  if (user === undefined) return urls.map((url) => ({ url }));
  const [url, ...others] = urls;
  if (url === undefined || others.length > 0 || user.includes(':'))
    throw new CommandError('bad-input', '--tsa-user goes with one --tsa, and has no colon in it.', 'usage');
  const password = new TextDecoder().decode(
    await readSecret('Timestamp authority’s password', args.number('tsa-password-fd')),
  );
  return [{ url, basicAuth: { user, password } }];
}

/** The HTTP client is loaded for the first request: a signature that asks nobody does without its megabyte. */
function lazyHttp(): HttpPort {
  let made: Promise<HttpPort> | undefined;
  const http = () => {
    made ??= import('../platform/undici-http.ts').then(({ createHttp }) => createHttp({}));
    return made;
  };
  return {
    request: async (request) => (await http()).request(request),
    stream: async (request) => (await http()).stream(request),
    close: async () => (await made)?.close(),
  };
}

/** Nothing is connected to before it is asked. @throws CommandError usage */
export async function openNetwork(args: Arguments): Promise<Network> {
  const authorities = await authoritiesOf(args);
  const http = lazyHttp();
  const exchange = { http, clock: systemClock, timeoutMs: TIMEOUT_MS };
  const asking = { ...exchange, cache: createFolderCache(answerCacheFolder()) };
  return {
    timestamps: createTimestampPool({ ...exchange, urls: () => authorities, rounds: 2 }),
    collector: createValidationDataCollector(createChainBuilder(asking), createRevocationClient(asking)),
    close: () => http.close(),
  };
}
