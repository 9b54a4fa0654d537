/** What a call of the contract is made of, and what several of them share. */
import { z } from 'zod';

export const id = z.string().min(1).max(512);
export const none = z.object({}).strict();

/** A copy written out of the profile: where it is, and its id for `app.showSaved`. Empty where the person cancelled. */
export const savedCopy = { path: z.string().optional(), savedId: z.string().optional() };

export function call<I extends z.ZodType, O extends z.ZodType, const E extends readonly string[]>(spec: {
  input: I;
  output: O;
  errors: E;
}) {
  return spec;
}

/** What can become of a request to a provider. */
export const providerErrors = [
  'offline',
  'tls',
  'certificate-expired',
  'certificate-untrusted',
  'wrong-host',
  'sign-in-refused',
  'sign-in-expired',
  'bad-response',
  'server-error',
  'insecure-url',
  'rate-limited',
  'refused',
  'not-found',
] as const;
