/** Shows a file in the system's file manager, for the hosts whose window cannot do it itself. */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';

/** What each system has for it; on Linux the folder alone, which every desktop can open (freedesktop.org xdg-utils). */
function commandFor(path: string): readonly [string, readonly string[]] {
  if (process.platform === 'darwin') return ['open', ['-R', path]];
  if (process.platform === 'win32') return ['explorer.exe', [`/select,${path}`]];
  return ['xdg-open', [dirname(path)]];
}

/** @param path absolute. Nothing happens where the system has no file manager: its path is in the window, too. */
export function showInFolder(path: string): void {
  const [command, args] = commandFor(path);
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.once('error', () => undefined);
  child.unref();
}
