/** The desk itself. */
import { z } from 'zod';
import { fileView } from '../model.ts';
import { call, id, none, savedCopy } from './call.ts';

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
  /** A start with a link or with files hands them over; the window is told and comes to the front. Paths are not for a window to name. */
  'app.open': call({
    input: z
      .object({ transactionId: id.optional(), paths: z.array(z.string().min(1).max(4096)).max(100).optional() })
      .strict(),
    output: none,
    errors: ['limit'],
  }),
  /** What was last handed over, once; nothing of it where it was taken already. */
  'app.takeOpened': call({
    input: none,
    output: z.object({ transactionId: id.optional(), files: z.array(fileView).optional() }),
    errors: [],
  }),
  /** What `diagnostics.export` would write, to be read before it is given away. */
  'diagnostics.preview': call({ input: none, output: z.object({ text: z.string() }), errors: [] }),
  /** Writes versions, counts and the end of the log where the person says; no path where they said nowhere. */
  'diagnostics.export': call({ input: none, output: z.object(savedCopy), errors: ['storage'] }),
  /** Shows a copy this desk wrote in the system's file manager; `not-found` where it is not known any more. */
  'app.showSaved': call({ input: z.object({ savedId: id }).strict(), output: none, errors: ['not-found'] }),
} as const;
