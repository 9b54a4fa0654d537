/** What administrators do with an organisation's users; for the command line alone. */
import { z } from 'zod';
import { adminUser, samlReply, syncedUser, userParticulars, userRole } from '../model.ts';
import { call, id, none, providerErrors } from './call.ts';

/** `unsupported`: the account’s provider has no such thing. `wrong-state`: not as the user stands now. */
const errors = [...providerErrors, 'wrong-state', 'unsupported'] as const;
const at = { accountId: id } as const;
const username = z.string().trim().min(1).max(256);
const password = z.string().min(1).max(1024);

export const adminCalls = {
  'admin.users': call({ input: z.object(at).strict(), output: z.object({ users: z.array(adminUser) }), errors }),
  /** Without a password the user gets a mail to choose one. */
  'admin.addUser': call({
    input: userParticulars
      .required({ name: true, surname: true, email: true })
      .extend({ ...at, username, role: userRole, automatic: z.boolean(), password: password.optional() })
      .strict(),
    output: z.object({ id: z.string() }),
    errors,
  }),
  'admin.editUser': call({ input: userParticulars.extend({ ...at, userId: id }).strict(), output: none, errors }),
  'admin.setUserEnabled': call({
    input: z.object({ ...at, userId: id, enabled: z.boolean() }).strict(),
    output: none,
    errors,
  }),
  'admin.setUserRole': call({ input: z.object({ ...at, userId: id, role: userRole }).strict(), output: none, errors }),
  'admin.groups': call({ input: z.object(at).strict(), output: z.object({ groups: z.array(z.string()) }), errors }),
  'admin.addGroups': call({
    input: z.object({ ...at, names: z.array(username).min(1).max(1000) }).strict(),
    output: none,
    errors,
  }),
  /** The user’s password is void; they get a mail to choose another. */
  'admin.resetPassword': call({ input: z.object({ ...at, username }).strict(), output: none, errors }),
  /** A mail with a token goes to the user, where there is one of this name. For whoever cannot sign in. */
  'admin.reportLostPassword': call({ input: z.object({ ...at, username }).strict(), output: none, errors }),
  /** A new password for the token of such a mail. */
  'admin.redeemPassword': call({
    input: z.object({ ...at, token: password, wanted: password }).strict(),
    output: none,
    errors,
  }),
  /** A token one's own password can be changed with, once: a secret. */
  'admin.passwordToken': call({ input: z.object(at).strict(), output: z.object({ token: z.string() }), errors }),
  /** One's own. */
  'admin.changePassword': call({
    input: z.object({ ...at, current: password, wanted: password }).strict(),
    output: none,
    errors,
  }),
  'admin.changeServicePassword': call({
    input: z.object({ ...at, username, wanted: password }).strict(),
    output: none,
    errors,
  }),
  /** What the provider tells everybody of itself, as it came. */
  'admin.configuration': call({
    input: z.object(at).strict(),
    output: z.object({ configuration: z.record(z.string(), z.unknown()) }),
    errors,
  }),
  /**
   * Registers a person as an identity provider would, sealed with the organisation's key. `page` is where their browser would go
   * on, without the access token.
   */
  'admin.registerBySaml': call({
    input: z.object({ ...at, reply: samlReply, key: password }).strict(),
    output: z.object({ page: z.string() }),
    errors,
  }),
  /** The list is all there are: those kept in step before and missing from it are disabled. */
  'admin.syncUsers': call({
    input: z.object({ ...at, users: z.array(syncedUser).max(10_000) }).strict(),
    output: z.object({ inserted: z.number(), updated: z.number(), deleted: z.number() }),
    errors,
  }),
} as const;
