/** The person's settings. */
import { settingsView } from '../model.ts';
import { call, none } from './call.ts';

export const settingsCalls = {
  'settings.get': call({ input: none, output: settingsView, errors: [] }),
  /** What is named is set, `null` takes an optional setting away; refused as a whole where any part makes no sense. */
  'settings.change': call({ input: settingsView.partial().strict(), output: settingsView, errors: ['bad-setting'] }),
} as const;
