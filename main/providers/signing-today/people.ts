/** Names of people, by user id: learned from the sign plans that pass by, else asked for once. */
import { ProviderError } from '../provider.ts';
import { nameOfSigner } from './mapping.ts';
import type { RequestCore } from './request-core.ts';
import type { Dst } from './schemas.ts';
import { getUser } from './users.ts';

export interface People {
  /** Takes note of the signers of a DST. */
  learn(dst: Dst): void;
  /** Looks up those of `userIds` not known yet. Who may not be looked up stays without a name. */
  ask(userIds: readonly (string | undefined)[], signal?: AbortSignal): Promise<void>;
  nameOf(userId: string): string;
}

/** Beyond this the oldest names are forgotten and asked for again. */
const limit = 10_000;
const lookupsAtOnce = 4;

export function createPeople(core: RequestCore): People {
  const names = new Map<string, string>();
  const keep = (userId: string, name: string) => {
    names.delete(userId.toLowerCase());
    names.set(userId.toLowerCase(), name);
    const oldest = names.size > limit ? names.keys().next().value : undefined;
    if (oldest !== undefined) names.delete(oldest);
  };

  async function lookUp(userId: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      const user = await getUser(core, userId, signal);
      keep(userId, nameOfSigner(user) || (user.username ?? ''));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.code === 'cancelled' || error.code === 'sign-in-expired') throw error;
      // A signer may not be allowed to read others' records; that answer stands, trouble on the way is tried again.
      if (error.code === 'refused' || error.code === 'not-found') keep(userId, '');
    }
  }

  return {
    learn(dst) {
      for (const { signerGroups } of dst.documents) {
        for (const signer of signerGroups.flatMap(({ signers }) => signers)) {
          if (signer.userUUID !== undefined) keep(signer.userUUID, nameOfSigner(signer));
        }
      }
    },
    async ask(userIds, signal) {
      const wanted = new Set(userIds.filter((id) => id !== undefined && id !== '' && !names.has(id.toLowerCase())));
      const queue = [...wanted].filter((id) => id !== undefined);
      const worker = async () => {
        for (let id = queue.pop(); id !== undefined; id = queue.pop()) await lookUp(id, signal);
      };
      await Promise.all(Array.from({ length: lookupsAtOnce }, worker));
    },
    nameOf: (userId) => names.get(userId.toLowerCase()) ?? '',
  };
}
