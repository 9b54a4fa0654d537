/** How a timestamp authority is signed in to, as the window may know it: that there is a password, never which. */
import { z } from 'zod';

export const authorityAccess = z.discriminatedUnion('access', [
  z.object({ url: z.string(), access: z.literal('none') }).strict(),
  z.object({ url: z.string(), access: z.literal('password'), user: z.string() }).strict(),
  z.object({ url: z.string(), access: z.literal('certificate'), fileName: z.string() }).strict(),
]);
export type AuthorityAccessView = z.infer<typeof authorityAccess>;
