/** A file on disk as a random-access source, and the safe way to write a result beside it: whole or not at all. */
import { closeSync, fstatSync, fsync, openSync, readSync, renameSync, writevSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

export interface FileSource {
  readonly size: number;
  /** @throws RangeError outside the file, Error(code EIO) where the file shrank meanwhile */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Fills the buffer. @throws as read */
  readInto(buffer: Uint8Array, offset: number): Promise<void>;
  close(): Promise<void>;
}

export async function openFileSource(path: string): Promise<FileSource> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  async function readInto(buffer: Uint8Array, offset: number): Promise<void> {
    if (offset < 0 || offset + buffer.length > size) throw new RangeError('read outside the source');
    for (let done = 0; done < buffer.length; ) {
      const { bytesRead } = await file.read(buffer, done, buffer.length - done, offset + done);
      if (bytesRead === 0) throw Object.assign(new Error('file shrank while it was read'), { code: 'EIO' });
      done += bytesRead;
    }
  }
  return {
    size,
    readInto,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) throw new RangeError('read outside the source');
      const bytes = new Uint8Array(length);
      await readInto(bytes, offset);
      return bytes;
    },
    close: () => file.close(),
  };
}

/**
 * A small file whole, in `room`, or undefined where it is larger. In one go: each trip to another thread costs more than the bytes.
 * @returns the filled beginning of `room`
 * @throws the system's error
 */
export function readSmall(path: string, room: Uint8Array): Uint8Array | undefined {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size > room.length) return undefined;
    for (let done = 0; done < size; ) {
      const got = readSync(fd, room, done, size - done, done);
      if (got === 0) throw Object.assign(new Error('file shrank while it was read'), { code: 'EIO' });
      done += got;
    }
    return room.subarray(0, size);
  } finally {
    closeSync(fd);
  }
}

const toBeSynced: { fd: number; settle: (error: Error | null) => void }[] = [];

function syncAllWaiting(): void {
  // The callback's own function: a FileHandle costs several times as much a trip.
  for (const { fd, settle } of toBeSynced.splice(0)) fsync(fd, settle);
}

/**
 * Until the disk has the file for good. Those that are written in one turn of the event loop go to the disk together: threads that work through
 * several are woken less often, and a journal takes what comes at once in one commit.
 */
function syncFile(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (toBeSynced.length === 0) setImmediate(syncAllWaiting);
    toBeSynced.push({ fd, settle: (error) => (error ? reject(error) : resolve()) });
  });
}

function writePiecesWhole(fd: number, pieces: readonly Uint8Array[]): void {
  let left = pieces.filter(({ length }) => length > 0);
  while (left.length > 0) {
    let done = writevSync(fd, left);
    left = left.flatMap((piece) => {
      const rest = piece.subarray(Math.min(done, piece.length));
      done -= piece.length - rest.length;
      return rest.length > 0 ? [rest] : [];
    });
  }
}

/**
 * Small pieces whole or not at all, as `writeWhole`. Only the wait for the disk is left to another thread: for the rest a trip there costs more.
 * @returns milliseconds that the sync took
 * @throws the system's error
 */
export async function writeSmall(path: string, pieces: readonly Uint8Array[]): Promise<number> {
  const temporary = `${path}.${process.pid}.part`;
  const fd = openSync(temporary, 'wx', 0o600);
  let syncMs = 0;
  try {
    try {
      writePiecesWhole(fd, pieces);
      const startMs = performance.now();
      await syncFile(fd);
      syncMs = performance.now() - startMs;
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
    return syncMs;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes.subarray(done))).bytesWritten;
}

/** A file that is written beside its place and put there when it is done. */
export interface WholeFile {
  readonly file: FileHandle;
  /** Synced, then in its place. @returns milliseconds that the sync took */
  commit(): Promise<number>;
  /** Nothing is left of it; what is committed stays. */
  abandon(): Promise<void>;
}

/** @throws the system's error; EEXIST where this process is writing the same one */
export async function createWhole(path: string): Promise<WholeFile> {
  const temporary = `${path}.${process.pid}.part`;
  const file = await open(temporary, 'wx', 0o600);
  let isOver = false;
  return {
    file,
    async commit() {
      const startMs = performance.now();
      await file.sync();
      const syncMs = performance.now() - startMs;
      await file.close();
      await rename(temporary, path);
      isOver = true;
      return syncMs;
    },
    async abandon() {
      if (isOver) return;
      isOver = true;
      await file.close().catch(() => undefined);
      await rm(temporary, { force: true });
    },
  };
}

/**
 * Writes through `fill` to a temporary neighbour, syncs it, then puts it in `path`'s place; on failure nothing is left.
 * @returns what `fill` returns
 */
export async function writeWhole<T>(path: string, fill: (file: FileHandle) => Promise<T>): Promise<T> {
  const whole = await createWhole(path);
  try {
    const filled = await fill(whole.file);
    await whole.commit();
    return filled;
  } catch (error) {
    await whole.abandon();
    throw error;
  }
}
