/** What several parts of the model are made of. Times are epoch milliseconds (UTC). */
import { z } from 'zod';

/** Bytes over the bridge. */
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** A box in percent of the page as displayed (after /Rotate, inside the CropBox), from its top left corner. */
export const percentBox = z.object({
  page: z.number().int().min(1),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});
export type PercentBox = z.infer<typeof percentBox>;

/** A file's first page as a small PDF of its own, and how many pages the file has; empty where it cannot be cut out. */
export const firstPage = z.object({ bytes: bytes.optional(), pageCount: z.number().int().min(1).optional() });
export type FirstPage = z.infer<typeof firstPage>;
