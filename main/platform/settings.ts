/** The person's settings as the store keeps them: one JSON value, read leniently, changed strictly. No disk, no store here. */
import { z } from 'zod';

/** Key of the store's setting that holds them. */
export const settingsKey = 'settings';

const httpAddress = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((address) => {
    const { username, password } = new URL(address);
    return username === '' && password === '';
  });
/** A proxy's address may carry its own credentials. */
const proxyAddress = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((address) => {
    const { username, password } = new URL(address);
    try {
      decodeURIComponent(username + password);
      return true;
    } catch {
      return false;
    }
  });
const filePath = z.string().min(1).max(4096);

const mebibyte = 1024 * 1024;

const fields = {
  /** RFC 3161 authorities, tried in this order. */
  timestampAuthorities: z.array(httpAddress).max(20),
  proxyUrl: proxyAddress.optional(),
  /** PEM certificates trusted for TLS besides the system's. */
  caFile: filePath.optional(),
  /** Documents up to this size are fetched ahead of being opened. */
  prefetchLimitBytes: z
    .number()
    .int()
    .min(0)
    .max(1024 * mebibyte),
  /** PKCS#11 modules to look for tokens in, besides the well-known ones. */
  pkcs11Modules: z.array(filePath).max(50),
  /**
   * How long after its PIN a token's login serves further batches: 0 for its own batch alone, or until the token is removed. It
   * ends sooner with a locked screen, sleep and absence; where the host cannot hear of those, it ends with its batch.
   */
  loginLifetimeMinutes: z.union([z.number().int().min(0).max(1440), z.literal('until-removed')]),
  /** PEM files of the roots that signatures are validated against. */
  trustAnchors: z.array(filePath).max(200),
  language: z.enum(['en', 'it', 'es', 'fr', 'de']).optional(),
  theme: z.enum(['light', 'dark', 'contrast']).optional(),
  /** Rows of one line in the inbox. */
  compactList: z.boolean(),
  notifications: z.boolean(),
  /** The folder on the web where electron-builder's lists of versions lie; none is looked for without it. */
  updateAddress: httpAddress.optional(),
} as const;

const settingsSchema = z.object(fields);
export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

export const defaultSettings: Settings = {
  timestampAuthorities: [],
  prefetchLimitBytes: 32 * mebibyte,
  pkcs11Modules: [],
  loginLifetimeMinutes: 0,
  trustAnchors: [],
  compactList: false,
  notifications: true,
};

/** A change: what is named is set, `null` takes an optional setting away. */
export const settingsChange = z
  .object({
    timestampAuthorities: fields.timestampAuthorities,
    proxyUrl: proxyAddress.nullable(),
    caFile: filePath.nullable(),
    prefetchLimitBytes: fields.prefetchLimitBytes,
    pkcs11Modules: fields.pkcs11Modules,
    loginLifetimeMinutes: fields.loginLifetimeMinutes,
    trustAnchors: fields.trustAnchors,
    language: fields.language.nullable(),
    theme: fields.theme.nullable(),
    compactList: fields.compactList,
    notifications: fields.notifications,
    updateAddress: httpAddress.nullable(),
  })
  .partial()
  .strict();
export type SettingsChange = z.infer<typeof settingsChange>;

/**
 * Reads stored settings. A setting that makes no sense falls back to its default and is named in `ignored`, so that one bad
 * value never keeps the app from starting; unknown ones (of a newer version) are passed over.
 */
export function parseSettings(json: string | undefined): { settings: Settings; ignored: string[] } {
  if (json === undefined) return { settings: defaultSettings, ignored: [] };
  const stored = readObject(json);
  if (!stored) return { settings: defaultSettings, ignored: ['*'] };
  const candidate: Record<string, unknown> = { ...defaultSettings, ...stored };
  const ignored: string[] = [];
  const defaults: Readonly<Record<string, unknown>> = defaultSettings;
  for (const issue of settingsSchema.safeParse(candidate).error?.issues ?? []) {
    const name = String(issue.path[0]);
    if (!ignored.includes(name)) ignored.push(name);
    if (defaults[name] === undefined) delete candidate[name];
    else candidate[name] = defaults[name];
  }
  return { settings: settingsSchema.parse(candidate), ignored };
}

function readObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const parsed = z.record(z.string(), z.unknown()).safeParse(value);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Applies a change from outside; refused as a whole, with the settings at fault, where any part makes no sense. */
export function mergeSettings(
  settings: Settings,
  change: unknown,
): { ok: true; settings: Settings } | { ok: false; refused: string[] } {
  const parsed = settingsChange.safeParse(change);
  if (!parsed.success) {
    const named = parsed.error.issues.flatMap((issue) =>
      'keys' in issue ? issue.keys : [String(issue.path[0] ?? '*')],
    );
    return { ok: false, refused: [...new Set(named)] };
  }
  const kept = Object.entries({ ...settings, ...parsed.data }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return { ok: true, settings: settingsSchema.parse(Object.fromEntries(kept)) };
}

export function formatSettings(settings: Settings): string {
  return JSON.stringify(settings);
}
