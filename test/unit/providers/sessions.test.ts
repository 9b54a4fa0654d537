import { describe, expect, it } from 'vitest';
import { createProviders, formatCredentials, parseCredentials } from '../../../main/providers/index.ts';
import type { Account } from '../../../preload/model.ts';
import { baseUrl, clock, me, memoryCredentials, scripted } from './signing-today/fixtures.ts';

const account: Account = {
  id: 'a',
  provider: 'signing-today',
  baseUrl,
  userId: me,
  userName: 'Ada',
  label: '',
  state: 'signed-in',
};

function store(credentials: string) {
  return {
    kept: credentials,
    accounts: async () => [account],
    async credentials() {
      return this.kept;
    },
    async saveCredentials(_id: string, json: string) {
      this.kept = json;
    },
  };
}

const tokens = { access_token: 'new', refresh_token: 'refresh-2', expires_in: 60 };

describe('the sessions of accounts', () => {
  it('are opened once, and keep renewed credentials in the store', async () => {
    const http = scripted(({ path, headers }) => {
      if (path === '/oauth/token') return { body: tokens };
      return headers.authorization === 'Bearer new' ? { body: [] } : { status: 401 };
    });
    const kept = store(formatCredentials(memoryCredentials().current));
    const sessionFor = createProviders({ http, clock }).sessions(kept);
    const session = await sessionFor('a');
    expect(await sessionFor('a')).toBe(session);
    expect(await session.identities()).toEqual([]);
    expect(parseCredentials(kept.kept)).toMatchObject({ accessToken: 'new', refreshToken: 'refresh-2' });
  });

  it('of an account that is not there are not found', async () => {
    const sessionFor = createProviders({ http: scripted(() => ({})), clock }).sessions(store('{}'));
    await expect(sessionFor('b')).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each(['', '{}', 'null', '{"accessToken":1}'])('with damaged credentials need a new sign-in: %j', async (json) => {
    const sessionFor = createProviders({ http: scripted(() => ({})), clock }).sessions(store(json));
    await expect((await sessionFor('a')).identities()).rejects.toMatchObject({ code: 'sign-in-expired' });
  });

  it('know the kinds of provider there are', () => {
    const { provider } = createProviders({ http: scripted(() => ({})), clock });
    expect(provider('signing-today')?.kind).toBe('signing-today');
    expect(provider('toString')).toBeUndefined();
  });

  it.each([undefined, 'refresh'])('write credentials as they read them (refresh token %s)', (refreshToken) => {
    const { current } = memoryCredentials({ refreshToken });
    expect(parseCredentials(formatCredentials(current))).toEqual(current);
  });
});
