/** Signing: batches and their jobs. */
import { SigningError } from '../signing/index.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type SigningCalls = Pick<
  Handlers,
  | 'signing.start'
  | 'signing.check'
  | 'signing.ineligible'
  | 'signing.resume'
  | 'signing.batch'
  | 'signing.cancel'
  | 'jobs.list'
>;

export function signingHandlers({ signing, checkIdentity }: Rooms): SigningCalls {
  return {
    'signing.start': async ({ sealedPin, ...request }) => {
      try {
        return await signing.start({ ...request, sealedPin });
      } catch (error) {
        const unmet = error instanceof SigningError ? error.unmet : undefined;
        throw unmet ? new CallError('restricted', { ...unmet }) : error;
      }
    },
    'signing.ineligible': ({ identityIds, requests }) => signing.ineligible(identityIds, requests),
    'signing.check': async ({ identityId }) => {
      const standing = await checkIdentity(identityId);
      if (!standing) throw new CallError('key-absent');
      return standing;
    },
    'signing.resume': ({ batchId, sessionId, sealedPin }) => signing.resumeBatch(batchId, sessionId, sealedPin),
    'signing.batch': ({ batchId }) => signing.batch(batchId),
    'signing.cancel': async ({ batchId }) => {
      await signing.cancel(batchId);
      return {};
    },
    'jobs.list': () => signing.jobs(),
  };
}
