/** Services: tokens (RFC 6749), the signed-in user, signing out, the application's public configuration. */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { type Answer, json, noContent } from '../answers.ts';
import type { EffectKind, Session } from '../records.ts';
import { readForm } from '../request-body.ts';
import type { Call, Route } from '../router.ts';
import type { SigningTodayState } from '../state.ts';

const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** RFC 6749, 5.2. */
function tokenError(error: 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unsupported_grant_type'): Answer {
  if (error !== 'invalid_client') return json({ error }, 400);
  const answer = json({ error }, 401);
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Basic realm="oauth"' } };
}

/** RFC 6749, 2.3.1: both parts are form-urlencoded before they are joined. */
function isClient(state: SigningTodayState, header: string | undefined): boolean {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const plain = (text: string) => new URLSearchParams(`v=${text}`).get('v') ?? '';
  return sameText(plain(id), state.clientId) && sameText(plain(secret.join(':')), state.clientSecret);
}

/** Signs the user in; `instead` names the session that is renewed by it. */
export function openSession(
  { ledger, accessTokenSeconds }: SigningTodayState,
  userId: string,
  kind: EffectKind,
  instead?: Session,
): Session {
  const session: Session = {
    accessToken: randomUUID(),
    refreshToken: randomUUID(),
    userId,
    expiresAt: ledger.clock.now() + accessTokenSeconds * 1000,
  };
  ledger.changeDirectory((draft) => {
    draft.sessions = draft.sessions.filter(({ refreshToken }) => refreshToken !== instead?.refreshToken);
    draft.sessions.push(session);
    draft.effects.push(ledger.effect(kind, userId));
  });
  return session;
}

function grant(state: SigningTodayState, userId: string, kind: EffectKind, instead?: Session): Answer {
  const session = openSession(state, userId, kind, instead);
  return json({
    access_token: session.accessToken,
    token_type: 'bearer',
    refresh_token: session.refreshToken,
    expires_in: state.accessTokenSeconds,
    scope: 'all',
  });
}

function grantPassword(state: SigningTodayState, username: string, password: string): Answer {
  const found = state.ledger.directory.users.find(({ user }) => `${user.username}@${user.domain}` === username);
  if (!found || found.user.deletedAt !== undefined || !sameText(found.password, password))
    return tokenError('invalid_grant');
  return grant(state, found.user.id, 'token-issued');
}

/** A refresh token works once: the session gets a new pair of tokens and the old ones are void. */
function grantRefresh(state: SigningTodayState, refreshToken: string): Answer {
  const session = state.ledger.directory.sessions.find((each) => each.refreshToken === refreshToken);
  return session ? grant(state, session.userId, 'token-refreshed', session) : tokenError('invalid_grant');
}

async function token({ state, request }: Call): Promise<Answer> {
  const fields = await readForm(request);
  if (!isClient(state, request.headers.authorization)) return tokenError('invalid_client');
  const type = fields.get('grant_type');
  if (type === 'password') {
    const username = fields.get('username');
    const password = fields.get('password');
    if (username === undefined || password === undefined) return tokenError('invalid_request');
    return grantPassword(state, username, password);
  }
  if (type !== 'refresh_token') return tokenError(type === undefined ? 'invalid_request' : 'unsupported_grant_type');
  const refreshToken = fields.get('refresh_token');
  return refreshToken === undefined ? tokenError('invalid_request') : grantRefresh(state, refreshToken);
}

export const services: readonly Route[] = [
  { operationId: 'oauthTokenPOST', method: 'POST', path: '/oauth/token', auth: 'none', run: token },
  { operationId: 'authUser', method: 'GET', path: '/auth/user', auth: 'bearer', run: ({ user }) => json(user) },
  {
    operationId: 'logoutUser',
    method: 'GET',
    path: '/auth/logout',
    auth: 'bearer',
    run({ state, user, session }) {
      state.ledger.changeDirectory((draft) => {
        draft.sessions = draft.sessions.filter(({ accessToken }) => accessToken !== session.accessToken);
        draft.effects.push(state.ledger.effect('signed-out', user.id));
      });
      return noContent;
    },
  },
  {
    operationId: 'configurationGet',
    method: 'GET',
    path: '/service/configuration',
    auth: 'none',
    run: () => json({ signingService: { protocol: 'http', baseHost: 'signing-service.today' } }),
  },
];
