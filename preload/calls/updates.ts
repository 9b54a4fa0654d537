/** Newer versions of the app. */
import { z } from 'zod';
import { call, none } from './call.ts';

export const updatesCalls = {
  /** Reads the list of versions now; no `release` where this version is the newest. */
  'updates.check': call({
    input: none,
    output: z.object({ release: z.object({ version: z.string(), releasedAt: z.number().optional() }).optional() }),
    errors: [
      'no-update-address',
      'no-release-list',
      'offline',
      'timeout',
      'tls',
      'certificate-expired',
      'certificate-untrusted',
      'wrong-host',
      'insecure-url',
    ],
  }),
} as const;
