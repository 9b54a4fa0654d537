/** The settings in force: read from the store at start, changed through `change`, written before they hold. */
import { readFile } from 'node:fs/promises';
import { formatSettings, mergeSettings, parseSettings, type Settings, settingsKey } from './settings.ts';

interface SettingStore {
  setting(key: string): Promise<string | undefined>;
  saveSetting(key: string, value: string): Promise<void>;
}

export interface SettingsKeeper {
  current(): Settings;
  /** Undefined where the change makes no sense: then nothing has changed. */
  change(change: unknown): Promise<Settings | undefined>;
  /** Proxy and extra CA for the HTTP port; a CA file that cannot be read counts as none. */
  httpOptions(): Promise<{ proxyUrl?: string; caPem?: string }>;
}

export async function openSettings(store: SettingStore): Promise<SettingsKeeper> {
  let settings = parseSettings(await store.setting(settingsKey)).settings;
  return {
    current: () => settings,
    async change(change) {
      const merged = mergeSettings(settings, change);
      if (!merged.ok) return undefined;
      await store.saveSetting(settingsKey, formatSettings(merged.settings));
      settings = merged.settings;
      return settings;
    },
    async httpOptions() {
      const { proxyUrl, caFile } = settings;
      const caPem = caFile === undefined ? undefined : await readFile(caFile, 'utf8').catch(() => undefined);
      return { ...(proxyUrl === undefined ? {} : { proxyUrl }), ...(caPem === undefined ? {} : { caPem }) };
    },
  };
}
