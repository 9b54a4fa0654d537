/** Trusted devices. */
import type { Rooms } from './rooms.ts';
import type { Handlers } from './router.ts';

type DeviceCalls = Pick<
  Handlers,
  | 'devices.list'
  | 'devices.startPairing'
  | 'devices.stopPairing'
  | 'devices.readChallenge'
  | 'devices.pairThis'
  | 'devices.rename'
  | 'devices.revoke'
  | 'devices.camera'
>;

export function deviceHandlers({ devices, host }: Rooms): DeviceCalls {
  return {
    'devices.list': async ({ accountId }) => {
      const { devices: listed, readAt, code, computerName } = await devices.list(accountId);
      return {
        devices: [...listed],
        computerName,
        ...(readAt === undefined ? {} : { readAt }),
        ...(code === undefined ? {} : { code }),
      };
    },
    'devices.startPairing': async ({ accountId }) => ({ pairingId: await devices.startPairing(accountId) }),
    'devices.stopPairing': async ({ pairingId }) => {
      devices.stopPairing(pairingId);
      return {};
    },
    'devices.readChallenge': ({ text, accountId }) => devices.readChallenge(text, accountId),
    'devices.pairThis': ({ text, name, accountId }) => devices.pairThis(text, name, accountId),
    'devices.rename': async ({ accountId, deviceId, name }) => {
      await devices.rename(accountId, deviceId, name);
      return {};
    },
    'devices.revoke': async ({ accountId, deviceId }) => {
      await devices.revoke(accountId, deviceId);
      return {};
    },
    'devices.camera': async ({ on }) => ({ allowed: await host.allowCamera(on) }),
  };
}
