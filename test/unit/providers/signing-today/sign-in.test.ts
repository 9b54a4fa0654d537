import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../../main/platform/http.ts';
import { createSigningToday } from '../../../../main/providers/signing-today/index.ts';
import { baseUrl, clock, me, memoryCredentials, type ScriptedAnswer, scripted } from './fixtures.ts';

const request = {
  baseUrl,
  username: 'ada@demo',
  password: 'Tr0ub4dor',
  clientId: 'the client',
  clientSecret: 's+ecret:',
};
const tokens = { access_token: 'new', token_type: 'bearer', refresh_token: 'refresh-2', expires_in: 60, scope: 'all' };
const user = { id: me, username: 'ada', name: 'Ada', surname: 'Lovelace' };

const account = (id = 'account-1') => ({ id, baseUrl, userId: me });

/** A server that knows one access token at a time and gives `tokens` for a refresh. */
function server(valid: string, refresh: () => ScriptedAnswer | HttpError = () => ({ body: tokens })) {
  let accepted = valid;
  return scripted(({ path, headers }) => {
    if (path === '/oauth/token') {
      const answer = refresh();
      if (!(answer instanceof HttpError)) accepted = 'new';
      return answer;
    }
    return headers.authorization === `Bearer ${accepted}` ? { body: [] } : { status: 401, body: { code: 'expired' } };
  });
}

const asked = (http: ReturnType<typeof scripted>) => http.seen.map(({ method, path }) => `${method} ${path}`);

describe('signing in', () => {
  it('asks for a token by password, then who that is', async () => {
    const http = scripted(({ path }) => ({ body: path === '/oauth/token' ? tokens : user }));
    const result = await createSigningToday({ http, clock }).signIn(request);
    expect(result).toEqual({
      credentials: {
        accessToken: 'new',
        refreshToken: 'refresh-2',
        expiresAt: clock.now() + 60_000,
        clientId: 'the client',
        clientSecret: 's+ecret:',
      },
      userId: me,
      userName: 'Ada Lovelace',
    });
    const [token, whoAmI] = http.seen;
    // RFC 6749, 2.3.1.
    expect(token?.headers.authorization).toBe(`Basic ${Buffer.from('the+client:s%2Becret%3A').toString('base64')}`);
    expect(token?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    for (const part of ['name="username"\r\n\r\nada@demo\r\n', 'name="grant_type"\r\n\r\npassword\r\n']) {
      expect(token?.text).toContain(part);
    }
    expect(whoAmI?.headers.authorization).toBe('Bearer new');
  });

  it.each([
    [400, [{ code: 'BadArgument', message: 'no' }]],
    [400, { error: 'invalid_grant', error_description: 'Bad credentials' }],
    [401, { error: 'invalid_client' }],
    [403, { code: 'forbidden', message: 'no' }],
  ])('is refused with %i', async (status, body) => {
    const http = scripted(() => ({ status, body }));
    await expect(createSigningToday({ http, clock }).signIn(request)).rejects.toMatchObject({
      code: 'sign-in-refused',
      outcomeUnknown: false,
      serverMessage: expect.any(String),
    });
    expect(http.seen).toHaveLength(1);
  });

  it.each([
    [{ status: 500 }, 'server-error', undefined],
    [{ body: { ...tokens, access_token: undefined } }, 'bad-response', 'access_token'],
    [{ body: { ...tokens, expires_in: 'soon' } }, 'bad-response', 'expires_in'],
    [{ body: '<html></html>' }, 'bad-response', 'body'],
    [new HttpError('timeout', true), 'offline', undefined],
    [new HttpError('tls', false), 'tls', undefined],
    [new HttpError('certificate-expired', false), 'certificate-expired', undefined],
    [new HttpError('certificate-untrusted', false), 'certificate-untrusted', undefined],
    [new HttpError('wrong-host', false), 'wrong-host', undefined],
  ])('fails with %j', async (answer, code, field) => {
    const http = scripted(() => answer);
    await expect(createSigningToday({ http, clock }).signIn(request)).rejects.toMatchObject({
      code,
      field,
      outcomeUnknown: false,
    });
  });

  it('needs an id of the user', async () => {
    const http = scripted(({ path }) => ({ body: path === '/oauth/token' ? tokens : { username: 'ada' } }));
    await expect(createSigningToday({ http, clock }).signIn(request)).rejects.toMatchObject({
      code: 'bad-response',
      field: 'id',
    });
  });

  it.each(['http://signing.example/api', 'ftp://signing.example/api', 'https://u:p@signing.example/api', 'signing'])(
    'sends nothing to %s',
    async (address) => {
      const http = scripted(() => ({ body: tokens }));
      await expect(createSigningToday({ http, clock }).signIn({ ...request, baseUrl: address })).rejects.toMatchObject({
        code: 'insecure-url',
      });
      expect(http.seen).toEqual([]);
    },
  );
});

describe('renewing a sign-in', () => {
  it('happens once on a 401, is stored before it is used, and the request goes out again', async () => {
    const http = server('new');
    const store = memoryCredentials();
    const save = store.save.bind(store);
    let storedBefore = -1;
    store.save = async (credentials) => {
      storedBefore = http.seen.length;
      await save(credentials);
    };
    const session = createSigningToday({ http, clock }).open(account(), store);
    expect(await session.identities()).toEqual([]);
    expect(asked(http)).toEqual([`GET /user/${me}/identities`, 'POST /oauth/token', `GET /user/${me}/identities`]);
    expect(http.seen[1]?.text).toContain('name="refresh_token"\r\n\r\nrefresh-1\r\n');
    expect(storedBefore).toBe(2);
    expect(store.current).toMatchObject({ accessToken: 'new', refreshToken: 'refresh-2' });
  });

  it('keeps the refresh token where the server gives no new one', async () => {
    const http = server('new', () => ({ body: { access_token: 'new' } }));
    const store = memoryCredentials();
    await createSigningToday({ http, clock }).open(account(), store).identities();
    expect(store.current.refreshToken).toBe('refresh-1');
  });

  it('never loops: a second 401 is the answer', async () => {
    const always401 = scripted(({ path }) => (path === '/oauth/token' ? { body: tokens } : { status: 401 }));
    const session = createSigningToday({ http: always401, clock }).open(account(), memoryCredentials());
    await expect(session.identities()).rejects.toMatchObject({ code: 'sign-in-expired', status: 401 });
    expect(asked(always401).filter((line) => line === 'POST /oauth/token')).toHaveLength(1);
    expect(always401.seen).toHaveLength(3);
  });

  it('is shared by all requests refused meanwhile, in every session of the account', async () => {
    const gate = Promise.withResolvers<void>();
    let refused = 0;
    const http = scripted(async ({ path, headers }) => {
      if (path === '/oauth/token') {
        await gate.promise;
        return { body: tokens };
      }
      if (headers.authorization === 'Bearer new') return { body: [] };
      if (++refused === 5) gate.resolve();
      return { status: 401 };
    });
    const provider = createSigningToday({ http, clock });
    const store = memoryCredentials();
    const sessions = [provider.open(account(), store), provider.open(account(), store)];
    await Promise.all([0, 1, 0, 1, 0].map((i) => sessions[i]?.identities()));
    expect(asked(http).filter((line) => line === 'POST /oauth/token')).toHaveLength(1);
    expect(store.saved).toHaveLength(1);
  });

  it('is not repeated for a request whose 401 arrives after it', async () => {
    const late = Promise.withResolvers<void>();
    let first = true;
    const http = scripted(async ({ path, headers }) => {
      if (path === '/oauth/token') return { body: tokens };
      if (headers.authorization === 'Bearer new') return { body: [] };
      if (first) {
        first = false;
        await late.promise;
      }
      return { status: 401 };
    });
    const session = createSigningToday({ http, clock }).open(account(), memoryCredentials());
    const slow = session.identities();
    await session.identities();
    late.resolve();
    await slow;
    expect(asked(http).filter((line) => line === 'POST /oauth/token')).toHaveLength(1);
  });

  it.each([
    ['the server refuses the refresh token', memoryCredentials(), { status: 400, body: { error: 'invalid_grant' } }],
    ['there is no refresh token', memoryCredentials({ refreshToken: undefined }), { body: tokens }],
  ])('ends as sign-in-expired where %s', async (_name, store, answer) => {
    const session = createSigningToday({ http: server('new', () => answer), clock }).open(account(), store);
    await expect(session.identities()).rejects.toMatchObject({ code: 'sign-in-expired' });
    expect(store.saved).toEqual([]);
  });

  it('that fails on the way leaves the sign-in as it is, and is tried again next time', async () => {
    let tries = 0;
    const http = server('new', () => (++tries === 1 ? new HttpError('timeout', true) : { body: tokens }));
    const session = createSigningToday({ http, clock }).open(account(), memoryCredentials());
    await expect(session.identities()).rejects.toMatchObject({ code: 'offline', outcomeUnknown: false });
    expect(await session.identities()).toEqual([]);
  });

  it('goes on for the others when one who waits for it is cancelled', async () => {
    const gate = Promise.withResolvers<void>();
    const asking = Promise.withResolvers<void>();
    const http = scripted(async ({ path, headers }) => {
      if (path === '/oauth/token') {
        asking.resolve();
        await gate.promise;
        return { body: tokens };
      }
      return headers.authorization === 'Bearer new' ? { body: [] } : { status: 401 };
    });
    const session = createSigningToday({ http, clock }).open(account(), memoryCredentials());
    const controller = new AbortController();
    const cancelled = session.identities(controller.signal).catch((error: unknown) => error);
    await asking.promise;
    const other = session.identities();
    controller.abort();
    expect(await cancelled).toMatchObject({ code: 'cancelled' });
    gate.resolve();
    expect(await other).toEqual([]);
  });

  it('is not used where it could not be stored', async () => {
    const store = memoryCredentials();
    const broken = new Error('disk full');
    store.save = () => Promise.reject(broken);
    const http = server('new');
    const session = createSigningToday({ http, clock }).open(account(), store);
    await expect(session.identities()).rejects.toBe(broken);
    expect(http.seen.filter(({ headers }) => headers.authorization === 'Bearer new')).toEqual([]);
  });

  it('does not reach into another account', async () => {
    const http = server('new');
    const provider = createSigningToday({ http, clock });
    const two = memoryCredentials({ accessToken: 'new' });
    await provider.open(account('one'), memoryCredentials()).identities();
    await provider.open(account('two'), two).identities();
    expect(two.saved).toEqual([]);
  });
});
