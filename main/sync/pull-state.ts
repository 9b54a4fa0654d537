/** What a pull leaves for the next one, as JSON in the store. */
import { z } from 'zod';

const pullState = z.object({
  /** The newest change pulled, by the provider's clock (epoch ms); undefined until a pull has seen all pages. */
  cursor: z.number().optional(),
  /** A first pull that has not seen all pages yet: the newest change it began with, and how many items it has read from there. */
  first: z.object({ newest: z.number(), read: z.number().int() }).optional().catch(undefined),
  /** When the last pull ended, by our clock. */
  lastSyncAt: z.number().optional(),
  /** When everything was last compared with what is here, by our clock. */
  reconciledAt: z.number().optional(),
  /** Resources that were larger than the limit for fetching ahead, and that limit. */
  tooLarge: z.array(z.object({ resourceId: z.string(), limitBytes: z.number() })).catch([]),
});
export type PullState = z.infer<typeof pullState>;

/** State that cannot be read starts a full pull. */
export function readPullState(text: string | undefined): PullState {
  try {
    return pullState.parse(JSON.parse(text ?? '{}'));
  } catch {
    return { tooLarge: [] };
  }
}

/**
 * Changes that carry the same time as the cursor, or that the provider stamped a little late, are asked for again; what is
 * the same as here changes nothing.
 */
const OVERLAP_MS = 60_000;
/** Items that were deleted meanwhile move the rest up: so many are read twice. */
const OVERLAP_ITEMS = 50;

export const askedSince = (cursor: number | undefined) => (cursor === undefined ? undefined : cursor - OVERLAP_MS);
export const resumeAt = (read: number) => Math.max(0, read - OVERLAP_ITEMS);
