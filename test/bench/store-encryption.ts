/** Documents encrypted in chunks, and stored whole, against one pass of the cipher over the same bytes; prints its medians as JSON. */
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CHUNK_BYTES, createRunFile, sealChunk } from '../../main/store/run-file.ts';
import { median, timed } from './bench.ts';

export interface EncryptionFigures {
  readonly rawMs: number;
  readonly sealedMs: number;
  readonly storedMs: number;
}

const PIECE = 1024 * 1024;
const PIECES = 64;
const ROUNDS = 15;

const [folder = ''] = process.argv.slice(2);
const key = new Uint8Array(randomBytes(32));
const runKey = createSecretKey(key);
const runId = 'a'.repeat(32);
const piece = randomBytes(PIECE);

const times = (work: (piece: number) => void) =>
  timed(async () => {
    for (let i = 0; i < PIECES; i++) work(i);
  });

const [sealed, stored, raw]: [number[], number[], number[]] = [[], [], []];
for (let round = 0; round < ROUNDS; round++) {
  raw.push(
    await times(() => {
      const cipher = createCipheriv('aes-256-gcm', runKey, randomBytes(12));
      cipher.update(piece);
      cipher.final();
    }),
  );
  sealed.push(
    await times((i) => {
      for (let at = 0; at < PIECE; at += CHUNK_BYTES) {
        sealChunk(runKey, runId, i, false, piece.subarray(at, at + CHUNK_BYTES));
      }
    }),
  );
}
for (let round = 0; round < ROUNDS; round++) {
  const run = createRunFile(join(folder, `run-${round}`), key, runId);
  stored.push(await times(() => run.append(piece)));
  run.abandon();
}
const figures: EncryptionFigures = { rawMs: median(raw), sealedMs: median(sealed), storedMs: median(stored) };
process.stdout.write(JSON.stringify(figures));
