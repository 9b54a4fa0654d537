/**
 * One encrypted run of bytes on disk with random access. Header: 8 bytes, the last one the format's version. Then chunks of
 * 256 KiB plaintext (64 KiB in version 1; the last one shorter or full, never missing), each as nonce (12) || ciphertext || tag (16), AES-256-GCM (NIST
 * SP 800-38D). The key is derived per run (HKDF-SHA256, RFC 5869, salt = run id); the additional data is run id || chunk index ||
 * last flag, so a chunk that was moved, cut off at the end or taken from another run does not open.
 * File access is synchronous: runs are read and written in worker threads.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
  writevSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from './store.ts';

/** Large beside what setting a cipher up costs, small beside a document. */
export const CHUNK_BYTES = 256 * 1024;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAGIC = Buffer.from([0x43, 0x53, 0x52, 0x55, 0x4e, 0, 0]);
const VERSION = 2;
const HEADER_BYTES = MAGIC.length + 1;
/** By the format's version. */
const chunkBytesOf: Readonly<Record<number, number>> = { 1: 64 * 1024, [VERSION]: CHUNK_BYTES };

/** A key object, made once a run: setting a cipher up with it takes 1 µs, with the bytes 8. */
function runKey(dataKey: Uint8Array, runId: string): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync('sha256', dataKey, Buffer.from(runId), 'countersign run 1', 32)));
}

function boundTo(runId: string, index: number, last: boolean): Buffer {
  const tail = Buffer.alloc(9);
  tail.writeBigUInt64BE(BigInt(index));
  tail[8] = last ? 1 : 0;
  return Buffer.concat([Buffer.from(runId), tail]);
}

/** The parts of a sealed chunk, in their order; `key` is the run's own. */
export function sealChunk(key: KeyObject, runId: string, index: number, last: boolean, plain: Uint8Array): Buffer[] {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(boundTo(runId, index, last));
  const sealed = cipher.update(plain);
  cipher.final();
  return [nonce, sealed, cipher.getAuthTag()];
}

function open(key: KeyObject, aad: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
  decipher.final();
  return plain;
}

function writeFully(fd: number, parts: readonly Uint8Array[]): void {
  const wanted = parts.reduce((sum, part) => sum + part.length, 0);
  const written = writevSync(fd, parts);
  if (written === wanted) return;
  const rest = Buffer.concat(parts).subarray(written);
  for (let at = 0; at < rest.length; ) at += writeSync(fd, rest, at, rest.length - at);
}

/** Makes a rename or a new name in the folder durable. Windows has no such call and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export interface RunWriter {
  append(bytes: Uint8Array): void;
  /** Durable under its name when it returns; `sha256` (hex) and size are of the plaintext. */
  finish(): { sizeBytes: number; sha256: string };
  abandon(): void;
}

/** Writes to `path` with `.part` appended until it is finished. @throws system errors of node:fs */
export function createRunFile(path: string, dataKey: Uint8Array, runId: string): RunWriter {
  const key = runKey(dataKey, runId);
  const partPath = `${path}.part`;
  const fd = openSync(partPath, 'wx', 0o600);
  const hash = createHash('sha256');
  const pending = Buffer.alloc(CHUNK_BYTES);
  let filled = 0;
  let index = 0;
  let sizeBytes = 0;
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  const write = (plain: Uint8Array, last: boolean) => {
    writeFully(fd, sealChunk(key, runId, index, last, plain));
    index += 1;
  };
  const flush = (last: boolean) => {
    write(pending.subarray(0, filled), last);
    filled = 0;
  };
  try {
    writeFully(fd, [MAGIC, Buffer.of(VERSION)]);
  } catch (error) {
    close();
    rmSync(partPath, { force: true });
    throw error;
  }
  return {
    append(bytes) {
      hash.update(bytes);
      for (let at = 0; at < bytes.length; ) {
        if (filled === CHUNK_BYTES) flush(false);
        // A chunk that is not the last goes out as it came, without being copied together.
        if (filled === 0 && bytes.length - at > CHUNK_BYTES) {
          write(bytes.subarray(at, at + CHUNK_BYTES), false);
          at += CHUNK_BYTES;
          continue;
        }
        const take = Math.min(CHUNK_BYTES - filled, bytes.length - at);
        pending.set(bytes.subarray(at, at + take), filled);
        filled += take;
        at += take;
      }
      sizeBytes += bytes.length;
    },
    finish() {
      flush(true);
      fsyncSync(fd);
      close();
      renameSync(partPath, path);
      syncFolder(dirname(path));
      return { sizeBytes, sha256: hash.digest('hex') };
    },
    abandon() {
      close();
      rmSync(partPath, { force: true });
    },
  };
}

export interface RunReader {
  readonly sizeBytes: number;
  /** Exactly `length` bytes, in memory of their own. @throws RangeError outside the run; StoreError damaged */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

const chunkCount = (sizeBytes: number, chunkBytes: number) => Math.max(1, Math.ceil(sizeBytes / chunkBytes));

function fileSizeOf(sizeBytes: number, chunkBytes: number): number {
  return HEADER_BYTES + chunkCount(sizeBytes, chunkBytes) * (NONCE_BYTES + TAG_BYTES) + sizeBytes;
}

function readFully(fd: number, into: Buffer, position: number): void {
  for (let at = 0; at < into.length; ) {
    const got = readSync(fd, into, at, into.length - at, position + at);
    if (got === 0) throw new StoreError('damaged');
    at += got;
  }
}

/** The run's plaintext per chunk. @throws StoreError damaged */
function readChunkBytes(fd: number, sizeBytes: number): number {
  const header = Buffer.alloc(HEADER_BYTES);
  readFully(fd, header, 0);
  const chunkBytes = chunkBytesOf[header[MAGIC.length] ?? 0];
  if (chunkBytes === undefined || !header.subarray(0, MAGIC.length).equals(MAGIC)) throw new StoreError('damaged');
  if (fstatSync(fd).size !== fileSizeOf(sizeBytes, chunkBytes)) throw new StoreError('damaged');
  return chunkBytes;
}

interface Chunks {
  readonly fd: number;
  readonly key: KeyObject;
  readonly runId: string;
  readonly chunkBytes: number;
  readonly sizeBytes: number;
}

/** Chunks `from` to `to` (exclusive) of a run, decrypted. */
function readChunks({ fd, key, runId, chunkBytes, sizeBytes }: Chunks, from: number, to: number): Buffer[] {
  const sealedBytes = chunkBytes + NONCE_BYTES + TAG_BYTES;
  const count = chunkCount(sizeBytes, chunkBytes);
  const end = Math.min(to * sealedBytes, fileSizeOf(sizeBytes, chunkBytes) - HEADER_BYTES);
  const sealed = Buffer.alloc(end - from * sealedBytes);
  readFully(fd, sealed, HEADER_BYTES + from * sealedBytes);
  try {
    return Array.from({ length: to - from }, (_, i) =>
      open(
        key,
        boundTo(runId, from + i, from + i === count - 1),
        sealed.subarray(i * sealedBytes, (i + 1) * sealedBytes),
      ),
    );
  } catch (error) {
    throw new StoreError('damaged', error);
  }
}

/**
 * Opens a finished run of a known plaintext size.
 * @throws StoreError damaged where the file is missing, has another size or version
 */
export function openRunFile(path: string, dataKey: Uint8Array, runId: string, sizeBytes: number): RunReader {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    throw new StoreError('damaged', error);
  }
  let chunkBytes: number;
  try {
    chunkBytes = readChunkBytes(fd, sizeBytes);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const chunked: Chunks = { fd, key: runKey(dataKey, runId), runId, chunkBytes, sizeBytes };
  let recent: { index: number; plain: Buffer } | undefined;
  return {
    sizeBytes,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > sizeBytes) throw new RangeError('read outside the run');
      const bytes = new Uint8Array(length);
      if (length === 0) return bytes;
      const from = Math.floor(offset / chunkBytes);
      const to = Math.floor((offset + length - 1) / chunkBytes) + 1;
      const known = recent && recent.index === from && to === from + 1 ? [recent.plain] : undefined;
      const chunks = known ?? readChunks(chunked, from, to);
      const last = chunks.at(-1);
      if (last) recent = { index: to - 1, plain: last };
      let at = 0;
      for (const [i, plain] of chunks.entries()) {
        const start = i === 0 ? offset - from * chunkBytes : 0;
        const part = plain.subarray(start, start + length - at);
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    },
    close: () => closeSync(fd),
  };
}
