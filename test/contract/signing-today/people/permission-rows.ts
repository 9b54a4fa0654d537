/** The table of who may do what with people, groups, passwords, devices and notifications: as each kind of user, and nobody. */
import { sealSamlReply } from '../../../../main/providers/signing-today/services.ts';
import type { Kind, Organisation } from './organisation.ts';

/** Statuses as signer, instructor, admin, robot, nobody. */
export type Statuses = readonly [number, number, number, number, number];

export interface Operation {
  readonly id: string;
  readonly method: string;
  path(org: Organisation, kind: Kind | undefined): string;
  readonly body?: (org: Organisation) => unknown;
  readonly statuses: Statuses;
}

const everybody: Statuses = [200, 200, 200, 200, 200];
const signedIn: Statuses = [200, 200, 200, 200, 401];
const signedInDone: Statuses = [204, 204, 204, 204, 401];
const admins: Statuses = [403, 403, 204, 403, 401];

const at = (path: string) => (): string => path;
const signerId = (org: Organisation) => org.users.signer.id;
const missingDst = '00000000-0000-4000-8000-000000000000';
const newUser = (org: Organisation) => ({
  user: { username: org.state.ledger.newUuid(), name: 'N', surname: 'N', email: 'n@demo.test' },
});

export const operations: readonly Operation[] = [
  { id: 'devicesGET', method: 'GET', path: at('/devices'), statuses: signedIn },
  {
    id: 'devicesGET of another',
    method: 'GET',
    path: (org) => `/devices?userId=${signerId(org)}`,
    statuses: [200, 401, 200, 401, 401],
  },
  { id: 'deviceAuthorizationGET', method: 'GET', path: at('/device/authorization'), statuses: signedIn },
  {
    id: 'deviceAuthorizationPOST',
    method: 'POST',
    path: at('/device/authorization'),
    body: () => ({ challenge: missingDst, deviceId: 'x', name: 'x' }),
    statuses: [401, 401, 401, 401, 401],
  },
  {
    id: 'deviceAuthorizationDELETE',
    method: 'DELETE',
    path: at('/device/authorization?deviceId=x'),
    statuses: signedInDone,
  },
  {
    id: 'deviceAuthorizationDELETE of another',
    method: 'DELETE',
    path: (org) => `/device/authorization?deviceId=x&userId=${signerId(org)}`,
    statuses: [204, 401, 204, 401, 401],
  },
  { id: 'notificationsDstsGET', method: 'GET', path: at('/notifications/dsts'), statuses: signedIn },
  {
    id: 'notificationsDstIdDELETE',
    method: 'DELETE',
    path: at(`/notifications/dst/${missingDst}`),
    statuses: signedInDone,
  },
  {
    id: 'notificationsPushTokenPOST',
    method: 'POST',
    path: at('/notifications/push-token'),
    body: () => ({ deviceId: 'not trusted', token: 'x' }),
    statuses: [409, 409, 409, 409, 401],
  },
  {
    id: 'notificationsPushTokenDELETE',
    method: 'DELETE',
    path: at('/notifications/push-token?deviceId=x'),
    statuses: signedInDone,
  },
  { id: 'authUser', method: 'GET', path: at('/auth/user'), statuses: signedIn },
  {
    id: 'authPasswordLostGET',
    method: 'GET',
    path: at('/auth/passwordLost?username=nobody&domain=demo'),
    statuses: [204, 204, 204, 204, 204],
  },
  { id: 'authPasswordTokenGET', method: 'GET', path: at('/auth/passwordToken'), statuses: signedIn },
  {
    id: 'authPasswordResetGET',
    method: 'GET',
    path: at('/auth/passwordReset?username=spare&domain=demo'),
    statuses: admins,
  },
  {
    id: 'authPasswordResetPOST',
    method: 'POST',
    path: at('/auth/passwordReset'),
    body: () => ({ currentPassword: 'not it', newPassword: 'long enough' }),
    statuses: [403, 403, 403, 403, 401],
  },
  {
    id: 'authChangePasswordPOST',
    method: 'POST',
    path: at('/auth/changePassword?passwordToken=x'),
    body: () => 'long enough',
    statuses: [409, 409, 409, 409, 409],
  },
  {
    id: 'serviceChangePasswordPOST',
    method: 'POST',
    path: at('/service/changePassword?username=robot&domain=demo'),
    body: () => 'long enough',
    statuses: [409, 409, 204, 204, 401],
  },
  {
    id: 'authSamlPOST with a wrong seal',
    method: 'POST',
    path: at('/auth/saml'),
    body: () => {
      const reply = { eduPersonPrincipalName: 'x@x', givenName: 'x', surname: 'x' };
      return new URLSearchParams({ domain: 'demo', ...sealSamlReply(reply, 'wrong') });
    },
    statuses: [409, 409, 409, 409, 409],
  },
  {
    id: 'serviceUsersSyncPOST',
    method: 'POST',
    path: at('/service/users/sync'),
    body: () => [],
    statuses: [403, 403, 200, 403, 401],
  },
  { id: 'configurationGet', method: 'GET', path: at('/service/configuration'), statuses: everybody },
  { id: 'usersGET', method: 'GET', path: at('/users'), statuses: signedIn },
  { id: 'usersPOST', method: 'POST', path: at('/users'), body: newUser, statuses: [403, 403, 201, 403, 401] },
  { id: 'usersGroupsGET', method: 'GET', path: at('/users/groups'), statuses: signedIn },
  { id: 'usersGroupsPOST', method: 'POST', path: at('/users/groups'), body: () => [], statuses: admins },
  { id: 'userIdGET', method: 'GET', path: (org) => `/user/${signerId(org)}`, statuses: signedIn },
  {
    id: 'userIdPUT',
    method: 'PUT',
    path: (org) => `/user/${signerId(org)}`,
    body: (org) => org.users.signer,
    statuses: [204, 403, 204, 403, 401],
  },
  {
    id: 'userIdDELETE',
    method: 'DELETE',
    path: (org) => `/user/${signerId(org)}?enabled=true`,
    statuses: admins,
  },
  {
    id: 'userIdRolePUT',
    method: 'PUT',
    path: (org) => `/user/${signerId(org)}/role?newRole=signer`,
    statuses: admins,
  },
  {
    id: 'userIdIdentitiesGET',
    method: 'GET',
    path: (org) => `/user/${signerId(org)}/identities`,
    statuses: [200, 403, 200, 403, 401],
  },
  // The last: it ends the sessions.
  { id: 'logoutUser', method: 'GET', path: at('/auth/logout'), statuses: signedInDone },
];
