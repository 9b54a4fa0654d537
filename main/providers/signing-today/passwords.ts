/** Operations on passwords. Passwords go into bodies only, never into an address or an error. */
import { z } from 'zod';
import { badResponse } from './errors.ts';
import { pathOf, type RequestCore } from './request-core.ts';

/** A user by the two parts of their sign-in name. */
export interface LoginName {
  readonly username: string;
  readonly domain: string;
}

const toQuery = ({ username, domain }: LoginName): [string, string][] => [
  ['username', username],
  ['domain', domain],
];

/** The documents' sample sends the password as a JSON string in a plain text body. */
const toText = (password: string) => JSON.stringify(password);

/** GET /auth/passwordLost: the user gets a mail with a password token. Says nothing of whether there is such a user; needs no sign-in. */
export async function reportLostPassword(core: RequestCore, who: LoginName, signal?: AbortSignal): Promise<void> {
  await core.nothing({ method: 'GET', path: pathOf('auth', 'passwordLost'), query: toQuery(who), signal });
}

/** GET /auth/passwordToken: a token with which one's own password can be changed. */
export async function getPasswordToken(core: RequestCore, signal?: AbortSignal): Promise<string> {
  const schema = z.union([z.string(), z.array(z.string()).length(1)]);
  const token = await core.json({ method: 'GET', path: pathOf('auth', 'passwordToken'), signal }, schema);
  const text = typeof token === 'string' ? token : token[0];
  if (!text) throw badResponse('body', false);
  return text;
}

/** GET /auth/passwordReset: an administrator has another user choose a new password; theirs is void. @throws ProviderError refused */
export async function resetPassword(core: RequestCore, who: LoginName, signal?: AbortSignal): Promise<void> {
  await core.nothing({ method: 'GET', path: pathOf('auth', 'passwordReset'), query: toQuery(who), signal });
}

/** POST /auth/passwordReset: one's own password, knowing the present one. @throws ProviderError refused where that is wrong */
export async function changeOwnPassword(
  core: RequestCore,
  passwords: { currentPassword: string; newPassword: string },
  signal?: AbortSignal,
): Promise<void> {
  await core.nothing({ method: 'POST', path: pathOf('auth', 'passwordReset'), json: passwords, signal });
}

/** POST /auth/changePassword: spends a password token; needs no sign-in. @throws ProviderError stale where the token is not good */
export async function changePasswordByToken(
  core: RequestCore,
  passwordToken: string,
  newPassword: string,
  signal?: AbortSignal,
): Promise<void> {
  const query: [string, string][] = [['passwordToken', passwordToken]];
  const path = pathOf('auth', 'changePassword');
  await core.nothing({ method: 'POST', path, query, text: toText(newPassword), signal });
}

/** POST /service/changePassword: of a service user (a robot). @throws ProviderError stale where it is none or one may not */
export async function changeServicePassword(
  core: RequestCore,
  who: LoginName,
  newPassword: string,
  signal?: AbortSignal,
): Promise<void> {
  const path = pathOf('service', 'changePassword');
  await core.nothing({ method: 'POST', path, query: toQuery(who), text: toText(newPassword), signal });
}
