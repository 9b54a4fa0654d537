import { describe, expect, it } from 'vitest';
import { toStoreError } from '../../../main/store/errors.ts';
import { StoreError } from '../../../main/store/store.ts';

describe('errors of the database and of the disk', () => {
  it.each([
    ['SQLITE_BUSY', 'profile-locked'],
    ['SQLITE_BUSY_RECOVERY', 'profile-locked'],
    ['SQLITE_NOTADB', 'wrong-key'],
    ['SQLITE_CORRUPT', 'damaged'],
    ['SQLITE_CORRUPT_INDEX', 'damaged'],
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_READONLY_DIRECTORY', 'read-only'],
    ['SQLITE_CANTOPEN', 'read-only'],
    ['SQLITE_CONSTRAINT_FOREIGNKEY', 'not-found'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'failed'],
    ['SQLITE_IOERR_READ', 'failed'],
    ['ENOSPC', 'disk-full'],
    ['EROFS', 'read-only'],
    ['EACCES', 'read-only'],
    ['EIO', 'failed'],
  ])('%s is %s', (code, expected) => {
    expect(toStoreError(Object.assign(new Error('x'), { code }))).toMatchObject({ name: 'StoreError', code: expected });
  });

  it('are failed where they have no code, and left alone where they are the store’s own', () => {
    expect(toStoreError(new Error('x'))).toMatchObject({ code: 'failed' });
    expect(toStoreError(undefined)).toMatchObject({ code: 'failed' });
    const own = new StoreError('closed');
    expect(toStoreError(own)).toBe(own);
  });
});
