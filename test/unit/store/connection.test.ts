import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../main/store/connection.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-db-'));
  path = join(folder, 'profile', 'desk.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const key = new Uint8Array(32).fill(1);
const one = ["CREATE TABLE kept (text TEXT NOT NULL) STRICT; INSERT INTO kept VALUES ('from the first schema')"];
const two = [...one, 'ALTER TABLE kept ADD COLUMN more TEXT'];
const code = (expected: string) => expect.objectContaining({ name: 'StoreError', code: expected });
const rows = (withKey = key, migrations = one) => {
  const db = openDatabase(path, withKey, migrations);
  try {
    return db.prepare('SELECT * FROM kept').all();
  } finally {
    db.close();
  }
};

describe('the database of a profile', () => {
  it('is made encrypted, write-ahead logged, fully synchronous, with foreign keys', () => {
    const db = openDatabase(path, key, one);
    const pragma = (name: string) => db.pragma(name, { simple: true });
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('user_version')]).toEqual([
      'wal',
      2,
      1,
      1,
    ]);
    db.close();
    const bytes = readFileSync(path);
    expect(bytes.subarray(0, 15).toString('latin1')).not.toBe('SQLite format 3');
    expect(bytes.includes('first schema')).toBe(false);
  });

  it('opens with its own key alone', () => {
    rows();
    expect(() => rows(new Uint8Array(32).fill(2))).toThrow(code('wrong-key'));
    expect(rows()).toEqual([{ text: 'from the first schema' }]);
  });

  it('opens once at a time', () => {
    const db = openDatabase(path, key, one);
    expect(() => rows()).toThrow(code('profile-locked'));
    db.close();
    expect(rows()).toHaveLength(1);
  });

  it('is copied before an older one is brought up to date', () => {
    rows();
    expect(rows(key, two)).toEqual([{ text: 'from the first schema', more: null }]);
    expect(rows(key, two)).toHaveLength(1);
    expect(readdirSync(join(folder, 'profile'))).toEqual(['desk.db', 'desk.db.v1.backup']);
    const backup = openDatabase(`${path}.v1.backup`, key, one);
    expect(backup.prepare('SELECT * FROM kept').all()).toEqual([{ text: 'from the first schema' }]);
    backup.close();
  });

  it('stays as it was where a migration fails half way', () => {
    rows();
    const broken = [...one, "INSERT INTO kept VALUES ('half'); CREATE TABLE kept (x)"];
    expect(() => rows(key, broken)).toThrow(code('failed'));
    expect(rows()).toEqual([{ text: 'from the first schema' }]);
  });

  it('is left alone where a newer version made it', () => {
    rows(key, two);
    expect(() => rows()).toThrow(code('newer-version'));
    expect(existsSync(`${path}.v2.backup`)).toBe(false);
    expect(rows(key, two)).toHaveLength(1);
  });

  it('is an error of the store where its folder cannot be made', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'x');
    expect(() => openDatabase(join(file, 'desk.db'), key, one)).toThrow(code('failed'));
  });
});
