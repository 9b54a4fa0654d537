import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  changeOwnPassword,
  changePasswordByToken,
  changeServicePassword,
  getPasswordToken,
  reportLostPassword,
  resetPassword,
} from '../../../../main/providers/signing-today/passwords.ts';
import { logOut } from '../../../../main/providers/signing-today/services.ts';
import { currentUser } from '../../../../main/providers/signing-today/users.ts';
import { type Organisation, openOrganisation, password, refusalOf } from './organisation.ts';

let org: Organisation;
beforeEach(async () => {
  org = await openOrganisation();
});
afterEach(() => org.close());

const newPassword = 'battery "staple" \\ ü';
const signer = { username: 'signer', domain: 'demo' };
const signInRefused = { code: 'sign-in-refused', status: 400 };
const day = 24 * 3600 * 1000;
const lastMail = () => org.state.mails().at(-1)?.passwordToken ?? '';

async function expectPassword(works: string, refused: string, username = 'signer'): Promise<void> {
  expect(await refusalOf(org.signIn(username, refused))).toEqual(signInRefused);
  expect((await currentUser(await org.signIn(username, works))).username).toBe(username);
}

describe('one’s own password', () => {
  it('is changed by who knows the present one; other sessions end, this one goes on', async () => {
    const other = await org.signIn('signer');
    await changeOwnPassword(org.as.signer, { currentPassword: password, newPassword });
    await expectPassword(newPassword, password);
    expect((await currentUser(org.as.signer)).username).toBe('signer');
    expect(await refusalOf(currentUser(other))).toEqual({ code: 'sign-in-expired', status: 401 });
  });

  it.each([
    ['a wrong present one', 'not it', newPassword],
    ['one that is too short', password, 'short'],
  ])('is not changed with %s', async (_name, currentPassword, wanted) => {
    const change = changeOwnPassword(org.as.signer, { currentPassword, newPassword: wanted });
    expect(await refusalOf(change)).toEqual({ code: 'refused', status: 403 });
    await expectPassword(password, newPassword);
  });

  it('is changed by a token that a session asked for, once', async () => {
    const token = await getPasswordToken(org.as.signer);
    await changePasswordByToken(org.as.nobody, token, newPassword);
    await expectPassword(newPassword, password);
    const again = changePasswordByToken(org.as.nobody, token, 'another one');
    expect(await refusalOf(again)).toEqual({ code: 'stale', status: 409 });
  });

  it('that was lost is chosen anew by mail within a day; nobody learns whether a user exists', async () => {
    await reportLostPassword(org.as.nobody, { username: 'nobody', domain: 'demo' });
    expect(org.state.mails()).toEqual([]);
    await reportLostPassword(org.as.nobody, signer);
    const voided = lastMail();
    await reportLostPassword(org.as.nobody, signer);
    const stale = { code: 'stale', status: 409 };
    expect(await refusalOf(changePasswordByToken(org.as.nobody, voided, newPassword))).toEqual(stale);
    await expectPassword(password, newPassword);
    await changePasswordByToken(org.as.nobody, lastMail(), newPassword);
    await expectPassword(newPassword, password);
    await reportLostPassword(org.as.nobody, signer);
    org.advance(day);
    expect(await refusalOf(changePasswordByToken(org.as.nobody, lastMail(), 'too late now'))).toEqual(stale);
  });
});

describe('others’ passwords', () => {
  it('are reset by an administrator: the old one and its sessions end', async () => {
    await resetPassword(org.as.admin, signer);
    expect(await refusalOf(org.signIn('signer'))).toEqual(signInRefused);
    expect(await refusalOf(currentUser(org.as.signer))).toEqual({ code: 'sign-in-expired', status: 401 });
    await changePasswordByToken(org.as.nobody, lastMail(), newPassword);
    await expectPassword(newPassword, password);
  });

  it('are not reset by others, nor in another organisation', async () => {
    org.state.addUser({ username: 'eve', password, name: 'E', surname: 'E', domain: 'elsewhere' });
    const refused = { code: 'refused', status: 403 };
    expect(await refusalOf(resetPassword(org.as.instructor, signer))).toEqual(refused);
    const other = { username: 'eve', domain: 'elsewhere' };
    expect(await refusalOf(resetPassword(org.as.admin, other))).toEqual(refused);
    expect(org.state.mails()).toEqual([]);
  });

  it('of a service user are set by an administrator or itself, and of nobody else so', async () => {
    const robot = { username: 'robot', domain: 'demo' };
    await changeServicePassword(org.as.admin, robot, newPassword);
    await expectPassword(newPassword, password, 'robot');
    await changeServicePassword(org.as.robot, robot, 'its own choice');
    await expectPassword('its own choice', newPassword, 'robot');
    const stale = { code: 'stale', status: 409 };
    expect(await refusalOf(changeServicePassword(org.as.admin, signer, newPassword))).toEqual(stale);
    expect(await refusalOf(changeServicePassword(org.as.instructor, robot, newPassword))).toEqual(stale);
  });
});

describe('signing out', () => {
  it('ends this session alone', async () => {
    const other = await org.signIn('signer');
    await logOut(org.as.signer);
    expect(await refusalOf(currentUser(org.as.signer))).toEqual({ code: 'sign-in-expired', status: 401 });
    expect((await currentUser(other)).username).toBe('signer');
  });
});

it('no password is in an address or in an error', async () => {
  const secret = 'very secret words';
  const own = { currentPassword: secret, newPassword: secret };
  await changeServicePassword(org.as.admin, { username: 'robot', domain: 'demo' }, secret);
  const failures = [
    changeOwnPassword(org.as.signer, own),
    changePasswordByToken(org.as.nobody, 'no such token', secret),
    changeServicePassword(org.as.signer, signer, secret),
  ];
  for (const failure of await Promise.allSettled(failures)) {
    expect(failure.status).toBe('rejected');
    const { reason } = failure as PromiseRejectedResult;
    expect(`${JSON.stringify(reason)} ${String(reason)} ${String(reason.cause)}`).not.toContain('secret');
  }
  expect(org.server.requests.map(({ path, query }) => `${path}${query}`).join(' ')).not.toContain('secret');
});
