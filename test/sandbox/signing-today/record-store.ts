/**
 * Where the records live: in memory, and with a folder each change also goes to disk before the request is answered.
 * A record is one JSON file, replaced by rename: a process killed at any moment leaves the old or the new one.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DirectoryRecord, DstRecord } from './records.ts';

export interface RecordStore {
  /** Undefined in a fresh store. */
  readDirectory(): DirectoryRecord | undefined;
  readDsts(): DstRecord[];
  writeDirectory(record: DirectoryRecord): void;
  writeDst(record: DstRecord): void;
}

/** Keeps nothing: the state's own maps are all there is. */
export const noRecords: RecordStore = {
  readDirectory: () => undefined,
  readDsts: () => [],
  writeDirectory: () => undefined,
  writeDst: () => undefined,
};

function replaceFile(path: string, record: unknown): void {
  const fresh = `${path}.new`;
  writeFileSync(fresh, JSON.stringify(record), { mode: 0o600 });
  renameSync(fresh, path);
}

/** Records under `dir`: `directory.json` and `dsts/<id>.json`. Leftovers of an interrupted write (`*.new`) are ignored. */
export function folderRecords(dir: string): RecordStore {
  const dsts = join(dir, 'dsts');
  const directory = join(dir, 'directory.json');
  mkdirSync(dsts, { recursive: true, mode: 0o700 });
  const parse = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
  return {
    readDirectory: () => (readdirSync(dir).includes('directory.json') ? parse<DirectoryRecord>(directory) : undefined),
    readDsts: () =>
      readdirSync(dsts)
        .filter((name) => name.endsWith('.json'))
        .map((name) => parse<DstRecord>(join(dsts, name))),
    writeDirectory: (record) => replaceFile(directory, record),
    writeDst: (record) => replaceFile(join(dsts, `${record.dst.id}.json`), record),
  };
}
