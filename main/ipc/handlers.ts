/** What each call does: thin, by feature, over the rooms' faces. */
import { accountHandlers } from './account-handlers.ts';
import { adminHandlers } from './admin-handlers.ts';
import { appHandlers } from './app-handlers.ts';
import { appearanceHandlers } from './appearance-handlers.ts';
import { authorityHandlers } from './authority-handlers.ts';
import { deviceHandlers } from './device-handlers.ts';
import { documentHandlers } from './document-handlers.ts';
import { exportHandlers } from './export-handlers.ts';
import { fileHandlers } from './file-handlers.ts';
import { markHandlers } from './mark-handlers.ts';
import { practiceHandlers } from './practice-handlers.ts';
import { prepareHandlers } from './prepare-handlers.ts';
import { robotHandlers } from './robot-handlers.ts';
import type { Rooms } from './rooms.ts';
import type { Handlers } from './router.ts';
import { settingHandlers } from './setting-handlers.ts';
import { signingHandlers } from './signing-handlers.ts';
import { syncHandlers } from './sync-handlers.ts';
import { tokenHandlers } from './token-handlers.ts';
import { transactionHandlers } from './transaction-handlers.ts';
import { updateHandlers } from './update-handlers.ts';

export function createHandlers(rooms: Rooms): Handlers {
  const accounts = accountHandlers(rooms);
  return {
    ...appHandlers(rooms),
    ...settingHandlers(rooms),
    ...accounts,
    ...practiceHandlers(rooms, (account) => accounts['accounts.add'](account)),
    ...authorityHandlers(rooms),
    ...transactionHandlers(rooms),
    ...syncHandlers(rooms),
    ...documentHandlers(rooms),
    ...deviceHandlers(rooms),
    ...markHandlers(rooms),
    ...tokenHandlers(rooms),
    ...signingHandlers(rooms),
    ...fileHandlers(rooms),
    ...exportHandlers(rooms),
    ...prepareHandlers(rooms),
    ...appearanceHandlers(rooms),
    ...robotHandlers(rooms),
    ...adminHandlers(rooms),
    ...updateHandlers(rooms),
  };
}
