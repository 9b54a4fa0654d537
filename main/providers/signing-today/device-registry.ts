/** Signing Today's trusted devices as the provider port has them. */
import type { DeviceRegistry } from '../devices.ts';
import { ProviderError } from '../provider.ts';
import { authorizeDevice, getChallenge, listDevices } from './devices.ts';
import { clearPushToken, registerPushToken } from './notifications.ts';
import type { RequestCore } from './request-core.ts';
import { toLine } from './text.ts';

/** @param open a core nobody is signed in to: a challenge says by itself whose it is */
export function createDeviceRegistry(core: RequestCore, open: RequestCore): DeviceRegistry {
  return {
    async list(signal) {
      return (await listDevices(core, { signal })).map(({ deviceId, name, registeredAt }) => ({
        deviceId,
        name: toLine(name, 200),
        registeredAt,
      }));
    },
    async challenge(signal) {
      const { userId, baseURL, challenge } = await getChallenge(core, signal);
      return { userId, baseUrl: baseURL, challenge };
    },
    async register(device, signal) {
      try {
        return await authorizeDevice(open, device, signal);
      } catch (error) {
        if (error instanceof ProviderError && error.status === 401) return undefined;
        throw error;
      }
    },
    registerPush: (push, signal) => registerPushToken(core, push, signal),
    clearPush: (deviceId, signal) => clearPushToken(core, deviceId, signal),
  };
}
