/** The system's events for hosts that have no powerMonitor: logind on Linux; elsewhere nothing tells. */
import { watchLogind } from './logind.ts';
import { noSystemWatch, type WatchSystem } from './system-watch.ts';

export const watchNative: WatchSystem = process.platform === 'linux' ? watchLogind : noSystemWatch;
