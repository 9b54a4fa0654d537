/** What administrators of an organisation see and send. Times are epoch milliseconds (UTC). */
import { z } from 'zod';

export const userRole = z.enum(['admin', 'instructor', 'signer']);
export type UserRole = z.infer<typeof userRole>;

export const adminUser = z.object({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  surname: z.string(),
  email: z.string(),
  role: z.string(),
  groups: z.array(z.string()),
  capabilities: z.array(z.string()),
  enabled: z.boolean(),
  /** A robot or another service user. */
  automatic: z.boolean(),
});
export type AdminUser = z.infer<typeof adminUser>;

const text = z.string().trim().min(1).max(320);
export const userParticulars = z.object({
  name: text.optional(),
  surname: text.optional(),
  email: z.email().max(320).optional(),
  phone: z.string().max(50).optional(),
  groups: z.array(text).max(1000).optional(),
});
export type UserParticulars = z.infer<typeof userParticulars>;

/** What an identity provider says of a person (SAMLToken). */
export const samlReply = z.looseObject({
  eduPersonPrincipalName: text,
  givenName: z.string().max(320),
  surname: z.string().max(320),
  rfc822Mailbox: z.string().max(320).optional(),
  isMemberOf: z.array(z.string().min(1).max(320)).max(1000).optional(),
  /** When the reply holds; RFC 3339. */
  _not_before: z.string().max(100).optional(),
  _not_onorafter: z.string().max(100).optional(),
});
export type SamlReply = z.infer<typeof samlReply>;

export const syncedUser = z.object({
  eduPersonPrincipalName: text,
  isMemberOf: z.array(z.string().min(1).max(320)).max(1000).default([]),
  givenName: z.string().max(320),
  surname: z.string().max(320),
  orgRole: userRole.default('signer'),
});
export type SyncedUser = z.infer<typeof syncedUser>;
