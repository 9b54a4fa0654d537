/** Every operation this server answers. A group of operations is a file, an operation a row. */

import { appearances } from './operations/appearances.ts';
import { devices } from './operations/devices.ts';
import { dstWorkflow } from './operations/dst-workflow.ts';
import { dsts } from './operations/dsts.ts';
import { groups } from './operations/groups.ts';
import { notes } from './operations/notes.ts';
import { notifications } from './operations/notifications.ts';
import { passwords } from './operations/passwords.ts';
import { resources } from './operations/resources.ts';
import { robots } from './operations/robots.ts';
import { services } from './operations/services.ts';
import { thumbs } from './operations/thumbs.ts';
import { userSync } from './operations/user-sync.ts';
import { users } from './operations/users.ts';
import type { Route } from './router.ts';

export const routes: readonly Route[] = [
  ...services,
  ...passwords,
  ...userSync,
  ...groups,
  ...users,
  ...devices,
  ...notifications,
  ...dsts,
  ...dstWorkflow,
  ...notes,
  ...resources,
  ...thumbs,
  ...appearances,
  ...robots,
];
