/** A served organisation with one person of each kind, and the client signed in as each of them. */
import type { Clock } from '../../../../main/platform/clock.ts';
import type { HttpPort } from '../../../../main/platform/http.ts';
import { createHttp } from '../../../../main/platform/undici-http.ts';
import { bearer, requestTokens } from '../../../../main/providers/signing-today/oauth.ts';
import {
  anonymous,
  createRequestCore,
  type RequestCore,
} from '../../../../main/providers/signing-today/request-core.ts';
import {
  createSigningTodayState,
  type SigningTodayServer,
  type SigningTodayState,
  type User,
} from '../../../sandbox/signing-today/index.ts';
import { startWatched } from '../../../sandbox/signing-today/openapi/index.ts';

export const kinds = ['signer', 'instructor', 'admin', 'robot'] as const;
export type Kind = (typeof kinds)[number];
export const password = 'correct horse';

export interface Organisation {
  readonly state: SigningTodayState;
  readonly server: SigningTodayServer;
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly users: Readonly<Record<Kind, User>>;
  /** The client signed in as each of them. */
  readonly as: Readonly<Record<Kind | 'nobody', RequestCore>>;
  readonly tokens: Readonly<Record<Kind, string>>;
  signIn(username: string, secret?: string): Promise<RequestCore>;
  advance(ms: number): void;
  close(): Promise<void>;
}

export async function openOrganisation(): Promise<Organisation> {
  let now = Date.UTC(2024, 5, 1, 8);
  const clock: Clock = { now: () => now, monotonicMs: () => now, delay: async () => undefined };
  const state = createSigningTodayState({ clock, accessTokenSeconds: 7 * 24 * 3600 });
  const add = (username: string, role: 'signer' | 'instructor' | 'admin', automatic = false) =>
    state.addUser({ username, password, name: username, surname: 'Person', role, automatic });
  const users = {
    signer: add('signer', 'signer'),
    instructor: add('instructor', 'instructor'),
    admin: add('admin', 'admin'),
    robot: add('robot', 'instructor', true),
  };
  const { server } = await startWatched(state);
  const http = createHttp();
  const endpoint = { http, clock, baseUrl: server.url };
  const client = { clientId: state.clientId, clientSecret: state.clientSecret };
  const withToken = (token: string) =>
    createRequestCore({ ...endpoint, authorizer: { current: async () => bearer({ accessToken: token }) } });
  const tokenOf = async (username: string, secret = password) => {
    const grant = { grant_type: 'password', username: `${username}@demo`, password: secret } as const;
    return (await requestTokens(endpoint, client, grant)).accessToken;
  };
  const entries = await Promise.all(kinds.map(async (kind) => [kind, await tokenOf(kind)] as const));
  const tokens = Object.fromEntries(entries) as Record<Kind, string>;
  return {
    state,
    server,
    http,
    clock,
    users,
    tokens,
    as: {
      signer: withToken(tokens.signer),
      instructor: withToken(tokens.instructor),
      admin: withToken(tokens.admin),
      robot: withToken(tokens.robot),
      nobody: createRequestCore({ ...endpoint, authorizer: anonymous }),
    },
    signIn: async (username, secret) => withToken(await tokenOf(username, secret)),
    advance: (ms) => {
      now += ms;
    },
    async close() {
      await http.close();
      await server.stop();
    },
  };
}

/** The code and status a promise fails with; undefined where it does not. */
export async function refusalOf(work: Promise<unknown>): Promise<{ code: unknown; status: unknown } | undefined> {
  return work.then(
    () => undefined,
    (error: { code: unknown; status: unknown }) => ({ code: error.code, status: error.status }),
  );
}
