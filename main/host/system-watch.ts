/** What the system tells about the person and the machine: a locked screen, sleep, absence. A part of the host port. */

export type SystemEvent =
  | 'lock-screen'
  | 'suspend'
  | 'resume'
  /** Nobody has touched the machine for some minutes. */
  | 'idle'
  /** From here on nothing is heard any more. */
  | 'lost';

export interface SystemWatch {
  /** True while a lock of the screen would be heard. */
  isWatching(): boolean;
  stop(): void;
}

export type WatchSystem = (listener: (event: SystemEvent) => void) => SystemWatch;

/** Where nothing tells: no login may outlive its batch there. */
export const noSystemWatch: WatchSystem = () => ({ isWatching: () => false, stop: () => undefined });
