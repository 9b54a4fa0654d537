/** How often the providers are asked, by what the machine is doing. */

export interface Conditions {
  /** The window is looked at. */
  readonly foreground: boolean;
  readonly onBattery: boolean;
  /** The connection costs by what goes over it. */
  readonly metered: boolean;
}

/** What is taken as given until a host or a window says otherwise: the command line, say, has neither. */
export const usualConditions: Conditions = { foreground: true, onBattery: false, metered: false };

const SECOND_MS = 1000;

const onlineMs = {
  foreground: { usual: 30 * SECOND_MS, battery: 60 * SECOND_MS, metered: 120 * SECOND_MS },
  background: { usual: 120 * SECOND_MS, battery: 600 * SECOND_MS, metered: 900 * SECOND_MS },
} as const;
/** Out of reach, asking is also how a return is noticed that nothing else tells of; it costs little. */
const offlineMs = {
  foreground: { usual: 15 * SECOND_MS, battery: 30 * SECOND_MS, metered: 30 * SECOND_MS },
  background: { usual: 30 * SECOND_MS, battery: 120 * SECOND_MS, metered: 120 * SECOND_MS },
} as const;

/** Milliseconds from one poll to the next. */
export function pollEveryMs({ foreground, onBattery, metered }: Conditions, isOnline: boolean): number {
  const table = (isOnline ? onlineMs : offlineMs)[foreground ? 'foreground' : 'background'];
  return table[metered ? 'metered' : onBattery ? 'battery' : 'usual'];
}
