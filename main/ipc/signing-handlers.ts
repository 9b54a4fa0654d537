/** Signing: batches and their jobs. */
import type { Rooms } from './rooms.ts';
import type { Handlers } from './router.ts';

type SigningCalls = Pick<Handlers, 'signing.start' | 'signing.batch' | 'signing.cancel' | 'jobs.list'>;

export function signingHandlers({ signing }: Rooms): SigningCalls {
  return {
    'signing.start': ({ sealedPin, ...request }) => signing.start({ ...request, sealedPin }),
    'signing.batch': ({ batchId }) => signing.batch(batchId),
    'signing.cancel': async ({ batchId }) => {
      await signing.cancel(batchId);
      return {};
    },
    'jobs.list': () => signing.jobs(),
  };
}
