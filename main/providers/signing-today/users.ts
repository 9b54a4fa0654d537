/** Operations on users and their identities. */
import { pathOf, type RequestCore } from './request-core.ts';
import { type Identity, identitiesSchema, type User, userSchema } from './schemas.ts';

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
