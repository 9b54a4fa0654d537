/** Tokens and signing. */
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type SigningCalls = Pick<
  Handlers,
  'tokens.list' | 'tokens.session' | 'signing.start' | 'signing.batch' | 'signing.cancel' | 'jobs.list'
>;

export function signingHandlers({ tokens, signing, identities }: Rooms): SigningCalls {
  return {
    'tokens.list': async ({ modulePath }) => {
      const listing = await tokens.list(await identities(), modulePath);
      return { tokens: [...listing.tokens], problems: [...listing.problems] };
    },
    'tokens.session': async ({ tokenId }) => {
      const session = await tokens.openSession(tokenId);
      if (!session.ok) throw new CallError(session.code, session.ckr ? { ckr: session.ckr } : {});
      return session.value;
    },
    'signing.start': ({ sealedPin, ...request }) => signing.start({ ...request, sealedPin }),
    'signing.batch': ({ batchId }) => signing.batch(batchId),
    'signing.cancel': async ({ batchId }) => {
      await signing.cancel(batchId);
      return {};
    },
    'jobs.list': () => signing.jobs(),
  };
}
