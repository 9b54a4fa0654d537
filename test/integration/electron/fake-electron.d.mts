/** What tests use of the stand-in by themselves. */
export const app: { requestSingleInstanceLock(): boolean; whenReady(): Promise<void> };
/** The person clicks the tray's icon, or the line of its menu with this label. */
export function clickTray(label?: string): void;
