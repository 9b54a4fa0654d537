/** Sign-ins at providers. */
import { z } from 'zod';
import { account, providerKind } from '../model.ts';
import { call, id, none, providerErrors } from './call.ts';

export const accountsCalls = {
  'accounts.list': call({ input: none, output: z.array(account), errors: [] }),
  'accounts.add': call({
    input: z
      .object({
        provider: providerKind,
        baseUrl: z.url().max(2048),
        username: z.string().min(1).max(256),
        password: z.string().min(1).max(1024),
        clientId: z.string().max(256),
        clientSecret: z.string().max(1024),
        label: z.string().max(120).optional(),
      })
      .strict(),
    output: account,
    /** `practice-on`: the practice account is there, and is removed first. */
    errors: [...providerErrors, 'practice-on'],
  }),
  /** After the sign-in has ended: the password, and the user name where it is not known from before. */
  'accounts.signIn': call({
    input: z
      .object({
        accountId: id,
        password: z.string().min(1).max(1024),
        username: z.string().min(1).max(256).optional(),
      })
      .strict(),
    output: account,
    errors: [...providerErrors, 'username-needed', 'other-person'],
  }),
  /** What is here stays; nothing is read or delivered until the next sign-in. */
  'accounts.signOut': call({ input: z.object({ accountId: id }).strict(), output: none, errors: ['not-found'] }),
  /** Refused where something made here has not reached the provider yet, unless `force` gives it up. */
  'accounts.remove': call({
    input: z.object({ accountId: id, force: z.boolean().optional() }).strict(),
    output: none,
    errors: ['not-found', 'unsent-work'],
  }),
} as const;
