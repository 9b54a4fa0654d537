import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readQr } from '../../../../main/cli/qr-image.ts';
import {
  authorizeDevice,
  getChallenge,
  getChallengeImage,
  listDevices,
  revokeDevice,
} from '../../../../main/providers/signing-today/devices.ts';
import { clearPushToken, registerPushToken } from '../../../../main/providers/signing-today/notifications.ts';
import { type Organisation, openOrganisation, refusalOf } from './organisation.ts';

let org: Organisation;
beforeEach(async () => {
  org = await openOrganisation();
});
afterEach(() => org.close());

const minute = 60_000;
const phone = { deviceId: 'phone-1', name: 'Anna’s phone' };
const pair = async (as = org.as.signer, device = phone) =>
  authorizeDevice(org.as.nobody, { ...(await getChallenge(as)), ...device });
const refused = { code: 'sign-in-expired', status: 401 };

describe('a device challenge', () => {
  it('says whose it is and where, and registers a device without a sign-in', async () => {
    const challenge = await getChallenge(org.as.signer);
    expect(challenge).toMatchObject({ userId: org.users.signer.id, baseURL: `${org.server.url}/challenge` });
    const token = await authorizeDevice(org.as.nobody, { challenge: challenge.challenge, ...phone });
    expect(await listDevices(org.as.signer)).toEqual([
      { userId: org.users.signer.id, ...phone, registeredAt: org.clock.now() },
    ]);
    expect(org.state.devices()).toMatchObject([{ ...phone, token }]);
  });

  it('comes as the image of a QR code with the same content', async () => {
    const image = await getChallengeImage(org.as.signer);
    expect(Buffer.from(image).subarray(1, 4).toString()).toBe('PNG');
    const content = JSON.parse((await readQr(image)) ?? '') as { challenge: string };
    expect(content).toMatchObject({ userId: org.users.signer.id, baseURL: `${org.server.url}/challenge` });
    await authorizeDevice(org.as.nobody, { challenge: content.challenge, ...phone });
    expect(await listDevices(org.as.signer)).toHaveLength(1);
  });

  it('lasts ten minutes', async () => {
    const { challenge } = await getChallenge(org.as.signer);
    org.advance(10 * minute - 1);
    await authorizeDevice(org.as.nobody, { challenge, ...phone });
    const late = await getChallenge(org.as.signer);
    org.advance(10 * minute);
    expect(await refusalOf(authorizeDevice(org.as.nobody, { ...late, ...phone }))).toEqual(refused);
  });

  it('is good for one device', async () => {
    const { challenge } = await getChallenge(org.as.signer);
    await authorizeDevice(org.as.nobody, { challenge, ...phone });
    const second = authorizeDevice(org.as.nobody, { challenge, deviceId: 'phone-2', name: 'Another' });
    expect(await refusalOf(second)).toEqual(refused);
    expect(await listDevices(org.as.signer)).toHaveLength(1);
  });

  it('ends when the same person asks for another, in either form, and nobody else’s does', async () => {
    const first = await getChallenge(org.as.signer);
    const others = await getChallenge(org.as.admin);
    await getChallengeImage(org.as.signer);
    expect(await refusalOf(authorizeDevice(org.as.nobody, { ...first, ...phone }))).toEqual(refused);
    await authorizeDevice(org.as.nobody, { ...others, ...phone });
    expect(await listDevices(org.as.admin)).toHaveLength(1);
  });

  it('that was never given is refused', async () => {
    const challenge = '00000000-0000-4000-8000-000000000000';
    expect(await refusalOf(authorizeDevice(org.as.nobody, { challenge, ...phone }))).toEqual(refused);
  });
});

describe('a trusted device', () => {
  it('that registers again keeps its token and takes the new name', async () => {
    const token = await pair();
    org.advance(minute);
    expect(await pair(org.as.signer, { ...phone, name: 'Old phone' })).toBe(token);
    expect(await listDevices(org.as.signer)).toMatchObject([
      { name: 'Old phone', registeredAt: org.clock.now() - minute },
    ]);
  });

  it('is revoked, its push token with it, and revoking it again is no error', async () => {
    await pair();
    await registerPushToken(org.as.signer, { deviceId: phone.deviceId, token: 'push' });
    await revokeDevice(org.as.signer, phone.deviceId);
    expect([await listDevices(org.as.signer), org.state.devices()]).toEqual([[], []]);
    await revokeDevice(org.as.signer, phone.deviceId);
    expect(org.state.effects({ kind: 'device-revoked' })).toHaveLength(1);
  });

  it('of one person is not another’s of the same id', async () => {
    await pair();
    await pair(org.as.admin);
    await revokeDevice(org.as.signer, phone.deviceId);
    expect(await listDevices(org.as.admin)).toHaveLength(1);
  });

  it('is listed page by page', async () => {
    for (let i = 0; i < 105; i += 1) await pair(org.as.signer, { deviceId: `device-${i}`, name: `Device ${i}` });
    expect(new Set((await listDevices(org.as.signer)).map(({ deviceId }) => deviceId)).size).toBe(105);
    expect(org.server.requests.filter(({ path }) => path === '/devices')).toHaveLength(2);
  });

  it('of somebody else is for administrators', async () => {
    await pair();
    const userId = org.users.signer.id;
    expect(await listDevices(org.as.admin, { userId })).toHaveLength(1);
    const others = { code: 'refused', status: 401 };
    expect(await refusalOf(listDevices(org.as.instructor, { userId }))).toEqual(others);
    expect(await refusalOf(revokeDevice(org.as.instructor, phone.deviceId, { userId }))).toEqual(others);
    await revokeDevice(org.as.admin, phone.deviceId, { userId });
    expect(await listDevices(org.as.signer)).toEqual([]);
  });
});

describe('a push token', () => {
  it('is registered for a trusted device, replaced, and cleared', async () => {
    await pair();
    const push = { deviceId: phone.deviceId, token: 'one' };
    await registerPushToken(org.as.signer, push);
    await registerPushToken(org.as.signer, { ...push, token: 'two' });
    expect(org.state.devices()).toMatchObject([{ pushToken: 'two' }]);
    await clearPushToken(org.as.signer, phone.deviceId);
    expect(org.state.devices()[0]).not.toHaveProperty('pushToken');
    await clearPushToken(org.as.signer, phone.deviceId);
  });

  it('is refused for a device that is not trusted, or not one’s own', async () => {
    await pair();
    const stale = { code: 'stale', status: 409 };
    const push = { deviceId: 'nobody-knows', token: 'x' };
    expect(await refusalOf(registerPushToken(org.as.signer, push))).toEqual(stale);
    expect(await refusalOf(registerPushToken(org.as.admin, { ...push, deviceId: phone.deviceId }))).toEqual(stale);
  });
});
