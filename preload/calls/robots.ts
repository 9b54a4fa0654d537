/** Programs' accounts. Their token does not expire: the command line alone may ask for it (ipc/router.ts). */
import { z } from 'zod';
import { robotSettings } from '../model.ts';
import { call, id, none, providerErrors } from './call.ts';

const robotErrors = [...providerErrors, 'unsupported'] as const;

/** One's own account where no other is named; another's needs a right to. */
const robot = {
  accountId: id,
  robot: z
    .object({ username: z.string().min(1).max(256), domain: z.string().min(1).max(256) })
    .strict()
    .optional(),
} as const;

export const robotsCalls = {
  'robots.token': call({
    input: z.object(robot).strict(),
    output: z.object({ token: z.string() }),
    errors: robotErrors,
  }),
  'robots.clearToken': call({ input: z.object(robot).strict(), output: none, errors: robotErrors }),
  'robots.settings': call({ input: z.object(robot).strict(), output: robotSettings, errors: robotErrors }),
  /** In the place of what was set. */
  'robots.setSettings': call({
    input: z.object({ ...robot, settings: robotSettings }).strict(),
    output: none,
    errors: robotErrors,
  }),
} as const;
