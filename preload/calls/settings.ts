/** The person's settings. */
import { z } from 'zod';
import { settingsView } from '../model.ts';
import { call, none } from './call.ts';

export const settingsCalls = {
  'settings.get': call({ input: none, output: settingsView, errors: [] }),
  /** What is named is set, `null` takes an optional setting away; refused as a whole where any part makes no sense. */
  'settings.change': call({ input: settingsView.partial().strict(), output: settingsView, errors: ['bad-setting'] }),
  /**
   * The host's dialog asks for a file of certificates (PEM) that TLS is to trust besides the system's; it holds from the next start.
   * Only the command line may name a path, by settings.change. Nothing but `{}` where the person chose none.
   */
  'settings.chooseCaFile': call({
    input: none,
    output: z.object({ caFile: z.string().optional() }),
    errors: ['no-module-dialog', 'no-certificates', 'bad-setting'],
  }),
} as const;
