/** Signing in to an account again, and out of it; what is known of it here stays. */
import type { Account } from '../../preload/model.ts';
import { type AccountStore, formatCredentials, parseCredentials } from './index.ts';
import type { Provider, ProviderSession } from './provider.ts';

export class SignInError extends Error {
  readonly code: 'not-found' | 'username-needed' | 'other-person';
  constructor(code: SignInError['code']) {
    super(`sign-in: ${code}`);
    this.name = 'SignInError';
    this.code = code;
  }
}

export interface SignInStore extends AccountStore {
  putAccount(account: Account, credentials: string): Promise<void>;
  setAccountState(accountId: string, state: Account['state']): Promise<void>;
}

export interface SignIns {
  /**
   * Signs in again with the password; the user name of the last time is used where none is given.
   * @throws SignInError other-person where the name is somebody else's, username-needed; ProviderError
   */
  again(accountId: string, given: { password: string; username?: string | undefined }): Promise<Account>;
  /** Ends the session at the provider if it can be reached, and forgets the tokens here in any case. @throws SignInError not-found */
  out(accountId: string): Promise<void>;
}

/** How long the provider is waited for. */
const SIGN_OUT_MS = 5_000;

export function createSignIns(deps: {
  store: SignInStore;
  session: (accountId: string) => Promise<ProviderSession>;
  provider: (kind: string) => Provider | undefined;
}): SignIns {
  const { store } = deps;

  async function find(accountId: string) {
    const account = (await store.accounts()).find(({ id }) => id === accountId);
    const provider = account && deps.provider(account.provider);
    if (!account || !provider) throw new SignInError('not-found');
    return { account, provider };
  }

  async function kept(accountId: string) {
    try {
      return parseCredentials(await store.credentials(accountId));
    } catch {
      return undefined;
    }
  }

  return {
    async again(accountId, given) {
      const { account, provider } = await find(accountId);
      const before = await kept(accountId);
      const username = given.username ?? before?.username;
      if (username === undefined) throw new SignInError('username-needed');
      const { baseUrl } = account;
      const { clientId = '', clientSecret = '' } = before ?? {};
      const { password } = given;
      const signedIn = await provider.signIn({ baseUrl, username, password, clientId, clientSecret });
      if (signedIn.userId !== account.userId) throw new SignInError('other-person');
      const now: Account = { ...account, userName: signedIn.userName, state: 'signed-in' };
      await store.putAccount(now, formatCredentials({ ...signedIn.credentials, username }));
      return now;
    },

    async out(accountId) {
      await find(accountId);
      // From here on nothing is read or delivered for it.
      await store.setAccountState(accountId, 'sign-in-expired');
      try {
        const session = await deps.session(accountId);
        await session.signOut?.(AbortSignal.timeout(SIGN_OUT_MS));
      } catch {
        // The tokens are forgotten all the same, and end by themselves.
      }
      const { clientId = '', clientSecret = '', username } = (await kept(accountId)) ?? {};
      const forgotten = { accessToken: '', refreshToken: undefined, expiresAt: 0, clientId, clientSecret, username };
      await store.saveCredentials(accountId, formatCredentials(forgotten));
    },
  };
}
