import { createHash, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHUNK_BYTES, createRunFile, openRunFile, sealChunk } from '../../../main/store/run-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-runs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const key = new Uint8Array(32).fill(7);
let runs = 0;

function write(plain: Uint8Array, pieces: readonly number[] = []) {
  const runId = (++runs).toString(16).padStart(32, '0');
  const path = join(folder, runId);
  const writer = createRunFile(path, key, runId);
  let at = 0;
  for (const length of pieces) {
    writer.append(plain.subarray(at, at + length));
    at = Math.min(at + length, plain.length);
  }
  writer.append(plain.subarray(at));
  return { runId, path, ...writer.finish() };
}

const borders = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 17];
const size = fc.oneof(fc.constantFrom(...borders), fc.integer({ min: 0, max: 3 * CHUNK_BYTES }));

describe('a run on disk', () => {
  it.each(borders)('gives back %d bytes, with their size and hash', (length) => {
    const plain = randomBytes(length);
    const { path, runId, sizeBytes, sha256 } = write(plain);
    expect(sizeBytes).toBe(length);
    expect(sha256).toBe(createHash('sha256').update(plain).digest('hex'));
    const reader = openRunFile(path, key, runId, length);
    expect(Buffer.from(reader.read(0, length)).equals(plain)).toBe(true);
    reader.close();
  });

  it('of the first version, in smaller chunks, is read as it was', () => {
    const runId = 'c'.repeat(32);
    const plain = randomBytes(64 * 1024 + 10);
    const own = createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.from(runId), 'countersign run 1', 32)));
    const chunks = [plain.subarray(0, 64 * 1024), plain.subarray(64 * 1024)].flatMap((part, i) =>
      sealChunk(own, runId, i, i === 1, part),
    );
    const path = join(folder, runId);
    writeFileSync(path, Buffer.concat([Buffer.from('CSRUN\0\0\x01', 'latin1'), ...chunks]));
    const reader = openRunFile(path, key, runId, plain.length);
    expect(Buffer.from(reader.read(64 * 1024 - 5, 15)).equals(plain.subarray(64 * 1024 - 5))).toBe(true);
    reader.close();
  });

  it('gives back any stretch of what was written in any pieces', () => {
    const cases = fc.record({
      length: size,
      pieces: fc.array(fc.integer({ min: 0, max: CHUNK_BYTES + 5 }), { maxLength: 4 }),
      reads: fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        {
          minLength: 1,
          maxLength: 8,
        },
      ),
    });
    fc.assert(
      fc.property(cases, ({ length, pieces, reads }) => {
        const plain = randomBytes(length);
        const { path, runId } = write(plain, pieces);
        const reader = openRunFile(path, key, runId, length);
        for (const [from, part] of reads) {
          const offset = Math.floor(from * length);
          const count = Math.floor(part * (length - offset));
          expect(Buffer.from(reader.read(offset, count)).equals(plain.subarray(offset, offset + count))).toBe(true);
        }
        reader.close();
      }),
      { numRuns: 60, seed: 4711 },
    );
  });

  it.each([
    [-1, 1],
    [0, 11],
    [10, 1],
    [0, -1],
  ])('refuses a read of (%d, %d) outside its ten bytes', (offset, length) => {
    const { path, runId } = write(randomBytes(10));
    const reader = openRunFile(path, key, runId, 10);
    expect(() => reader.read(offset, length)).toThrow(RangeError);
    reader.close();
  });

  it('has no name of its own before it is finished, and none when it is abandoned', () => {
    const runId = 'f'.repeat(32);
    const writer = createRunFile(join(folder, runId), key, runId);
    writer.append(randomBytes(100));
    expect(readdirSync(folder).filter((name) => name.startsWith(runId))).toEqual([`${runId}.part`]);
    writer.abandon();
    expect(readdirSync(folder).filter((name) => name.startsWith(runId))).toEqual([]);
  });

  it('is readable by its owner alone and holds no plaintext', () => {
    const plain = Buffer.from('a very telling sentence '.repeat(4000));
    const { path } = write(plain);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readFileSync(path).includes('telling')).toBe(false);
  });
});
