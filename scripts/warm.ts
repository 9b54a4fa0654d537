/**
 * Loads what the command line is made of, so that set-up leaves it compiled (NODE_COMPILE_CACHE) and the first call takes no more time and
 * memory than the next.
 */
import { readdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';

const commands = new URL('../main/cli/', import.meta.url);
await Promise.all(readdirSync(commands).map((name) => import(new URL(name, commands).href)));
flushCompileCache();
