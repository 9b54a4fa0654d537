/** The system's events from Electron's powerMonitor, seen as this shape: macOS and Windows tell of a locked screen there. */
import type { SystemEvent, WatchSystem } from './system-watch.ts';

export interface PowerMonitor {
  on(event: 'lock-screen' | 'suspend' | 'resume', listener: () => void): unknown;
  removeListener(event: 'lock-screen' | 'suspend' | 'resume', listener: () => void): unknown;
  /** Seconds. */
  getSystemIdleTime(): number;
}

const IDLE_AFTER_SECONDS = 5 * 60;
const LOOK_EVERY_MS = 15_000;
const told = ['lock-screen', 'suspend', 'resume'] as const;

export function watchPowerMonitor(
  monitor: PowerMonitor,
  every: (ms: number, look: () => void) => () => void = repeat,
): WatchSystem {
  return (listener) => {
    const listeners = told.map((event) => [event, () => listener(event satisfies SystemEvent)] as const);
    for (const [event, tell] of listeners) monitor.on(event, tell);
    let wasIdle = false;
    const stopLooking = every(LOOK_EVERY_MS, () => {
      const isIdle = monitor.getSystemIdleTime() >= IDLE_AFTER_SECONDS;
      if (isIdle && !wasIdle) listener('idle');
      wasIdle = isIdle;
    });
    let watching = true;
    return {
      isWatching: () => watching,
      stop() {
        watching = false;
        stopLooking();
        for (const [event, tell] of listeners) monitor.removeListener(event, tell);
      },
    };
  };
}

function repeat(ms: number, look: () => void): () => void {
  const timer = setInterval(look, ms);
  timer.unref();
  return () => clearInterval(timer);
}
