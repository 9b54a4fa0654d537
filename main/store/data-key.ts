/** The profile's data key: 32 random bytes made once and kept by the host's secret store. Database and runs are encrypted with it. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { SecretStore } from '../host/host.ts';
import { StoreError } from './store.ts';

const KEY_BYTES = 32;

async function readHolder(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return (await readFile(path, 'utf8').catch(() => undefined))?.trim();
}

/**
 * Reads the key of a profile, or makes it where there is nothing yet that another key has encrypted.
 * @param mayMake false where the profile has a database: a new key would never open it
 * @param holderPath file in the profile that says which kind of secret store holds its key; kept up here
 * @throws HostError secret-unreadable where this host cannot open it; StoreError secret-elsewhere where another kind of secret
 * store holds it, wrong-key where what is kept is no such key
 */
export async function loadDataKey(
  secrets: Pick<SecretStore, 'read' | 'write'> & Partial<Pick<SecretStore, 'kind'>>,
  profileId: string,
  mayMake = true,
  holderPath?: string,
): Promise<Uint8Array> {
  const name = `data-key-${profileId}`;
  const holder = await readHolder(holderPath);
  let key = await secrets.read(name);
  if (!key && !mayMake && holder !== undefined && holder !== secrets.kind) throw new StoreError('secret-elsewhere');
  if (!key && mayMake) {
    await secrets.write(name, Uint8Array.from(randomBytes(KEY_BYTES)));
    // What will be there at the next start counts, not what was meant to be.
    key = await secrets.read(name);
  }
  if (key?.length !== KEY_BYTES) throw new StoreError('wrong-key');
  if (holderPath !== undefined && secrets.kind !== undefined && holder !== secrets.kind) {
    await writeFile(holderPath, `${secrets.kind}\n`, { mode: 0o600, flush: true });
  }
  return Uint8Array.from(key);
}
