/**
 * `npm start`: the app in Electron where its binary is there or can be fetched, else in an installed Chromium.
 * `npm start -- --demo` opens it on the sandbox.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;

/** Electron's executable; its package fetches it at the first asking. Undefined where that fails. */
function electronPath() {
  if (process.env.COUNTERSIGN_HOST === 'chromium') return undefined;
  const require = createRequire(import.meta.url);
  try {
    const path = require('electron');
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

const given = process.argv.slice(2);
const electron = electronPath();
if (!electron) process.stderr.write('Electron’s binary is not to be had here; opening an installed Chromium.\n');
const windowCommand = electron ? [electron, root] : [node, '--no-warnings', join(root, 'main', 'browser.ts')];
const command = given.includes('--demo')
  ? [node, '--no-warnings', join(root, 'test', 'sandbox', 'demo', 'demo-window.ts'), ...windowCommand]
  : [...windowCommand, ...given];
// Ctrl+C is for the window: this process only waits for it to end.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
const run = spawnSync(command[0], command.slice(1), { stdio: 'inherit' });
process.exit(run.status ?? 1);
