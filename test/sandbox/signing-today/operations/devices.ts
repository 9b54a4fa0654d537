/** Devices: a challenge lasts ten minutes, is good for one device, and ends when the same person asks for another. */
import { randomUUID } from 'node:crypto';
import QRCode from 'qrcode';
import { z } from 'zod';
import { type Answer, json, noContent } from '../answers.ts';
import { refusal } from '../errors.ts';
import { requireCapability } from '../guards.ts';
import { toSlice } from '../listing.ts';
import type { Capability, TrustedDevice } from '../model.ts';
import type { ChallengeRecord, DeviceRecord, DirectoryRecord } from '../records.ts';
import { readJson } from '../request-body.ts';
import type { Call, Route, UserCall } from '../router.ts';
import type { SigningTodayState } from '../state.ts';
import { toTimestamp } from '../timestamps.ts';

const CHALLENGE_MS = 10 * 60 * 1000;

const toTrusted = ({ userId, deviceId, name, registeredAt }: DeviceRecord): TrustedDevice => ({
  userId,
  deviceId,
  name,
  registeredAt,
});

/** Whose devices are meant. These operations document no 403: a 401 says it. @throws ApiError 401 */
function ownerOf({ user, query }: UserCall, capability: Capability): string {
  const userId = query.get('userId') ?? user.id;
  if (userId !== user.id) requireCapability(user, capability, 401);
  return userId;
}

function issueChallenge({ state: { ledger }, user }: UserCall): string {
  const challenge = randomUUID();
  const expiresAt = ledger.clock.now() + CHALLENGE_MS;
  ledger.changeDirectory((draft) => {
    draft.challenges = draft.challenges.filter(({ userId }) => userId !== user.id);
    draft.challenges.push({ userId: user.id, challenge, expiresAt });
    draft.effects.push(ledger.effect('challenge-issued', user.id));
  });
  return challenge;
}

async function challenge(call: UserCall): Promise<Answer> {
  const answer = { userId: call.user.id, baseURL: `${call.baseUrl}/challenge`, challenge: issueChallenge(call) };
  const accept = call.request.headers.accept ?? '';
  if (!/image\/png/i.test(accept) || /application\/json/i.test(accept)) return json(answer);
  const body = await QRCode.toBuffer(JSON.stringify(answer), { type: 'png', errorCorrectionLevel: 'M', scale: 6 });
  return { status: 200, headers: { 'content-type': 'image/png' }, body };
}

const registration = z.looseObject({
  challenge: z.string(),
  deviceId: z.string().trim().min(1).max(200),
  name: z.string().trim().min(1).max(200),
});

/** The challenge, if it is still good; it is spent now. @throws ApiError 401 */
function spend(draft: DirectoryRecord, given: string, now: number): ChallengeRecord {
  const found = draft.challenges.find((each) => each.challenge === given);
  if (!found || found.expiresAt <= now) throw refusal(401, 'bad-challenge', 'The challenge is not good any more');
  draft.challenges = draft.challenges.filter((each) => each !== found);
  return found;
}

function register({ ledger }: SigningTodayState, given: z.infer<typeof registration>): string {
  return ledger.changeDirectory((draft) => {
    const { userId } = spend(draft, given.challenge, ledger.clock.now());
    const { deviceId, name } = given;
    const known = draft.devices.find((each) => each.userId === userId && each.deviceId === deviceId);
    if (known) {
      known.name = name;
      draft.effects.push(ledger.effect('device-renamed', userId));
      return known.token;
    }
    const token = randomUUID();
    draft.devices.push({ userId, deviceId, name, registeredAt: toTimestamp(ledger.clock.now()), token });
    draft.effects.push(ledger.effect('device-registered', userId));
    return token;
  });
}

/** @throws ApiError 400 */
function requireDeviceId(query: URLSearchParams): string {
  const deviceId = query.get('deviceId');
  if (!deviceId) throw refusal(400, 'invalid', 'A device is needed', 'deviceId');
  return deviceId;
}

function revoke(call: UserCall): Answer {
  const { ledger } = call.state;
  const owner = ownerOf(call, 'devices.delete.all');
  const deviceId = requireDeviceId(call.query);
  ledger.changeDirectory((draft) => {
    const left = draft.devices.filter((each) => each.userId !== owner || each.deviceId !== deviceId);
    if (left.length < draft.devices.length) draft.effects.push(ledger.effect('device-revoked', call.user.id));
    draft.devices = left;
  });
  return noContent;
}

const push = z.looseObject({ deviceId: z.string(), token: z.string().min(1) });

async function registerPush({ state: { ledger }, request, user }: UserCall): Promise<Answer> {
  const { deviceId, token } = await readJson(request, push);
  ledger.changeDirectory((draft) => {
    const device = draft.devices.find((each) => each.userId === user.id && each.deviceId === deviceId);
    if (!device) throw refusal(409, 'not-trusted', 'Only a trusted device gets notifications', 'deviceId');
    device.pushToken = token;
    draft.effects.push(ledger.effect('push-registered', user.id));
  });
  return noContent;
}

function clearPush({ state: { ledger }, user, query }: UserCall): Answer {
  const deviceId = requireDeviceId(query);
  ledger.changeDirectory((draft) => {
    const device = draft.devices.find((each) => each.userId === user.id && each.deviceId === deviceId);
    if (device?.pushToken === undefined) return;
    delete device.pushToken;
    draft.effects.push(ledger.effect('push-cleared', user.id));
  });
  return noContent;
}

export const devices: readonly Route[] = [
  {
    operationId: 'devicesGET',
    method: 'GET',
    path: '/devices',
    auth: 'bearer',
    run(call) {
      const owner = ownerOf(call, 'devices.list.all');
      const own = call.state.ledger.directory.devices.filter(({ userId }) => userId === owner);
      return json(toSlice(own.map(toTrusted), call.query));
    },
  },
  {
    operationId: 'deviceAuthorizationGET',
    method: 'GET',
    path: '/device/authorization',
    auth: 'bearer',
    run: challenge,
  },
  {
    operationId: 'deviceAuthorizationPOST',
    method: 'POST',
    path: '/device/authorization',
    auth: 'none',
    run: async ({ state, request }: Call) => json([register(state, await readJson(request, registration))]),
  },
  {
    operationId: 'deviceAuthorizationDELETE',
    method: 'DELETE',
    path: '/device/authorization',
    auth: 'bearer',
    run: revoke,
  },
  {
    operationId: 'notificationsPushTokenPOST',
    method: 'POST',
    path: '/notifications/push-token',
    auth: 'bearer',
    run: registerPush,
  },
  {
    operationId: 'notificationsPushTokenDELETE',
    method: 'DELETE',
    path: '/notifications/push-token',
    auth: 'bearer',
    run: clearPush,
  },
];
