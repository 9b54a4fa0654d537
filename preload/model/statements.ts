/** What a signer may state in the signature itself (EN 319 122-1, 5.2): the commitment made, where they are, the policy signed under. */
import { z } from 'zod';
import { COMMITMENTS, stated } from '../plain.ts';
import { bytes } from './basics.ts';

export const commitmentName = z.enum(COMMITMENTS);
export type CommitmentName = z.infer<typeof commitmentName>;

/** At least one of them. */
export const signerPlace = z
  .object({
    country: z.string().regex(stated.country).optional(),
    locality: z.string().regex(stated.town).optional(),
  })
  .strict()
  .refine(({ country, locality }) => country !== undefined || locality !== undefined);

const dottedIdentifier = z.string().regex(stated.dottedIdentifier);

const hashBytes = { sha256: 32, sha384: 48, sha512: 64 } as const;

/** The policy, by the hash of its own text. */
export const policyChoice = z
  .object({
    id: dottedIdentifier,
    algorithm: z.enum(['sha256', 'sha384', 'sha512']),
    hash: bytes,
    uri: z.string().regex(stated.policyUri).optional(),
  })
  .strict()
  .refine(({ algorithm, hash }) => hash.length === hashBytes[algorithm]);

export const statements = z
  .object({
    commitment: commitmentName.optional(),
    location: signerPlace.optional(),
    policy: policyChoice.optional(),
  })
  .strict();
export type Statements = z.infer<typeof statements>;
