/** The person's settings as the window and the command line see them; main/platform/settings.ts checks and keeps them. */
import { z } from 'zod';
import { LANGUAGES } from '../plain.ts';

/** Without a choice the system's decides. */
export const languageChoice = z.enum(LANGUAGES);
export type Language = z.infer<typeof languageChoice>;

/** How the window looks; without a choice it follows the system. */
export const themeChoice = z.enum(['light', 'dark', 'contrast']);
export type ThemeChoice = z.infer<typeof themeChoice>;

export const settingsView = z.object({
  timestampAuthorities: z.array(z.string()),
  proxyUrl: z.string().nullable().optional(),
  caFile: z.string().nullable().optional(),
  prefetchLimitBytes: z.number(),
  pkcs11Modules: z.array(z.string()),
  loginLifetimeMinutes: z.union([z.number(), z.literal('until-removed')]),
  trustAnchors: z.array(z.string()),
  language: languageChoice.nullable().optional(),
  theme: themeChoice.nullable().optional(),
  /** Rows of one line in the inbox in place of two. */
  compactList: z.boolean(),
  /** Say on the desktop that new documents wait. */
  notifications: z.boolean(),
  /** The folder on the web where versions of the app are listed; none is looked for without it. */
  updateAddress: z.string().nullable().optional(),
});
export type SettingsView = z.infer<typeof settingsView>;
