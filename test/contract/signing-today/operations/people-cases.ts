/** Contract tests of devices, notifications, services and users: one for each, by operationId. More of each in `people/`. */
import { expect } from 'vitest';
import {
  authorizeDevice,
  getChallenge,
  listDevices,
  revokeDevice,
} from '../../../../main/providers/signing-today/devices.ts';
import { toArray } from '../../../../main/providers/signing-today/list-items.ts';
import {
  clearNotifications,
  clearPushToken,
  listNotifications,
  registerPushToken,
} from '../../../../main/providers/signing-today/notifications.ts';
import { requestTokens } from '../../../../main/providers/signing-today/oauth.ts';
import {
  changeOwnPassword,
  changePasswordByToken,
  changeServicePassword,
  getPasswordToken,
  reportLostPassword,
  resetPassword,
} from '../../../../main/providers/signing-today/passwords.ts';
import {
  getConfiguration,
  logOut,
  sealSamlReply,
  signInBySaml,
  syncUsers,
} from '../../../../main/providers/signing-today/services.ts';
import {
  createGroups,
  createUser,
  currentUser,
  listGroups,
  listIdentities,
  listUsers,
  readUser,
  setUserEnabled,
  setUserRole,
  updateUser,
} from '../../../../main/providers/signing-today/users.ts';
import { somePdf } from '../world.ts';
import { client, type OperationCase, password, type Stage } from './operation-case.ts';

const phone = { deviceId: 'phone', name: 'Sara’s phone' };
const pair = async ({ signer, nobody }: Stage) =>
  authorizeDevice(nobody, { challenge: (await getChallenge(signer.core)).challenge, ...phone });

const publish = ({ state, instructor, signer }: Stage) =>
  state.addDst({
    title: 'Lease',
    createdBy: instructor.user.id,
    documents: [
      {
        title: 'lease',
        pdf: somePdf(),
        signatureRequests: [{ signer: signer.user.id }],
        signerGroups: [[signer.user.id]],
      },
    ],
  });

const signInAs = ({ http, clock, server }: Stage, username: string, secret: string) =>
  requestTokens({ http, clock, baseUrl: server.url }, client, {
    grant_type: 'password',
    username: `${username}@demo`,
    password: secret,
  });

const saraOf = { username: 'sara', domain: 'demo' };
const chosen = 'a new password';

export const peopleCases: Readonly<Record<string, OperationCase>> = {
  async devicesGET(stage) {
    await pair(stage);
    expect(await listDevices(stage.signer.core)).toMatchObject([{ ...phone, registeredAt: stage.clock.now() }]);
    expect(await listDevices(stage.other.core)).toEqual([]);
  },
  async deviceAuthorizationGET(stage) {
    const challenge = await getChallenge(stage.signer.core);
    expect(challenge).toMatchObject({ userId: stage.signer.user.id, baseURL: `${stage.server.url}/challenge` });
  },
  async deviceAuthorizationPOST(stage) {
    expect(await pair(stage)).toBe(stage.state.devices()[0]?.token);
  },
  async deviceAuthorizationDELETE(stage) {
    await pair(stage);
    await revokeDevice(stage.signer.core, phone.deviceId);
    expect(stage.state.devices()).toEqual([]);
  },
  async notificationsDstsGET(stage) {
    const { id } = await publish(stage);
    const told = await toArray(listNotifications(stage.signer.core));
    expect(new Set(told.map(({ dstId }) => dstId))).toEqual(new Set([id]));
  },
  async notificationsDstIdDELETE(stage) {
    const { id } = await publish(stage);
    await clearNotifications(stage.signer.core, id);
    expect(await toArray(listNotifications(stage.signer.core))).toEqual([]);
  },
  async notificationsPushTokenPOST(stage) {
    await pair(stage);
    await registerPushToken(stage.signer.core, { deviceId: phone.deviceId, token: 'push' });
    expect(stage.state.devices()[0]?.pushToken).toBe('push');
  },
  async notificationsPushTokenDELETE(stage) {
    await pair(stage);
    await registerPushToken(stage.signer.core, { deviceId: phone.deviceId, token: 'push' });
    await clearPushToken(stage.signer.core, phone.deviceId);
    expect(stage.state.devices()[0]?.pushToken).toBeUndefined();
  },
  async oauthTokenPOST(stage) {
    const tokens = await signInAs(stage, 'sara', password);
    const again = { grant_type: 'refresh_token', refresh_token: tokens.refreshToken ?? '' } as const;
    const renewed = await requestTokens({ ...stage, baseUrl: stage.server.url }, client, again);
    expect(renewed.accessToken).not.toBe(tokens.accessToken);
    await expect(signInAs(stage, 'sara', 'wrong')).rejects.toMatchObject({ code: 'sign-in-refused' });
  },
  async authUser(stage) {
    expect(await currentUser(stage.signer.core)).toMatchObject({ id: stage.signer.user.id, username: 'sara' });
  },
  async logoutUser(stage) {
    await logOut(stage.signer.core);
    await expect(currentUser(stage.signer.core)).rejects.toMatchObject({ code: 'sign-in-expired' });
  },
  async authPasswordLostGET(stage) {
    await reportLostPassword(stage.nobody, saraOf);
    expect(stage.state.mails()).toMatchObject([{ to: stage.signer.user.email, kind: 'password-lost' }]);
  },
  async authPasswordResetGET(stage) {
    await resetPassword(stage.admin.core, saraOf);
    await expect(signInAs(stage, 'sara', password)).rejects.toMatchObject({ code: 'sign-in-refused' });
  },
  async authPasswordResetPOST(stage) {
    await changeOwnPassword(stage.signer.core, { currentPassword: password, newPassword: chosen });
    await signInAs(stage, 'sara', chosen);
  },
  async authPasswordTokenGET(stage) {
    await changePasswordByToken(stage.nobody, await getPasswordToken(stage.signer.core), chosen);
    await signInAs(stage, 'sara', chosen);
  },
  async authChangePasswordPOST(stage) {
    const change = changePasswordByToken(stage.nobody, 'no such token', chosen);
    await expect(change).rejects.toMatchObject({ code: 'stale', status: 409 });
    await changePasswordByToken(stage.nobody, await getPasswordToken(stage.signer.core), chosen);
    await expect(signInAs(stage, 'sara', password)).rejects.toMatchObject({ code: 'sign-in-refused' });
  },
  async serviceChangePasswordPOST(stage) {
    const add = { username: 'robot', password, name: 'R', surname: 'R', role: 'instructor', automatic: true } as const;
    stage.state.addUser(add);
    await changeServicePassword(stage.admin.core, { username: 'robot', domain: 'demo' }, chosen);
    await signInAs(stage, 'robot', chosen);
  },
  async authSamlPOST(stage) {
    const reply = { eduPersonPrincipalName: 'eva@clinic.test', givenName: 'Eva', surname: 'Ekman' };
    const page = await signInBySaml(stage.nobody, { domain: 'demo', ...sealSamlReply(reply, stage.state.samlKey) });
    expect(new URLSearchParams(page.hash.slice(1)).get('access_token')).toMatch(/\S{20}/);
  },
  async serviceUsersSyncPOST(stage) {
    const person = { eduPersonPrincipalName: 'eva@clinic.test', isMemberOf: [], givenName: 'Eva', surname: 'Ekman' };
    const { users } = await syncUsers(stage.admin.core, [{ ...person, orgRole: 'signer' }]);
    expect(users).toMatchObject({ inserted: 1, updated: 0, deleted: 0 });
  },
  async configurationGet(stage) {
    expect(await getConfiguration(stage.nobody)).toHaveProperty('signingService');
  },
  async usersGET(stage) {
    const orderBy = { field: 'username', direction: 'asc' } as const;
    const names = (await toArray(listUsers(stage.signer.core, { orderBy }))).map(({ username }) => username);
    expect(names).toEqual(['aldo', 'ines', 'omar', 'sara']);
  },
  async usersPOST(stage) {
    const dora = { username: 'dora', name: 'Dora', surname: 'Dietz', email: 'dora@demo.test', role: 'signer' } as const;
    const id = await createUser(stage.admin.core, dora, chosen);
    expect(stage.state.user(id)).toMatchObject(dora);
    await signInAs(stage, 'dora', chosen);
  },
  async usersGroupsGET(stage) {
    await createGroups(stage.admin.core, [{ name: 'Notaries', domain: 'demo' }]);
    expect(await toArray(listGroups(stage.signer.core))).toMatchObject([{ name: 'Notaries', domain: 'demo' }]);
  },
  async usersGroupsPOST(stage) {
    const groups = [{ name: 'Notaries', domain: 'demo' }];
    await createGroups(stage.admin.core, groups);
    await expect(createGroups(stage.admin.core, groups)).rejects.toMatchObject({ code: 'refused', status: 400 });
  },
  async userIdGET(stage) {
    const { user } = await readUser(stage.signer.core, stage.admin.user.id);
    expect(user).toMatchObject({ username: 'aldo', role: 'admin' });
  },
  async userIdPUT(stage) {
    const { raw } = await readUser(stage.signer.core, stage.signer.user.id);
    await updateUser(stage.signer.core, stage.signer.user.id, { ...raw, surname: 'Sala' });
    expect(stage.state.user(stage.signer.user.id).surname).toBe('Sala');
  },
  async userIdDELETE(stage) {
    await setUserEnabled(stage.admin.core, stage.signer.user.id, false);
    await expect(signInAs(stage, 'sara', password)).rejects.toMatchObject({ code: 'sign-in-refused' });
    await setUserEnabled(stage.admin.core, stage.signer.user.id, true);
    await signInAs(stage, 'sara', password);
  },
  async userIdRolePUT(stage) {
    await setUserRole(stage.admin.core, stage.signer.user.id, 'instructor');
    expect(stage.state.user(stage.signer.user.id).role).toBe('instructor');
  },
  async userIdIdentitiesGET(stage) {
    stage.state.addIdentity(stage.signer.user.id, {
      label: 'card',
      subjectCommonName: 'S',
      issuerCommonName: 'I',
      expiresAt: stage.clock.now() + 1000,
      providerData: { tokenInfo: { serialNumber: '1', manufacturerID: 'M' } },
    });
    expect(await listIdentities(stage.signer.core, stage.signer.user.id)).toMatchObject([{ label: 'card' }]);
  },
};
