/** Passwords: lost, reset by an administrator, changed by their owner, by a token, or for a service user. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, json, noContent } from '../answers.ts';
import { refusal } from '../errors.ts';
import { may, requireCapability } from '../guards.ts';
import type { User } from '../model.ts';
import type { DirectoryRecord, Mail, UserRecord } from '../records.ts';
import { readJson, readText } from '../request-body.ts';
import type { Call, Route, UserCall } from '../router.ts';

const TOKEN_MS = 24 * 60 * 60 * 1000;

/** A new token for the user; those before are void. */
export function issuePasswordToken(draft: DirectoryRecord, userId: string, now: number): string {
  const token = randomUUID();
  draft.passwordTokens = draft.passwordTokens.filter((each) => each.userId !== userId);
  draft.passwordTokens.push({ token, userId, expiresAt: now + TOKEN_MS });
  return token;
}

export function mailToken(draft: DirectoryRecord, user: User, kind: Mail['kind'], now: number): void {
  draft.mails.push({ to: user.email, kind, passwordToken: issuePasswordToken(draft, user.id, now) });
}

const isActive = ({ user }: UserRecord) => user.deletedAt === undefined;

function named(draft: DirectoryRecord, query: URLSearchParams): UserRecord | undefined {
  const [username, domain] = [query.get('username'), query.get('domain')];
  return draft.users.find((each) => isActive(each) && each.user.username === username && each.user.domain === domain);
}

/** The same answer whether there is such a user or not. */
function lost({ state: { ledger }, query }: Call): Answer {
  ledger.changeDirectory((draft) => {
    const found = named(draft, query);
    if (found) mailToken(draft, found.user, 'password-lost', ledger.clock.now());
  });
  return noContent;
}

/** Nobody gets in with the old password; the user chooses a new one by mail. */
function reset({ state: { ledger }, user, query }: UserCall): Answer {
  requireCapability(user, 'user.pwd.clear');
  ledger.changeDirectory((draft) => {
    const found = named(draft, query);
    if (!found || found.user.domain !== user.domain) throw refusal(403, 'forbidden', 'No such user here');
    found.password = randomUUID();
    draft.sessions = draft.sessions.filter(({ userId }) => userId !== found.user.id);
    mailToken(draft, found.user, 'password-reset', ledger.clock.now());
    draft.effects.push(ledger.effect('password-reset', user.id));
  });
  return noContent;
}

const ownPasswords = z.looseObject({ currentPassword: z.string(), newPassword: z.string() });

async function changeOwn({ state: { ledger }, request, user, session }: UserCall): Promise<Answer> {
  const { currentPassword, newPassword } = await readJson(request, ownPasswords);
  ledger.changeDirectory((draft) => {
    const found = draft.users.find((each) => each.user.id === user.id);
    if (found?.password !== currentPassword) throw refusal(403, 'wrong-password', 'The present password is another');
    if (newPassword.length < 8) throw refusal(403, 'weak-password', 'Eight characters are needed', 'newPassword');
    found.password = newPassword;
    draft.sessions = draft.sessions.filter(
      (each) => each.userId !== user.id || each.accessToken === session.accessToken,
    );
    draft.effects.push(ledger.effect('password-changed', user.id));
  });
  return noContent;
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return z.string().parse(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The documents' sample sends a JSON string as plain text; bare text is taken too. @throws ApiError 409 where it is too short */
async function readPassword(call: Call): Promise<string> {
  const password = unquote(await readText(call.request));
  if (password.length < 8) throw refusal(409, 'weak-password', 'Eight characters are needed');
  return password;
}

async function changeByToken(call: Call): Promise<Answer> {
  const { ledger } = call.state;
  const password = await readPassword(call);
  ledger.changeDirectory((draft) => {
    const now = ledger.clock.now();
    const token = draft.passwordTokens.find((each) => each.token === call.query.get('passwordToken'));
    const found = draft.users.find((each) => each.user.id === token?.userId && isActive(each));
    if (!token || !found || token.expiresAt <= now) throw refusal(409, 'bad-token', 'The token is not good any more');
    draft.passwordTokens = draft.passwordTokens.filter((each) => each !== token);
    found.password = password;
    draft.sessions = draft.sessions.filter(({ userId }) => userId !== found.user.id);
    draft.effects.push(ledger.effect('password-changed', found.user.id));
  });
  return noContent;
}

/** Documents no 403: what one may not do is a 409. */
async function changeService(call: UserCall): Promise<Answer> {
  const { ledger } = call.state;
  const password = await readPassword(call);
  ledger.changeDirectory((draft) => {
    const found = named(draft, call.query);
    const own = found?.user.id === call.user.id;
    const allowed = found?.user.domain === call.user.domain && (own || may(call.user, 'user.pwd.clear'));
    if (!found?.user.automatic || !allowed) throw refusal(409, 'not-a-service-user', 'No service user of yours');
    found.password = password;
    draft.effects.push(ledger.effect('password-changed', call.user.id));
  });
  return noContent;
}

export const passwords: readonly Route[] = [
  { operationId: 'authPasswordLostGET', method: 'GET', path: '/auth/passwordLost', auth: 'none', run: lost },
  {
    operationId: 'authPasswordTokenGET',
    method: 'GET',
    path: '/auth/passwordToken',
    auth: 'bearer',
    run: ({ state: { ledger }, user }) =>
      json([ledger.changeDirectory((draft) => issuePasswordToken(draft, user.id, ledger.clock.now()))]),
  },
  { operationId: 'authPasswordResetGET', method: 'GET', path: '/auth/passwordReset', auth: 'bearer', run: reset },
  { operationId: 'authPasswordResetPOST', method: 'POST', path: '/auth/passwordReset', auth: 'bearer', run: changeOwn },
  {
    operationId: 'authChangePasswordPOST',
    method: 'POST',
    path: '/auth/changePassword',
    auth: 'none',
    run: changeByToken,
  },
  {
    operationId: 'serviceChangePasswordPOST',
    method: 'POST',
    path: '/service/changePassword',
    auth: 'bearer',
    run: changeService,
  },
];
