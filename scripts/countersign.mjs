#!/usr/bin/env node
/** The command line in a checkout: runs main/cli.ts with the project's own Node, whatever Node started this. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const own = `${root}node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`;
const node = existsSync(own) ? own : process.execPath;
// A young generation of 2 MB keeps files of any size below 100 MB of memory, at no cost in time.
const options = ['--no-warnings', '--max-semi-space-size=2'];
const run = spawnSync(node, [...options, `${root}main/cli.ts`, ...process.argv.slice(2)], {
  stdio: 'inherit',
  // What was compiled at the last call is not compiled again.
  env: { NODE_COMPILE_CACHE: `${root}node_modules/.cache/countersign`, ...process.env },
});
process.exit(run.status ?? 1);
