import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { basic, codesOf, requestToken, type Setup, send, setUp } from './signing-today-setup.ts';

interface Tokens {
  access_token: string;
  refresh_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
}

let sandbox: Setup;
beforeEach(async () => {
  sandbox = await setUp();
});
afterEach(() => sandbox.server.stop());

const password = { grant_type: 'password', username: 'anna@demo', password: 'secret' };
const whoAmI = (token: string) =>
  send(`${sandbox.server.url}/auth/user`, { headers: { authorization: `Bearer ${token}` } });

describe('signing in to Signing Today', () => {
  it('gives a bearer token for a password, in either form encoding', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(password)) form.append(name, value);
    const answers = [
      await requestToken(sandbox.server.url, password),
      await send(`${sandbox.server.url}/oauth/token`, {
        method: 'POST',
        headers: { authorization: basic() },
        body: form,
      }),
    ];
    for (const answer of answers) {
      const tokens = answer.json<Tokens>();
      expect(answer.status).toBe(200);
      expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 30_623, scope: 'all' });
      expect((await whoAmI(tokens.access_token)).json()).toMatchObject({ username: 'anna', name: 'Anna' });
    }
  });

  it.each([
    ['a wrong password', { ...password, password: 'Secret' }, basic(), 400, 'invalid_grant'],
    ['a name without its domain', { ...password, username: 'anna' }, basic(), 400, 'invalid_grant'],
    ['nobody', { ...password, username: 'carla@demo' }, basic(), 400, 'invalid_grant'],
    ['a wrong client secret', password, basic('countersign', 'other'), 401, 'invalid_client'],
    ['an unknown client', password, basic('somebody'), 401, 'invalid_client'],
    ['no client', password, '', 401, 'invalid_client'],
    ['no grant type', { username: 'anna@demo', password: 'secret' }, basic(), 400, 'invalid_request'],
    ['a password left out', { grant_type: 'password', username: 'anna@demo' }, basic(), 400, 'invalid_request'],
    ['another grant', { grant_type: 'client_credentials' }, basic(), 400, 'unsupported_grant_type'],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, basic(), 400, 'invalid_grant'],
  ])('refuses %s', async (_name, fields, authorization, status, error) => {
    const answer = await requestToken(sandbox.server.url, fields, authorization);
    expect([answer.status, answer.json()]).toEqual([status, { error }]);
  });

  it('renews the pair of tokens once, and the old ones are void', async () => {
    const first = (await requestToken(sandbox.server.url, password)).json<Tokens>();
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const second = (await requestToken(sandbox.server.url, refresh)).json<Tokens>();
    expect((await whoAmI(second.access_token)).status).toBe(200);
    expect((await whoAmI(first.access_token)).status).toBe(401);
    expect((await requestToken(sandbox.server.url, refresh)).status).toBe(400);
    expect(sandbox.state.effects({ kind: 'token-refreshed' })).toHaveLength(1);
  });

  it('refuses an access token from the second it expires, and renews it', async () => {
    const tokens = (await requestToken(sandbox.server.url, password)).json<Tokens>();
    sandbox.clock.advance(tokens.expires_in * 1000 - 1);
    expect((await whoAmI(tokens.access_token)).status).toBe(200);
    sandbox.clock.advance(1);
    const expired = await whoAmI(tokens.access_token);
    expect([expired.status, codesOf(expired)]).toEqual([401, ['token-expired']]);
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    expect((await requestToken(sandbox.server.url, fields)).status).toBe(200);
  });

  it.each(['', 'Bearer', 'Bearer nonsense', 'Basic abc'])('refuses the authorization "%s"', async (authorization) => {
    const answer = await send(`${sandbox.server.url}/DSTs`, { headers: { authorization } });
    expect([answer.status, codesOf(answer)]).toEqual([401, ['unauthorized']]);
  });

  it('signs out one session and leaves the others', async () => {
    const other = (await requestToken(sandbox.server.url, password)).json<Tokens>();
    expect((await sandbox.anna.call('GET', '/auth/logout')).status).toBe(204);
    expect((await sandbox.anna.call('GET', '/auth/user')).status).toBe(401);
    expect((await whoAmI(other.access_token)).status).toBe(200);
  });

  it('can void every access token, or every session', async () => {
    const tokens = (await requestToken(sandbox.server.url, password)).json<Tokens>();
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    sandbox.state.expireAccessTokens();
    expect((await whoAmI(tokens.access_token)).status).toBe(401);
    sandbox.state.endSessions();
    expect((await requestToken(sandbox.server.url, fields)).status).toBe(400);
  });
});

describe('users of Signing Today', () => {
  it('lists the people of one’s own organisation alone', async () => {
    sandbox.state.addUser({ username: 'eve', password: 'x', name: 'Eve', surname: 'E', domain: 'elsewhere' });
    const answer = await sandbox.anna.call('GET', '/users?$orderBy=name,desc&$count=true');
    const { count, values } = answer.json<{ count: number; values: { name: string }[] }>();
    expect([count, values.map(({ name }) => name)]).toEqual([2, ['Bruno', 'Anna']]);
  });

  it('gives one’s own identities with the token’s data, and nobody else’s', async () => {
    const { id } = sandbox.anna.user;
    sandbox.state.addIdentity(id, {
      label: 'Anna’s card',
      subjectCommonName: 'Anna Arni',
      issuerCommonName: 'Issuing CA',
      expiresAt: sandbox.clock.now() + 1000,
      certificate: Uint8Array.of(0x30, 0x00),
      providerData: { ATR: '3bff', tokenInfo: { serialNumber: '7430010005961358', manufacturerID: 'Bit4id' } },
    });
    const read = async () => (await sandbox.anna.call('GET', `/user/${id}/identities`)).json<unknown[]>();
    const tokenInfo = { serialNumber: '7430010005961358', manufacturerID: 'Bit4id', ulMaxPinLen: 8 };
    expect(await read()).toMatchObject([
      { rawCertificate: 'MAA=', valid: true, providerData: { ATR: '3bff', tokenInfo } },
    ]);
    sandbox.clock.advance(1000);
    expect(await read()).toMatchObject([{ valid: false }]);
    expect((await sandbox.bruno.call('GET', `/user/${id}/identities`)).status).toBe(403);
    expect((await sandbox.anna.call('GET', '/user/nobody/identities')).status).toBe(404);
  });

  it('gives the public configuration without a token', async () => {
    const answer = await send(`${sandbox.server.url}/service/configuration`, {});
    expect([answer.status, Object.keys(answer.json<object>())]).toEqual([200, ['signingService']]);
  });
});
