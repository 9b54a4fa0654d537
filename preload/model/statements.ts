/** What a signer may state in the signature itself (EN 319 122-1, 5.2): the commitment made, where they are, the policy signed under. */
import { z } from 'zod';
import { bytes } from './basics.ts';

/** The commitments of EN 319 122-1, 5.2.3. */
export const commitmentName = z.enum(['origin', 'receipt', 'delivery', 'sender', 'approval', 'creation']);
export type CommitmentName = z.infer<typeof commitmentName>;

/** Two letters of ISO 3166, and a town; at least one of them. */
export const signerPlace = z
  .object({
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
    locality: z.string().min(1).max(200).optional(),
  })
  .strict()
  .refine(({ country, locality }) => country !== undefined || locality !== undefined);

/** X.660: an object identifier as dotted text. */
export const dottedIdentifier = z
  .string()
  .max(128)
  .regex(/^(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9]\d{0,14}))(?:\.(?:0|[1-9]\d{0,14}))*$/);

const hashBytes = { sha256: 32, sha384: 48, sha512: 64 } as const;

/** The policy, by the hash of its own text. */
export const policyChoice = z
  .object({
    id: dottedIdentifier,
    algorithm: z.enum(['sha256', 'sha384', 'sha512']),
    hash: bytes,
    uri: z
      .string()
      .max(2048)
      .regex(/^[\x21-\x7e]+$/)
      .optional(),
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
