/** How the timestamp authorities are signed in to. */
import type { Rooms } from './rooms.ts';
import type { Handlers } from './router.ts';

type AuthorityCalls = Pick<
  Handlers,
  'authorities.list' | 'authorities.setPassword' | 'authorities.setCertificate' | 'authorities.clear'
>;

export function authorityHandlers({ authorities }: Pick<Rooms, 'authorities'>): AuthorityCalls {
  return {
    'authorities.list': async () => authorities.list(),
    'authorities.setPassword': async ({ url, user, password }) => {
      await authorities.setPassword(url, user, password);
      return {};
    },
    'authorities.setCertificate': async ({ url, fileName, pkcs12, passphrase }) => {
      await authorities.setCertificate(url, fileName, pkcs12, passphrase);
      return {};
    },
    'authorities.clear': async ({ url }) => {
      await authorities.clear(url);
      return {};
    },
  };
}
