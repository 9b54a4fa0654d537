/** Hostile runs: whoever can write the profile's folder must not be able to change a document unseen. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHUNK_BYTES, createRunFile, openRunFile } from '../../../main/store/run-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-tamper-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const key = new Uint8Array(32).fill(9);
const HEADER = 8;
const SEALED = CHUNK_BYTES + 28;
const LENGTH = 2 * CHUNK_BYTES + 100;
let runs = 0;

function write(length = LENGTH) {
  const runId = (++runs).toString(16).padStart(32, '0');
  const path = join(folder, runId);
  const writer = createRunFile(path, key, runId);
  writer.append(randomBytes(length));
  writer.finish();
  return { runId, path };
}

function readAll({ path, runId }: { path: string; runId: string }, length = LENGTH, withKey = key) {
  const reader = openRunFile(path, withKey, runId, length);
  try {
    return reader.read(0, length);
  } finally {
    reader.close();
  }
}

function tampered(change: (bytes: Buffer) => Buffer) {
  const run = write();
  writeFileSync(run.path, change(readFileSync(run.path)));
  return run;
}

const damaged = expect.objectContaining({ name: 'StoreError', code: 'damaged' });
const chunk = (bytes: Buffer, index: number) => bytes.subarray(HEADER + index * SEALED, HEADER + (index + 1) * SEALED);

describe('a run somebody changed', () => {
  it('does not open with any one bit flipped', () => {
    const run = write();
    const original = readFileSync(run.path);
    fc.assert(
      fc.property(fc.nat(original.length - 1), fc.nat(7), (at, bit) => {
        const bytes = Buffer.from(original);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        writeFileSync(run.path, bytes);
        expect(() => readAll(run)).toThrow(damaged);
      }),
      { numRuns: 60, seed: 4712 },
    );
    writeFileSync(run.path, original);
    expect(readAll(run)).toHaveLength(LENGTH);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['cut at a chunk', (bytes: Buffer) => bytes.subarray(0, HEADER + 2 * SEALED)],
    ['longer', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ['empty', () => Buffer.alloc(0)],
    [
      'reordered',
      (bytes: Buffer) =>
        Buffer.concat([
          bytes.subarray(0, HEADER),
          chunk(bytes, 1),
          chunk(bytes, 0),
          bytes.subarray(HEADER + 2 * SEALED),
        ]),
    ],
    [
      'repeated in part',
      (bytes: Buffer) =>
        Buffer.concat([
          bytes.subarray(0, HEADER),
          chunk(bytes, 0),
          chunk(bytes, 0),
          bytes.subarray(HEADER + 2 * SEALED),
        ]),
    ],
    [
      'of a later version',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 7), Buffer.from([3]), bytes.subarray(8)]),
    ],
  ])('does not open %s', (_name, change) => {
    expect(() => readAll(tampered(change))).toThrow(damaged);
  });

  it('does not pass for a shorter one that ends with a chunk', () => {
    const run = tampered((bytes) => bytes.subarray(0, HEADER + 2 * SEALED));
    expect(() => readAll(run, 2 * CHUNK_BYTES)).toThrow(damaged);
  });

  it('does not take a chunk of another run, nor the whole of it', () => {
    const other = write();
    const foreign = readFileSync(other.path);
    const mixed = tampered((bytes) =>
      Buffer.concat([bytes.subarray(0, HEADER), chunk(foreign, 0), bytes.subarray(HEADER + SEALED)]),
    );
    expect(() => readAll(mixed)).toThrow(damaged);
    expect(() => readAll(tampered(() => foreign))).toThrow(damaged);
  });

  it('does not open with another key, or where it is gone', () => {
    const run = write();
    expect(() => readAll(run, LENGTH, new Uint8Array(32))).toThrow(damaged);
    rmSync(run.path);
    expect(() => readAll(run)).toThrow(damaged);
  });
});
