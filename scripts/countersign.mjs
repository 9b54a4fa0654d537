#!/usr/bin/env node
/** `npx countersign`: hands on to scripts/countersign, whatever Node started this; on Windows, which has no sh, to the project's Node. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const given = process.argv.slice(2);
const USAGE = 2;

// npx and this process hand on the first three descriptors: at any other lies something of their own, which is nobody's PIN.
const secret = [...given.join('\n').matchAll(/^(--[a-z-]+-fd)[\n=](\d+)$/gm)].find(([, , fd]) => Number(fd) > 2);
if (secret) {
  const [, flag, fd] = secret;
  console.error(
    `npx does not hand on file descriptor ${fd}. Use ${flag} 0, or start scripts/countersign, which hands on all.`,
  );
  process.exit(USAGE);
}
const [program, ...args] =
  process.platform === 'win32'
    ? [at('../node_modules/node/bin/node.exe'), '--no-warnings', '--max-semi-space-size=2', at('../main/cli.ts')]
    : [at('countersign')];
const run = spawnSync(program, [...args, ...given], { stdio: 'inherit' });
process.exit(run.status ?? 1);
