/** Operations on users, their groups, roles and identities. */
import { z } from 'zod';
import { type ListOptions, listItems } from './list-items.ts';
import { parseAs, pathOf, type RequestCore } from './request-core.ts';
import { flag, id, list, maybe, timestamp } from './schema-parts.ts';
import { type Identity, identitiesSchema, type User, userSchema } from './schemas.ts';
import type { Role } from './services.ts';

/** GET /auth/user: who is signed in. */
export async function currentUser(core: RequestCore, signal?: AbortSignal): Promise<User> {
  return core.json({ method: 'GET', path: pathOf('auth', 'user'), signal }, userSchema);
}

/** GET /user/{id} */
export async function getUser(core: RequestCore, id: string, signal?: AbortSignal): Promise<User> {
  return core.json({ method: 'GET', path: pathOf('user', id), signal }, userSchema);
}

/** GET /user/{id}/identities */
export async function listIdentities(core: RequestCore, userId: string, signal?: AbortSignal): Promise<Identity[]> {
  return core.json({ method: 'GET', path: pathOf('user', userId, 'identities'), signal }, identitiesSchema);
}

const groupSchema = z.looseObject({ id: maybe(id), name: z.string(), domain: maybe(z.string()) });
export type UserGroup = z.infer<typeof groupSchema>;

/** A user with all that administrators look after. */
export const fullUserSchema = userSchema.extend({
  domain: maybe(z.string()),
  language: maybe(z.string()),
  phone: maybe(z.string()),
  role: maybe(z.string()),
  groups: list(groupSchema),
  capabilities: list(z.string()),
  createdAt: maybe(timestamp),
  deletedAt: maybe(timestamp),
  automatic: flag,
});
export type FullUser = z.infer<typeof fullUserSchema>;

/** A user as it came, beside what was read of it: an update sends all of it back. */
export interface UserRecord {
  readonly user: FullUser;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** GET /users: the organisation's. */
export function listUsers(core: RequestCore, options: ListOptions = {}): AsyncIterable<FullUser> {
  return listItems(core, pathOf('users'), fullUserSchema, (user) => user.id, options);
}

/** GET /user/{id}, for an update. */
export async function readUser(core: RequestCore, userId: string, signal?: AbortSignal): Promise<UserRecord> {
  const value = await core.value({ method: 'GET', path: pathOf('user', userId), signal });
  return { user: parseAs(fullUserSchema, value, false), raw: parseAs(z.record(z.string(), z.unknown()), value, false) };
}

export interface NewUser {
  readonly username: string;
  readonly name: string;
  readonly surname: string;
  readonly email: string;
  readonly domain?: string;
  readonly language?: string;
  readonly phone?: string;
  readonly role?: Role;
  readonly groups?: readonly { readonly id?: string; readonly name: string; readonly domain: string }[];
  readonly automatic?: boolean;
}

/** The OpenAPI has the id as text, the samples as a list of one. */
const createdSchema = z.union([id, z.array(id).length(1)]).transform((made) => (Array.isArray(made) ? made[0] : made));

/** POST /users. Without a password the user gets a mail to choose one. Returns the new id. @throws ProviderError refused */
export async function createUser(
  core: RequestCore,
  user: NewUser,
  password?: string,
  signal?: AbortSignal,
): Promise<string> {
  const json = { user, ...(password === undefined ? {} : { password }) };
  return (await core.json({ method: 'POST', path: pathOf('users'), json, signal }, createdSchema)) ?? '';
}

/** PUT /user/{id}: replaces the user. */
export async function updateUser(
  core: RequestCore,
  userId: string,
  raw: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<void> {
  await core.nothing({ method: 'PUT', path: pathOf('user', userId), json: raw, signal });
}

/** DELETE /user/{id}?enabled=: a user who is disabled stays known and can be enabled again. */
export async function setUserEnabled(
  core: RequestCore,
  userId: string,
  enabled: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const query: [string, string][] = [['enabled', String(enabled)]];
  await core.nothing({ method: 'DELETE', path: pathOf('user', userId), query, signal });
}

/** PUT /user/{id}/role. @throws ProviderError stale (409) where the user is in no state for it */
export async function setUserRole(core: RequestCore, userId: string, role: Role, signal?: AbortSignal): Promise<void> {
  const query: [string, string][] = [['newRole', role]];
  await core.nothing({ method: 'PUT', path: pathOf('user', userId, 'role'), query, signal });
}

/** GET /users/groups */
export function listGroups(core: RequestCore, options: ListOptions = {}): AsyncIterable<UserGroup> {
  const keyOf = (group: UserGroup) => group.id ?? `${group.domain ?? ''}/${group.name}`;
  return listItems(core, pathOf('users', 'groups'), groupSchema, keyOf, options);
}

/** POST /users/groups */
export async function createGroups(
  core: RequestCore,
  groups: readonly { readonly name: string; readonly domain: string }[],
  signal?: AbortSignal,
): Promise<void> {
  await core.nothing({ method: 'POST', path: pathOf('users', 'groups'), json: groups, signal });
}
