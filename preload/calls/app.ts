/** The desk itself. */
import { z } from 'zod';
import { call, none } from './call.ts';

export const appCalls = {
  'app.info': call({
    input: none,
    output: z.object({
      version: z.string(),
      host: z.enum(['electron', 'chromium', 'headless']),
      secretStore: z.enum(['system', 'key-file', 'memory']),
      profile: z.string(),
      missing: z.array(z.string()),
    }),
    errors: [],
  }),
  /** A second start asks the first one to come to the front. */
  'app.raise': call({ input: none, output: none, errors: [] }),
} as const;
