/**
 * Who may do what (OpenAPI: roles signer, instructor, admin; capabilities). An instructor is a signer who also makes DSTs; an
 * administrator has every capability in the organisation. A capability given by name widens what a role may.
 */
import { type RefusalStatus, refusal } from './errors.ts';
import type { Capability, Role, User } from './model.ts';

const rank: Readonly<Record<Role, number>> = { signer: 0, instructor: 1, admin: 2 };

export const hasRole = (user: User, least: Role): boolean => rank[user.role] >= rank[least];

export const may = (user: User, capability: Capability): boolean =>
  user.role === 'admin' || user.capabilities.includes(capability);

/** @throws ApiError 403 */
export function requireRole(user: User, least: Role): void {
  if (!hasRole(user, least)) throw refusal(403, 'forbidden', `Only for ${least}s`);
}

/** @param status what the operation documents where it documents no 403 @throws ApiError */
export function requireCapability(user: User, capability: Capability, status: RefusalStatus = 403): void {
  if (!may(user, capability)) throw refusal(status, 'forbidden', `The capability ${capability} is needed`);
}
