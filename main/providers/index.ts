/** The providers the desk knows, and the sessions of its accounts. */
import { z } from 'zod';
import type { Account, ProviderKind } from '../../preload/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { HttpPort } from '../platform/http.ts';
import {
  type CredentialStore,
  type Credentials,
  type Provider,
  ProviderError,
  type ProviderSession,
} from './provider.ts';
import { createSigningToday } from './signing-today/index.ts';

/** What the sessions need of the store. */
export interface AccountStore {
  accounts(): Promise<Account[]>;
  credentials(accountId: string): Promise<string>;
  saveCredentials(accountId: string, credentials: string): Promise<void>;
}

export interface Providers {
  /** Undefined for a kind this version does not know. */
  provider(kind: string): Provider | undefined;
  /**
   * Opens an account's session, the same one each time.
   * The function rejects with ProviderError not-found for an account or a kind that is not there.
   */
  sessions(store: AccountStore): (accountId: string) => Promise<ProviderSession>;
}

const credentialsSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.number(),
  clientId: z.string(),
  clientSecret: z.string(),
  username: z.string().optional(),
});

/** Credentials as the store keeps them. */
export const formatCredentials = (credentials: Credentials): string => JSON.stringify(credentials);

/** @throws ProviderError sign-in-expired where what was kept makes no sense: signing in again mends it */
export function parseCredentials(json: string): Credentials {
  try {
    const { refreshToken, username, ...rest } = credentialsSchema.parse(JSON.parse(json));
    return { ...rest, refreshToken, ...(username === undefined ? {} : { username }) };
  } catch {
    throw new ProviderError('sign-in-expired');
  }
}

function credentialStore(store: AccountStore, accountId: string): CredentialStore {
  return {
    read: async () => parseCredentials(await store.credentials(accountId)),
    save: (credentials) => store.saveCredentials(accountId, formatCredentials(credentials)),
  };
}

export function createProviders(deps: { http: HttpPort; clock: Clock }): Providers {
  const all: Readonly<Record<ProviderKind, Provider>> = { 'signing-today': createSigningToday(deps) };
  const provider = (kind: string): Provider | undefined =>
    Object.values(all).find((candidate) => candidate.kind === kind);
  return {
    provider,
    sessions(store) {
      const open = new Map<string, ProviderSession>();
      return async (accountId) => {
        const account = (await store.accounts()).find(({ id }) => id === accountId);
        const chosen = account && provider(account.provider);
        if (!account || !chosen) throw new ProviderError('not-found');
        const key = JSON.stringify([account.id, account.baseUrl, account.userId]);
        const session = open.get(key) ?? chosen.open(account, credentialStore(store, accountId));
        open.set(key, session);
        return session;
      };
    },
  };
}
