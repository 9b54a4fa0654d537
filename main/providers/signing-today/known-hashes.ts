/** SHA-256 of resources seen by this session; a resource's bytes never change under its id. */
import { createHash } from 'node:crypto';

export interface KnownHashes {
  /** Hex, where the resource was read to its end. */
  get(resourceId: string): string | undefined;
  /** Passes the resource's bytes on; at their end its hash is known. */
  watch(resourceId: string, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

const limit = 10_000;

export function createKnownHashes(): KnownHashes {
  const known = new Map<string, string>();
  return {
    get: (resourceId) => known.get(resourceId),
    async *watch(resourceId, chunks) {
      const hash = createHash('sha256');
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
      known.set(resourceId, hash.digest('hex'));
      const oldest = known.size > limit ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
  };
}
