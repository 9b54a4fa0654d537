/** What the contract test of one operation runs in: a sandbox with people of every role, and the client of each. */
import type { Clock } from '../../../../main/platform/clock.ts';
import type { HttpPort } from '../../../../main/platform/http.ts';
import { createHttp } from '../../../../main/platform/undici-http.ts';
import { bearer, requestTokens } from '../../../../main/providers/signing-today/oauth.ts';
import { createRequestCore, type RequestCore } from '../../../../main/providers/signing-today/request-core.ts';
import {
  createSigningTodayState,
  type SigningTodayServer,
  type SigningTodayState,
  type User,
} from '../../../sandbox/signing-today/index.ts';
import { startWatched, type Watch } from '../../../sandbox/signing-today/openapi/index.ts';

export const password = 'correct horse';
export const client = { clientId: 'countersign', clientSecret: 'sandbox' } as const;

export interface Stage {
  readonly state: SigningTodayState;
  readonly server: SigningTodayServer;
  readonly watch: Watch;
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly advance: (ms: number) => void;
  /** A signer, a second one, an instructor, an administrator: all of the domain `demo`. */
  readonly signer: Person;
  readonly other: Person;
  readonly instructor: Person;
  readonly admin: Person;
  /** A core nobody is signed in to. */
  readonly nobody: RequestCore;
  signIn(username: string): Promise<RequestCore>;
  close(): Promise<void>;
}

export interface Person {
  readonly user: User;
  /** Signed in as them. */
  readonly core: RequestCore;
}

/** The contract test of an operation: it calls the client's method and asserts what came of it, in the answer and in the state. */
export type OperationCase = (stage: Stage) => Promise<void>;

export async function openStage(): Promise<Stage> {
  let now = Date.UTC(2026, 0, 15, 9);
  const clock: Clock = { now: () => now, monotonicMs: () => now, delay: async () => undefined };
  const state = createSigningTodayState({ clock, accessTokenSeconds: 3600 });
  const { server, watch } = await startWatched(state);
  const http = createHttp();
  const endpoint = { http, clock, baseUrl: server.url };

  async function signIn(username: string): Promise<RequestCore> {
    const credentials = await requestTokens(endpoint, client, {
      grant_type: 'password',
      username: `${username}@demo`,
      password,
    });
    return createRequestCore({ ...endpoint, authorizer: { current: async () => bearer(credentials) } });
  }

  async function person(username: string, name: string, surname: string, role: User['role']): Promise<Person> {
    const user = state.addUser({ username, password, name, surname, role });
    return { user, core: await signIn(username) };
  }

  return {
    state,
    server,
    watch,
    http,
    clock,
    advance(ms) {
      now += ms;
    },
    signer: await person('sara', 'Sara', 'Serra', 'signer'),
    other: await person('omar', 'Omar', 'Orsi', 'signer'),
    instructor: await person('ines', 'Ines', 'Isola', 'instructor'),
    admin: await person('aldo', 'Aldo', 'Amato', 'admin'),
    nobody: createRequestCore({ ...endpoint, authorizer: { current: async () => undefined } }),
    signIn,
    async close() {
      await http.close();
      await server.stop();
    },
  };
}
