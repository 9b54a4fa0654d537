/** Errors of SQLite and of the file system in the store's words. */
import { StoreError, type StoreErrorCode } from './store.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html) and node:fs codes; extended codes fall back to their primary one. */
const codes: Readonly<Record<string, StoreErrorCode>> = {
  SQLITE_BUSY: 'profile-locked',
  SQLITE_LOCKED: 'profile-locked',
  SQLITE_NOTADB: 'wrong-key',
  SQLITE_CORRUPT: 'damaged',
  SQLITE_FULL: 'disk-full',
  SQLITE_READONLY: 'read-only',
  SQLITE_PERM: 'read-only',
  SQLITE_AUTH: 'read-only',
  SQLITE_CANTOPEN: 'read-only',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'not-found',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
};

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** @returns the error itself where it is a StoreError or a RangeError (a caller's mistake) already */
export function toStoreError(error: unknown): StoreError | RangeError {
  if (error instanceof StoreError || error instanceof RangeError) return error;
  const code = codeOf(error);
  const primary = /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code;
  return new StoreError(codes[code] ?? codes[primary] ?? 'failed', error);
}
