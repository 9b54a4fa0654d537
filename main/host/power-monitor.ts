/** The system's events from Electron's powerMonitor, seen as this shape: macOS and Windows tell of a locked screen there. */
import type { SystemEvent, WatchSystem } from './system-watch.ts';

type Told = 'lock-screen' | 'unlock-screen' | 'suspend' | 'resume' | 'on-battery' | 'on-ac';

export interface PowerMonitor {
  on(event: Told, listener: () => void): unknown;
  removeListener(event: Told, listener: () => void): unknown;
  /** Seconds. */
  getSystemIdleTime(): number;
  isOnBatteryPower(): boolean;
}

const IDLE_AFTER_SECONDS = 5 * 60;
const LOOK_EVERY_MS = 15_000;
const ofThePerson = [
  ['lock-screen', 'lock-screen'],
  ['unlock-screen', 'unlock-screen'],
  ['suspend', 'suspend'],
  ['resume', 'resume'],
] as const;
const ofTheBattery = [
  ['on-battery', 'on-battery'],
  ['on-ac', 'on-mains'],
] as const;

/** @returns how to stop */
function pass(
  monitor: PowerMonitor,
  told: readonly (readonly [Told, SystemEvent])[],
  listener: (event: SystemEvent) => void,
): () => void {
  const listeners = told.map(([event, word]) => [event, () => listener(word)] as const);
  for (const [event, tell] of listeners) monitor.on(event, tell);
  return () => {
    for (const [event, tell] of listeners) monitor.removeListener(event, tell);
  };
}

/** The battery alone, for systems whose locked screen is heard of elsewhere. */
export const watchBattery =
  (monitor: PowerMonitor): WatchSystem =>
  (listener) => {
    const stop = pass(monitor, ofTheBattery, listener);
    listener(monitor.isOnBatteryPower() ? 'on-battery' : 'on-mains');
    return { isWatching: () => false, stop };
  };

export function watchPowerMonitor(
  monitor: PowerMonitor,
  every: (ms: number, look: () => void) => () => void = repeat,
): WatchSystem {
  return (listener) => {
    const stopPassing = pass(monitor, ofThePerson, listener);
    const battery = watchBattery(monitor)(listener);
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
        stopPassing();
        battery.stop();
      },
    };
  };
}

function repeat(ms: number, look: () => void): () => void {
  const timer = setInterval(look, ms);
  timer.unref();
  return () => clearInterval(timer);
}
