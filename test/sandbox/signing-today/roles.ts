/** The capabilities of the OpenAPI's list, and those a role has: a change of role gives a user the role's own. */
import type { Capability, Role } from './model.ts';

export const capabilities = [
  'user.pwd.clear',
  'user.create.all',
  'user.access.all',
  'user.delete.all',
  'dst.list.all',
  'dst.delete.all',
  'dst.create.modify_all',
  'devices.list.all',
  'devices.delete.all',
  'organizations.access.write.user',
] as const satisfies readonly Capability[];

/** What the roles' ranks (guards.ts) do not give by themselves: an administrator's list is all there are. */
const byRole: Readonly<Record<Role, readonly Capability[]>> = { admin: capabilities, instructor: [], signer: [] };

export const capabilitiesOf = (role: Role): readonly Capability[] => byRole[role];
