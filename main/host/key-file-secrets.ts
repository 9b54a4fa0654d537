/**
 * Secrets as files of their own in a folder outside the profile, for hosts without a system secret store:
 * the folder is 0700, each file 0600, both checked at every use (on Windows the folder's own access list decides).
 */
import { randomUUID } from 'node:crypto';
import { link, lstat, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HostError, type SecretStore } from './host.ts';

const GROUP_AND_OTHERS = 0o077;
const MAX_SECRET_BYTES = 64 * 1024;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** @throws HostError secret-unreadable where somebody else could read or replace what lies there */
async function checkPrivate(path: string, kind: 'folder' | 'file'): Promise<void> {
  const stat = await lstat(path);
  if (kind === 'folder' ? !stat.isDirectory() : !stat.isFile()) throw new HostError('secret-unreadable');
  const uid = process.getuid?.();
  if (uid === undefined) return;
  if (stat.uid !== uid || (stat.mode & GROUP_AND_OTHERS) !== 0) throw new HostError('secret-unreadable');
}

function fileOf(folder: string, name: string): string {
  if (!/^[a-z0-9][a-z0-9.-]{0,99}$/.test(name)) throw new RangeError('secret name');
  return join(folder, `${name}.key`);
}

async function readSecret(folder: string, name: string): Promise<Uint8Array | undefined> {
  const path = fileOf(folder, name);
  try {
    await checkPrivate(folder, 'folder');
    await checkPrivate(path, 'file');
    const file = await open(path, 'r');
    try {
      if ((await file.stat()).size > MAX_SECRET_BYTES) throw new HostError('secret-unreadable');
      return new Uint8Array(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error instanceof HostError ? error : new HostError('secret-unreadable', error);
  }
}

/** Makes the new name itself durable; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeSecret(folder: string, name: string, secret: Uint8Array): Promise<void> {
  const path = fileOf(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await checkPrivate(folder, 'folder');
  const fresh = `${path}.${randomUUID()}`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(secret);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(fresh, path).catch((error: unknown) => {
      // Another start was first: its secret is the one.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    await syncFolder(folder);
  } finally {
    await rm(fresh, { force: true });
  }
}

/**
 * @param folder made 0700 at the first write
 * @returns a store whose `read` answers undefined where nothing was written, and throws HostError secret-unreadable where
 * folder or file is open to others, belongs to somebody else or cannot be read
 */
export function createKeyFileSecrets(folder: string): SecretStore {
  return {
    kind: 'key-file',
    read: (name) => readSecret(folder, name),
    write: (name, secret) => writeSecret(folder, name, secret),
  };
}
