/** Every schema change in order; a database's user_version is how many of them it has had. A migration never changes once released. */
import { first } from './0001-first.ts';
import { items } from './0002-items.ts';
import { marks } from './0003-marks.ts';
import { sync } from './0004-sync.ts';

export const migrations: readonly string[] = [first, items, marks, sync];
