/** Every operation this server answers. A group of operations is a file, an operation a row. */
import { dsts } from './operations/dsts.ts';
import { notes } from './operations/notes.ts';
import { resources } from './operations/resources.ts';
import { services } from './operations/services.ts';
import { users } from './operations/users.ts';
import type { Route } from './router.ts';

export const routes: readonly Route[] = [...services, ...users, ...dsts, ...notes, ...resources];
