/** The pictures of the person's identities, at the provider of the account that is chosen. */
import type { Appearances } from '../providers/provider.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type AppearanceCalls = Pick<Handlers, Extract<keyof Handlers, `appearances.${string}`>>;

export function appearanceHandlers({ session }: Rooms): AppearanceCalls {
  async function at(accountId: string): Promise<Appearances> {
    const { appearances } = await session(accountId);
    if (!appearances) throw new CallError('unsupported');
    return appearances;
  }

  return {
    'appearances.identities': async ({ accountId }) => {
      const identities = await (await session(accountId)).identities();
      return { identities: identities.map(({ id, label }) => ({ identityId: id, label })) };
    },
    'appearances.read': async ({ accountId, identityId }) => ({ bytes: await (await at(accountId)).read(identityId) }),
    'appearances.write': async ({ accountId, identityId, name, bytes }) => {
      await (await at(accountId)).write(identityId, { name, bytes });
      return {};
    },
    'appearances.remove': async ({ accountId, identityId }) => {
      await (await at(accountId)).remove(identityId);
      return {};
    },
  };
}
