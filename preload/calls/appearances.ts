/** The picture a provider keeps for each of the person's signing identities. */
import { z } from 'zod';
import { bytes } from '../model.ts';
import { call, id, none, providerErrors } from './call.ts';

const MOST_BYTES = 2 * 1024 * 1024;
const appearanceErrors = [...providerErrors, 'unsupported'] as const;
const which = { accountId: id, identityId: id } as const;

export const appearancesCalls = {
  'appearances.identities': call({
    input: z.object({ accountId: id }).strict(),
    output: z.object({ identities: z.array(z.object({ identityId: z.string(), label: z.string() })) }),
    errors: appearanceErrors,
  }),
  /** A PNG or JPEG; `not-found` where the identity has none. */
  'appearances.read': call({ input: z.object(which).strict(), output: z.object({ bytes }), errors: appearanceErrors }),
  'appearances.write': call({
    input: z
      .object({
        ...which,
        name: z.string().min(1).max(255),
        bytes: bytes.refine((value) => value.length <= MOST_BYTES),
      })
      .strict(),
    output: none,
    errors: appearanceErrors,
  }),
  'appearances.remove': call({ input: z.object(which).strict(), output: none, errors: appearanceErrors }),
} as const;
