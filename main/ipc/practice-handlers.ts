/** Trying the app with a practice service on this computer. */
import { PracticeError } from '../practice/index.ts';
import type { Rooms } from './rooms.ts';
import type { Handlers } from './router.ts';

type PracticeCalls = Pick<Handlers, 'practice.show' | 'practice.start' | 'practice.cancel'>;

export function practiceHandlers({ practice }: Pick<Rooms, 'practice'>, add: Handlers['accounts.add']): PracticeCalls {
  return {
    'practice.show': async () => {
      const pin = practice.pin();
      return { available: practice.isAvailable, ...(pin === undefined ? {} : { pin }) };
    },
    'practice.start': async () => {
      const signIn = await practice.begin();
      try {
        const { id } = await add({ provider: 'signing-today', ...signIn });
        await practice.named(id);
        return { accountId: id };
      } catch (error) {
        await practice.end(undefined);
        throw new PracticeError('practice-failed', error);
      }
    },
    'practice.cancel': async () => {
      practice.cancel();
      return {};
    },
  };
}
