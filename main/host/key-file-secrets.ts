/**
 * Secrets as files of their own in a folder outside the profile, for hosts without a system secret store:
 * the folder is 0700, each file 0600, both checked at every use (on Windows the folder's own access list decides).
 */
import { lstat, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOnce } from '../platform/write-once.ts';
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

async function writeSecret(folder: string, name: string, secret: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await checkPrivate(folder, 'folder');
  await writeOnce(fileOf(folder, name), secret);
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
