/** The system's events on Linux, from systemd-logind (org.freedesktop.login1) on the system bus. */
import { type Bus, type BusMessage, connectBus, socketPath } from './dbus.ts';
import type { SystemEvent, SystemWatch, WatchSystem } from './system-watch.ts';

const LOGIND = 'org.freedesktop.login1';
const MANAGER = { destination: LOGIND, path: '/org/freedesktop/login1', interface: `${LOGIND}.Manager` };
const SESSIONS = '/org/freedesktop/login1/session/';
const BUS = 'org.freedesktop.DBus';
const DEFAULT_ADDRESS = 'unix:path=/run/dbus/system_bus_socket';

/** Listens for sleep, and for lock and absence in this process's session; in any session where it belongs to none. */
export const watchLogind: WatchSystem = (listener) => startWatching(listener);

/** @param address the system bus's; by default DBUS_SYSTEM_BUS_ADDRESS or the usual place */
export function startWatching(
  listener: (event: SystemEvent) => void,
  address = process.env.DBUS_SYSTEM_BUS_ADDRESS || DEFAULT_ADDRESS,
): SystemWatch & { readonly settled: Promise<void> } {
  let bus: Bus | undefined;
  let watching = false;
  let stopped = false;

  async function connect(): Promise<void> {
    const path = socketPath(address);
    if (path === undefined) return;
    let session: string | undefined;
    const opened = await connectBus(path, (message) => {
      const event = systemEvent(message, session);
      if (event && !stopped) listener(event);
    });
    bus = opened;
    if (stopped) return opened.close();
    const rule = `type='signal',sender='${LOGIND}'`;
    await opened.call({
      destination: BUS,
      path: '/org/freedesktop/DBus',
      interface: BUS,
      member: 'AddMatch',
      args: [rule],
    });
    session = await ownSession(opened);
    watching = !stopped;
    void opened.ended.then(() => {
      if (watching && !stopped) listener('lost');
      watching = false;
    });
  }

  const settled = connect().catch(() => bus?.close());
  return {
    settled,
    isWatching: () => watching,
    stop() {
      stopped = true;
      watching = false;
      bus?.close();
    },
  };
}

/** Undefined where this process belongs to no session; throws where there is no session manager. */
async function ownSession(bus: Bus): Promise<string | undefined> {
  try {
    const [path] = await bus.call({ ...MANAGER, member: 'GetSessionByPID', args: [process.pid] });
    return typeof path === 'string' ? path : undefined;
  } catch (error) {
    if ((error as { code?: unknown }).code === `${LOGIND}.NoSessionForPID`) return undefined;
    throw error;
  }
}

/** @param session the one to hear; undefined hears every session's */
export function systemEvent(message: BusMessage, session: string | undefined): SystemEvent | undefined {
  const { path, interface: face, member, body } = message;
  if (face === MANAGER.interface && member === 'PrepareForSleep') return body[0] === true ? 'suspend' : 'resume';
  const isHeard = session === undefined ? path?.startsWith(SESSIONS) : path === session;
  if (!isHeard) return undefined;
  if (face === `${LOGIND}.Session` && member === 'Lock') return 'lock-screen';
  if (face === `${LOGIND}.Session` && member === 'Unlock') return 'unlock-screen';
  if (face !== 'org.freedesktop.DBus.Properties' || member !== 'PropertiesChanged') return undefined;
  if (body[0] !== `${LOGIND}.Session` || !Array.isArray(body[1])) return undefined;
  const changed = new Map(body[1] as [string, unknown][]);
  const isLocked = changed.get('LockedHint');
  if (typeof isLocked === 'boolean') return isLocked ? 'lock-screen' : 'unlock-screen';
  return changed.get('IdleHint') === true ? 'idle' : undefined;
}
