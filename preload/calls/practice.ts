/** Trying the app with a practice service on this computer. */
import { z } from 'zod';
import { call, none } from './call.ts';

export const practiceCalls = {
  /** Whether this installation has one; the practice card's PIN while its account is there. */
  'practice.show': call({
    input: none,
    output: z.object({ available: z.boolean(), pin: z.string().optional() }),
    errors: [],
  }),
  /** Starts it and signs in to it. `practice-not-alone`: there is an account already. */
  'practice.start': call({
    input: none,
    output: z.object({ accountId: z.string() }),
    errors: ['practice-unavailable', 'practice-not-alone', 'practice-failed', 'cancelled'],
  }),
  /** Gives up a start that is under way; nothing of it is left. */
  'practice.cancel': call({ input: none, output: none, errors: [] }),
} as const;
