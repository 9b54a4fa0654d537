/** What the system tells about the person and the machine: a locked screen, sleep, absence, battery. A part of the host port. */

export type SystemEvent =
  | 'lock-screen'
  | 'unlock-screen'
  | 'suspend'
  | 'resume'
  /** Nobody has touched the machine for some minutes. */
  | 'idle'
  /** Told at the beginning too, where it is known. */
  | 'on-battery'
  | 'on-mains'
  /** From here on nothing is heard any more. */
  | 'lost';

/** What a kept login does not outlive: whoever comes next enters the PIN. */
export const endsLogins: ReadonlySet<SystemEvent> = new Set(['lock-screen', 'suspend', 'resume', 'idle', 'lost']);

export interface SystemWatch {
  /** True while a lock of the screen would be heard. */
  isWatching(): boolean;
  stop(): void;
}

export type WatchSystem = (listener: (event: SystemEvent) => void) => SystemWatch;

/** Where nothing tells: no login may outlive its batch there. */
export const noSystemWatch: WatchSystem = () => ({ isWatching: () => false, stop: () => undefined });

/** Hears both; a lock of the screen is heard where the first would hear it. */
export const watchBoth =
  (first: WatchSystem, second: WatchSystem): WatchSystem =>
  (listener) => {
    const [one, other] = [first(listener), second(listener)];
    return {
      isWatching: () => one.isWatching(),
      stop() {
        one.stop();
        other.stop();
      },
    };
  };
