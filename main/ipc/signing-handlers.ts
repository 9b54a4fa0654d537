/** Signing: batches and their jobs. */
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type SigningCalls = Pick<
  Handlers,
  'signing.start' | 'signing.check' | 'signing.batch' | 'signing.cancel' | 'jobs.list'
>;

export function signingHandlers({ signing, checkIdentity }: Rooms): SigningCalls {
  return {
    'signing.start': ({ sealedPin, ...request }) => signing.start({ ...request, sealedPin }),
    'signing.check': async ({ identityId }) => {
      const standing = await checkIdentity(identityId);
      if (!standing) throw new CallError('key-absent');
      return standing;
    },
    'signing.batch': ({ batchId }) => signing.batch(batchId),
    'signing.cancel': async ({ batchId }) => {
      await signing.cancel(batchId);
      return {};
    },
    'jobs.list': () => signing.jobs(),
  };
}
