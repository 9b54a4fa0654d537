/** What a pull leaves for the next one, as JSON in the store. */
import { z } from 'zod';

const pullState = z.object({
  /** The newest change pulled, by the provider's clock (epoch ms); undefined until a pull has seen all pages. */
  cursor: z.number().optional(),
  /** When the last pull ended, by our clock. */
  lastSyncAt: z.number().optional(),
  /** Resources that were larger than the limit for fetching ahead. */
  tooLarge: z.array(z.string()).catch([]),
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

/** Changes that carry the same time as the cursor, or that the provider stamped a little late, are asked for again. */
const OVERLAP_MS = 60_000;

export function askedSince({ cursor }: PullState): number | undefined {
  return cursor === undefined ? undefined : cursor - OVERLAP_MS;
}
