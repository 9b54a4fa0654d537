/** The desk itself and its settings. */
import { z } from 'zod';
import { call, none } from './call.ts';

const settings = z.object({
  timestampAuthorities: z.array(z.string()),
  proxyUrl: z.string().nullable().optional(),
  caFile: z.string().nullable().optional(),
  prefetchLimitBytes: z.number(),
  pkcs11Modules: z.array(z.string()),
  trustAnchors: z.array(z.string()),
});

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
  'settings.get': call({ input: none, output: settings, errors: [] }),
  /** What is named is set, `null` takes an optional setting away; refused as a whole where any part makes no sense. */
  'settings.change': call({ input: settings.partial().strict(), output: settings, errors: ['bad-setting'] }),
} as const;
