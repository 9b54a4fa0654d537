/**
 * Opens the encrypted database: SQLCipher 4's page format (AES-256-CBC with HMAC-SHA-512 per page, page salt in the file) with a raw
 * 32-byte key, so that no key derivation runs. One process holds it: the lock is exclusive from the first read to the close.
 */
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { toStoreError } from './errors.ts';
import { StoreError } from './store.ts';

export type Connection = Database.Database;

/** How long another process that is just ending may still hold the lock. */
const LOCK_WAIT_MS = 500;
/** Holds what the lists of 100,000 transactions are read from, and leaves the desk below 200 MB. */
const CACHE_KIB = 20_000;

function openLocked(path: string, key: Uint8Array): Connection {
  const db = new Database(path, { timeout: LOCK_WAIT_MS });
  try {
    db.pragma("cipher = 'sqlcipher'");
    db.pragma('legacy = 4');
    db.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`);
    db.pragma('locking_mode = EXCLUSIVE');
    // Sorting and temporary tables stay in memory: a temporary file would not be encrypted.
    db.pragma('temp_store = MEMORY');
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // A first sync changes the same index pages over and over: they go into the file once for many batches.
    db.pragma('wal_autocheckpoint = 4000');
    db.pragma(`cache_size = -${CACHE_KIB}`);
    db.exec('BEGIN IMMEDIATE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const versionOf = (db: Connection) => Number(db.pragma('user_version', { simple: true }));

function migrate(db: Connection, migrations: readonly string[]): void {
  for (const [index, migration] of migrations.entries()) {
    if (index < versionOf(db)) continue;
    db.transaction(() => {
      db.exec(migration);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
}

/** True too where there is no file yet. */
function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code !== 'EROFS' && error.code !== 'EACCES';
  }
}

/** Whole or not there: a copy that was broken off is made again. Copies of older versions go. */
function backUp(path: string, version: number): void {
  const copy = `${path}.v${version}.backup`;
  copyFileSync(path, `${copy}.part`);
  const fd = openSync(`${copy}.part`, 'r+');
  fsyncSync(fd);
  closeSync(fd);
  removeBackups(path);
  renameSync(`${copy}.part`, copy);
}

/** Removes the copies that were made before migrations: what they hold of an account goes with it. */
export function removeBackups(path: string): void {
  const name = `${basename(path)}.v`;
  for (const found of readdirSync(dirname(path))) {
    if (found.startsWith(name) && found.endsWith('.backup')) rmSync(join(dirname(path), found), { force: true });
  }
}

/**
 * Opens or makes the database at `path` and brings it to the newest schema; an older one is copied to `<path>.v<N>.backup` first.
 * @throws StoreError profile-locked, wrong-key, newer-version, damaged, read-only, disk-full
 */
export function openDatabase(path: string, key: Uint8Array, migrations: readonly string[]): Connection {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    let db = openLocked(path, key);
    try {
      const version = versionOf(db);
      if (version > migrations.length) throw new StoreError('newer-version');
      if (version > 0 && version < migrations.length) {
        // Copied while closed, write-ahead log folded in: closing any handle of a file drops the process's locks on it.
        db.close();
        backUp(path, version);
        db = openLocked(path, key);
      }
      migrate(db, migrations);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    const failure = toStoreError(error);
    // On a disk mounted read-only SQLite fails at its lock already, and says no more than that.
    const isUnclear = failure instanceof StoreError && failure.code === 'failed';
    throw isUnclear && !isWritable(path) ? new StoreError('read-only', error) : failure;
  }
}
