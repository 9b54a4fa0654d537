/** Signing Today (Web API 2.0.0) as a provider. */
import type { Clock } from '../../platform/clock.ts';
import type { HttpPort } from '../../platform/http.ts';
import type { Provider } from '../provider.ts';
import { nameOfSigner } from './mapping.ts';
import { bearer, createBearer, type Renewals, requestTokens } from './oauth.ts';
import { anonymous, createRequestCore } from './request-core.ts';
import { createSession } from './session.ts';
import { toLine } from './text.ts';
import { currentUser } from './users.ts';

/** `baseUrl` of an account is the API's, e.g. `https://web.sandbox.signingtoday.com/api`. */
export function createSigningToday({ http, clock }: { http: HttpPort; clock: Clock }): Provider {
  const renewals: Renewals = new Map();
  return {
    kind: 'signing-today',
    async signIn({ baseUrl, username, password, clientId, clientSecret }, signal) {
      const endpoint = { http, clock, baseUrl };
      const grant = { grant_type: 'password', username, password } as const;
      const credentials = await requestTokens(endpoint, { clientId, clientSecret }, grant, signal);
      const core = createRequestCore({ ...endpoint, authorizer: { current: async () => bearer(credentials) } });
      const user = await currentUser(core, signal);
      return { credentials, userId: user.id, userName: nameOfSigner(user) || toLine(user.username, 200) };
    },
    open({ id, baseUrl, userId }, store) {
      const endpoint = { http, clock, baseUrl };
      const authorizer = createBearer({ accountId: id, endpoint, store, renewals });
      const open = createRequestCore({ ...endpoint, authorizer: anonymous });
      return createSession(createRequestCore({ ...endpoint, authorizer }), open, userId);
    },
  };
}
