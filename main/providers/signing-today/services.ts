/** Service operations: signing out, signing in by SAML, keeping accounts in step with another directory. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { SamlReply } from '../../../preload/model.ts';
import { badResponse } from './errors.ts';
import { pathOf, type RequestCore } from './request-core.ts';
import { number } from './schema-parts.ts';

/** GET /auth/logout: ends this session. */
export async function logOut(core: RequestCore, signal?: AbortSignal): Promise<void> {
  await core.nothing({ method: 'GET', path: pathOf('auth', 'logout'), signal });
}

/** GET /service/configuration: the application's public configuration, as it came. */
export async function getConfiguration(core: RequestCore, signal?: AbortSignal): Promise<Record<string, unknown>> {
  return core.json({ method: 'GET', path: pathOf('service', 'configuration'), signal }, z.looseObject({}));
}

/** IDToken1 and IDToken2: the reply as base64 JSON, and the hex HMAC-SHA256 of that JSON. */
export function sealSamlReply(reply: SamlReply, key: string | Uint8Array): { IDToken1: string; IDToken2: string } {
  const text = Buffer.from(JSON.stringify(reply));
  return { IDToken1: text.toString('base64'), IDToken2: createHmac('sha256', key).update(text).digest('hex') };
}

/**
 * POST /auth/saml: registers or updates the person, and signs them in.
 * @returns the page the browser is sent to, with the new access token in it. It is the service's word: open it only where it is the account's.
 * @throws ProviderError stale (409) where the seal or the reply's time is not good
 */
export async function signInBySaml(
  core: RequestCore,
  form: { domain: string; IDToken1: string; IDToken2: string },
  signal?: AbortSignal,
): Promise<URL> {
  const { domain, IDToken1, IDToken2 } = form;
  const pairs: [string, string][] = Object.entries({ domain, IDToken1, IDToken2 });
  const location = await core.redirect({ method: 'POST', path: pathOf('auth', 'saml'), form: pairs, signal });
  if (!URL.canParse(location)) throw badResponse('location', true);
  return new URL(location);
}

export type Role = 'admin' | 'instructor' | 'signer';

export interface SyncedUser {
  readonly eduPersonPrincipalName: string;
  readonly isMemberOf: readonly string[];
  readonly givenName: string;
  readonly surname: string;
  readonly orgRole: Role;
}

const reportSchema = z.looseObject({
  users: z.looseObject({ deleted: number, inserted: number, updated: number }),
});
export type UserSyncReport = z.infer<typeof reportSchema>;

/** POST /service/users/sync: the list is all there are; who is missing from it is disabled. @throws ProviderError refused */
export async function syncUsers(
  core: RequestCore,
  users: readonly SyncedUser[],
  signal?: AbortSignal,
): Promise<UserSyncReport> {
  return core.json({ method: 'POST', path: pathOf('service', 'users', 'sync'), json: users, signal }, reportSchema);
}
