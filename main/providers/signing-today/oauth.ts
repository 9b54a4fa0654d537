/**
 * Signing in: OAuth 2.0 password grant and refresh (RFC 6749, 4.3 and 6) at `POST /oauth/token`, as a multipart form with HTTP Basic client
 * credentials, which is how Signing Today documents it. (oauth4webapi sends this grant as an urlencoded form only.)
 */
import type { Clock } from '../../platform/clock.ts';
import type { HttpPort } from '../../platform/http.ts';
import { type CredentialStore, type Credentials, ProviderError, type ProviderErrorCode } from '../provider.ts';
import { toMultipart } from './multipart.ts';
import { type Authorizer, createRequestCore, pathOf } from './request-core.ts';
import { tokenSchema } from './schemas.ts';

export interface TokenEndpoint {
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly baseUrl: string;
}

export type Client = Pick<Credentials, 'clientId' | 'clientSecret'>;

export type Grant =
  | { readonly grant_type: 'password'; readonly username: string; readonly password: string }
  | { readonly grant_type: 'refresh_token'; readonly refresh_token: string };

/** RFC 6749, 2.3.1: both parts are form-urlencoded before they are joined. */
function basic({ clientId, clientSecret }: Client): string {
  const encoded = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`;
}

export const bearer = (credentials: Pick<Credentials, 'accessToken'>): string => `Bearer ${credentials.accessToken}`;

/**
 * Asks for tokens. A renewed sign-in keeps the old refresh token where the server gives no new one (RFC 6749, 6).
 * @throws ProviderError sign-in-refused (password) or sign-in-expired (refresh) where the server says no
 */
export async function requestTokens(
  endpoint: TokenEndpoint,
  client: Client,
  grant: Grant,
  signal?: AbortSignal,
): Promise<Credentials> {
  const core = createRequestCore({ ...endpoint, authorizer: { current: async () => basic(client) } });
  const { grant_type, ...fields } = grant;
  const call = {
    method: 'POST',
    path: pathOf('oauth', 'token'),
    multipart: toMultipart({ ...fields, grant_type }),
    signal,
  } as const;
  const refused = grant_type === 'password' ? 'sign-in-refused' : 'sign-in-expired';
  const tokens = await core.json(call, tokenSchema).catch((error) => {
    throw toSignInError(error, refused);
  });
  const kept = grant.grant_type === 'refresh_token' ? grant.refresh_token : undefined;
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? kept,
    expiresAt:
      tokens.expires_in === undefined ? Number.MAX_SAFE_INTEGER : endpoint.clock.now() + tokens.expires_in * 1000,
    clientId: client.clientId,
    clientSecret: client.clientSecret,
  };
}

/** RFC 6749, 5.2 answers 400 or 401; some servers 403. */
const noStatuses = [400, 401, 403];

/** Asking for tokens changes nothing the caller has to settle: the outcome is never unknown. */
function toSignInError(error: unknown, refused: ProviderErrorCode): unknown {
  if (!(error instanceof ProviderError)) return error;
  const { status, serverMessage, retryAfterMs, field } = error;
  return new ProviderError(noStatuses.includes(status ?? 0) ? refused : error.code, {
    ...(status === undefined ? {} : { status }),
    ...(serverMessage === undefined ? {} : { serverMessage }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(field === undefined ? {} : { field }),
    cause: error,
  });
}

/** Renewals under way, by account: all sessions of an account wait for the same one. */
export type Renewals = Map<string, Promise<Credentials>>;

/**
 * Bearer tokens of an account. A renewal happens once however many requests were refused, and its result is stored before
 * any of them goes on.
 */
export function createBearer(deps: {
  accountId: string;
  endpoint: TokenEndpoint;
  store: CredentialStore;
  renewals: Renewals;
}): Authorizer {
  const { accountId, endpoint, store, renewals } = deps;

  async function renewed(refused: string): Promise<Credentials> {
    const stored = await store.read();
    if (bearer(stored) !== refused) return stored;
    if (stored.refreshToken === undefined) throw new ProviderError('sign-in-expired');
    const grant = { grant_type: 'refresh_token', refresh_token: stored.refreshToken } as const;
    const credentials = { ...(await requestTokens(endpoint, stored, grant)), username: stored.username };
    await store.save(credentials);
    return credentials;
  }

  function share(refused: string): Promise<Credentials> {
    const underWay = renewals.get(accountId);
    if (underWay) return underWay;
    const renewal = renewed(refused).finally(() => renewals.delete(accountId));
    renewals.set(accountId, renewal);
    return renewal;
  }

  return {
    current: async () => bearer(await store.read()),
    async renew(refused, signal) {
      return bearer(await unlessAborted(share(refused), signal));
    },
  };
}

/** One who stops waiting leaves the others' renewal going. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new ProviderError('cancelled'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    work.catch(() => undefined);
  }
}
