/** The profile's data key: 32 random bytes made once and kept by the host's secret store. Database and runs are encrypted with it. */
import { randomBytes } from 'node:crypto';
import type { SecretStore } from '../host/host.ts';
import { StoreError } from './store.ts';

const KEY_BYTES = 32;

/**
 * Reads the key of a profile, or makes it where there is nothing yet that another key has encrypted.
 * @param mayMake false where the profile has a database: a new key would never open it
 * @throws HostError secret-unreadable where this host cannot open it; StoreError wrong-key where what is kept is no such key
 */
export async function loadDataKey(
  secrets: Pick<SecretStore, 'read' | 'write'>,
  profileId: string,
  mayMake = true,
): Promise<Uint8Array> {
  const name = `data-key-${profileId}`;
  let key = await secrets.read(name);
  if (!key && mayMake) {
    await secrets.write(name, Uint8Array.from(randomBytes(KEY_BYTES)));
    // What will be there at the next start counts, not what was meant to be.
    key = await secrets.read(name);
  }
  if (key?.length !== KEY_BYTES) throw new StoreError('wrong-key');
  return Uint8Array.from(key);
}
