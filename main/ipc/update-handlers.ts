/** Newer versions of the app. */
import type { Rooms } from './rooms.ts';
import type { Handlers } from './router.ts';

export function updateHandlers({ updates }: Pick<Rooms, 'updates'>): Pick<Handlers, 'updates.check'> {
  return {
    'updates.check': async () => {
      const release = await updates.check();
      return release ? { release } : {};
    },
  };
}
