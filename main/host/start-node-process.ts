/** Starts the app's own processes for every host but Electron: Node itself, by child_process. */
import { startChild } from '../../native/start-child.ts';
import type { ChildProcessPort } from '../../native/token-port.ts';
import { entryUrl } from '../platform/entries.ts';
import type { ProcessEntry } from './host.ts';

export function startNodeProcess(entry: ProcessEntry, args: readonly string[]): ChildProcessPort {
  return startChild(entryUrl(entry), args);
}
