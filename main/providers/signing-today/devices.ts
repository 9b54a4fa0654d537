/** Operations on trusted devices: a device is authorized by a challenge that a signed-in session of the same person asked for. */
import { z } from 'zod';
import { ProviderError } from '../provider.ts';
import { listItems } from './list-items.ts';
import { pathOf, type RequestCore } from './request-core.ts';
import { id, maybe, timestamp } from './schema-parts.ts';

const deviceSchema = z.looseObject({
  userId: maybe(z.string()),
  deviceId: z.string().min(1).max(500),
  name: maybe(z.string()),
  registeredAt: maybe(timestamp),
});
export type TrustedDevice = z.infer<typeof deviceSchema>;

const challengeSchema = z.looseObject({
  userId: id,
  baseURL: z.string().min(1).max(2048),
  challenge: z.string().min(1).max(500),
});
export type DeviceChallenge = z.infer<typeof challengeSchema>;

/** The documents show a list of one token. */
const tokenSchema = z
  .union([z.string().min(1).max(500), z.array(z.string().min(1).max(500)).length(1)])
  .transform((token) => (typeof token === 'string' ? token : (token[0] ?? '')));

const authorizationPath = pathOf('device', 'authorization');

/** The operations on somebody else's devices document a 401 alone: there it says that one may not. */
async function forOther<T>(userId: string | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isRefused = userId !== undefined && error instanceof ProviderError && error.status === 401;
    if (!isRefused) throw error;
    const said = error.serverMessage === undefined ? {} : { serverMessage: error.serverMessage };
    throw new ProviderError('refused', { status: 401, cause: error, ...said });
  }
}

/** GET /devices: one's own, or another user's. @throws ProviderError refused where another user's may not be seen */
export async function listDevices(
  core: RequestCore,
  { userId, signal }: { userId?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<TrustedDevice[]> {
  const parameters: [string, string][] = userId === undefined ? [] : [['userId', userId]];
  const items = listItems(core, pathOf('devices'), deviceSchema, (device) => device.deviceId, { parameters, signal });
  return forOther(
    userId,
    (async () => {
      const devices: TrustedDevice[] = [];
      for await (const device of items) devices.push(device);
      return devices;
    })(),
  );
}

/** GET /device/authorization as JSON: a new challenge, good for ten minutes and one device; the one before is void. */
export async function getChallenge(core: RequestCore, signal?: AbortSignal): Promise<DeviceChallenge> {
  const call = { method: 'GET', path: authorizationPath, accept: 'application/json', signal } as const;
  return core.json(call, challengeSchema);
}

/** GET /device/authorization as a PNG of its QR code. */
export async function getChallengeImage(core: RequestCore, signal?: AbortSignal): Promise<Uint8Array> {
  return core.bytes({ method: 'GET', path: authorizationPath, accept: 'image/png', signal });
}

/**
 * POST /device/authorization: registers a device, or gives one that is there a new name. Needs no sign-in: the challenge says whose.
 * @returns the device's token
 * @throws ProviderError sign-in-expired (401) where the challenge is not good (any more)
 */
export async function authorizeDevice(
  core: RequestCore,
  { challenge, deviceId, name }: { challenge: string; deviceId: string; name: string },
  signal?: AbortSignal,
): Promise<string> {
  const json = { challenge, deviceId, name };
  return core.json({ method: 'POST', path: authorizationPath, json, signal }, tokenSchema);
}

/** DELETE /device/authorization: the device is trusted no more and its push token is gone. One that is not there is no error. */
export async function revokeDevice(
  core: RequestCore,
  deviceId: string,
  { userId, signal }: { userId?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const query: [string, string][] = [['deviceId', deviceId]];
  if (userId !== undefined) query.push(['userId', userId]);
  await forOther(userId, core.nothing({ method: 'DELETE', path: authorizationPath, query, signal }));
}
