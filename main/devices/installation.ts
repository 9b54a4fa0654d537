/** What this installation is known as to providers: an id made once, and for each account what its registration gave. */
import { z } from 'zod';

/** What the room needs of the store's settings. */
export interface SettingStore {
  setting(key: string): Promise<string | undefined>;
  saveSetting(key: string, value: string): Promise<void>;
}

const installationSchema = z.object({ deviceId: z.string().min(1).max(200) });
const registrationSchema = z.object({ token: z.string(), pushToken: z.string().optional() });
export type Registration = z.infer<typeof registrationSchema>;

const listSchema = z.object({
  readAt: z.number(),
  devices: z.array(z.object({ deviceId: z.string(), name: z.string(), registeredAt: z.number().optional() })),
});
export type KnownDevices = z.infer<typeof listSchema>;

export interface Installation {
  /** Made at the first call, then always the same. */
  deviceId(): Promise<string>;
  registration(accountId: string): Promise<Registration | undefined>;
  saveRegistration(accountId: string, registration: Registration | undefined): Promise<void>;
  /** The devices as they were read last. */
  known(accountId: string): Promise<KnownDevices | undefined>;
  saveKnown(accountId: string, known: KnownDevices | undefined): Promise<void>;
}

/** What is kept and cannot be read counts as not kept. */
async function read<S extends z.ZodType>(
  store: SettingStore,
  key: string,
  schema: S,
): Promise<z.output<S> | undefined> {
  const text = await store.setting(key);
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function openInstallation(store: SettingStore, newId: () => string): Installation {
  const registrationKey = (accountId: string) => `device-registration ${accountId}`;
  const listKey = (accountId: string) => `devices ${accountId}`;
  let made: Promise<string> | undefined;
  async function readOrMake(): Promise<string> {
    const kept = await read(store, 'installation', installationSchema);
    if (kept) return kept.deviceId;
    const deviceId = newId();
    await store.saveSetting('installation', JSON.stringify({ deviceId }));
    return deviceId;
  }
  return {
    deviceId() {
      made ??= readOrMake().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
    registration: (accountId) => read(store, registrationKey(accountId), registrationSchema),
    saveRegistration: (accountId, registration) =>
      store.saveSetting(registrationKey(accountId), JSON.stringify(registration ?? null)),
    known: (accountId) => read(store, listKey(accountId), listSchema),
    saveKnown: (accountId, known) => store.saveSetting(listKey(accountId), JSON.stringify(known ?? null)),
  };
}
