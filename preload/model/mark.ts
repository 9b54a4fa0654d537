/** Marks: what a signature looks like on the page. Times are epoch milliseconds (UTC). */
import { z } from 'zod';

export const signatureMark = z.object({
  id: z.string(),
  /** How it was made. */
  kind: z.enum(['drawn', 'typed', 'image']),
  label: z.string(),
  /** Pixels. */
  width: z.number(),
  height: z.number(),
  createdAt: z.number(),
  /** True for the one a signature gets unless the person chooses another, or none. */
  preferred: z.boolean(),
});
export type SignatureMark = z.infer<typeof signatureMark>;
