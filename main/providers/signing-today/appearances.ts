/** The pictures of the person's own identities, for the provider port. */
import { type Appearances, ProviderError } from '../provider.ts';
import type { RequestCore } from './request-core.ts';
import { deleteAppearance, downloadAppearance, setAppearance } from './resources.ts';

/** Pictures are small: what goes on beyond this is none. */
const MOST_BYTES = 4 * 1024 * 1024;

const png = [0x89, 0x50, 0x4e, 0x47];

export function createAppearances(core: RequestCore, userId: string): Appearances {
  return {
    async read(identityId, signal) {
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const part of await downloadAppearance(core, { userId, identityId }, { signal })) {
        size += part.byteLength;
        if (size > MOST_BYTES) throw new ProviderError('bad-response', { field: 'body' });
        parts.push(part);
      }
      return new Uint8Array(Buffer.concat(parts));
    },
    async write(identityId, { name, bytes }, signal) {
      const contentType = png.every((byte, index) => bytes[index] === byte) ? 'image/png' : 'image/jpeg';
      const file = {
        contentType,
        sizeBytes: bytes.length,
        async *chunks() {
          yield bytes;
        },
      };
      await setAppearance(core, { userId, identityId, filename: name, title: name }, file, { signal });
    },
    remove: (identityId, signal) => deleteAppearance(core, { userId, identityId }, signal),
  };
}
