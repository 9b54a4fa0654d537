/** Hash states of a whole source, by one pass over it or by the pass it makes itself. */
import { createHash, type Hash } from 'node:crypto';
import { eachChunk, type Source } from '../pdf/index.ts';

/** @returns a state per algorithm after the last byte, to be copied before use */
export async function digestSource(source: Source, algorithms: readonly string[]): Promise<ReadonlyMap<string, Hash>> {
  if (source.digests) return source.digests.atEnd(algorithms);
  const hashes = new Map(algorithms.map((algorithm) => [algorithm, createHash(algorithm)]));
  await eachChunk(source, 0, source.size, (bytes) => {
    for (const hash of hashes.values()) hash.update(bytes);
  });
  return hashes;
}

/** SHA-256 (hex) of the whole source. */
export async function sha256Of(source: Source): Promise<string> {
  const state = (await digestSource(source, ['sha256'])).get('sha256') ?? createHash('sha256');
  return state.copy().digest('hex');
}
