import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toArray } from '../../../../main/providers/signing-today/list-items.ts';
import { changePasswordByToken } from '../../../../main/providers/signing-today/passwords.ts';
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
import { type Organisation, openOrganisation, refusalOf } from './organisation.ts';

let org: Organisation;
beforeEach(async () => {
  org = await openOrganisation();
});
afterEach(() => org.close());

const refused = { code: 'refused', status: 403 };
const badRequest = { code: 'refused', status: 400 };
const missing = { code: 'not-found', status: 404 };
const nobody = '00000000-0000-4000-8000-000000000000';
const dora = { username: 'dora', name: 'Dora', surname: 'Dietz', email: 'dora@demo.test' };

describe('users', () => {
  it('are listed, filtered and ordered', async () => {
    const names = async (options: Parameters<typeof listUsers>[1]) =>
      (await toArray(listUsers(org.as.signer, options))).map(({ username }) => username);
    const orderBy = { field: 'username', direction: 'desc' } as const;
    expect(await names({ orderBy })).toEqual(['signer', 'robot', 'instructor', 'admin']);
    expect(await names({ orderBy, filter: { field: 'role', operator: '==', value: 'instructor' }, top: 1 })).toEqual([
      'robot',
      'instructor',
    ]);
  });

  it('are created with a password, and sign in with their role’s capabilities', async () => {
    const id = await createUser(org.as.admin, { ...dora, role: 'instructor' }, 'dora’s password');
    const user = await currentUser(await org.signIn('dora', 'dora’s password'));
    expect(user).toMatchObject({ id, ...dora, domain: 'demo', role: 'instructor', createdBy: org.users.admin.id });
    expect(user.capabilities).toEqual([]);
  });

  it('without a password get a mail to choose one', async () => {
    await createUser(org.as.admin, dora);
    const [mail] = org.state.mails();
    expect(mail).toMatchObject({ to: dora.email, kind: 'welcome' });
    await changePasswordByToken(org.as.nobody, mail?.passwordToken ?? '', 'chosen by dora');
    expect((await currentUser(await org.signIn('dora', 'chosen by dora'))).username).toBe('dora');
  });

  it.each([
    ['a name that is taken', { ...dora, username: 'signer' }, badRequest],
    ['a name with an @', { ...dora, username: 'dora@demo' }, badRequest],
    ['no mail address', { ...dora, email: 'nowhere' }, badRequest],
    ['a group there is not', { ...dora, groups: [{ name: 'Nobody', domain: 'demo' }] }, badRequest],
    ['another organisation', { ...dora, domain: 'elsewhere' }, refused],
  ])('are not created with %s', async (_name, user, outcome) => {
    expect(await refusalOf(createUser(org.as.admin, user))).toEqual(outcome);
    expect(await toArray(listUsers(org.as.admin))).toHaveLength(4);
  });

  it('change their own particulars; groups and capabilities are for administrators', async () => {
    await createGroups(org.as.admin, [{ name: 'Notaries', domain: 'demo' }]);
    const { raw } = await readUser(org.as.signer, org.users.signer.id);
    const changed = { ...raw, name: 'Sabine', groups: [{ name: 'Notaries' }], capabilities: ['user.create.all'] };
    await updateUser(org.as.signer, org.users.signer.id, changed);
    const after = (await readUser(org.as.signer, org.users.signer.id)).user;
    expect(after).toMatchObject({ name: 'Sabine', groups: [], capabilities: [] });
    await updateUser(org.as.admin, org.users.signer.id, changed);
    expect((await readUser(org.as.signer, org.users.signer.id)).user).toMatchObject({
      groups: [{ name: 'Notaries', domain: 'demo' }],
      capabilities: ['user.create.all'],
    });
  });

  it('are given no more than who changes them has, himself least of all', async () => {
    const { id } = org.users.signer;
    await updateUser(org.as.admin, id, {
      ...(await readUser(org.as.admin, id)).raw,
      capabilities: ['organizations.access.write.user', 'dst.list.all'],
    });
    const { raw } = await readUser(org.as.signer, id);
    const more = { ...raw, capabilities: ['organizations.access.write.user', 'dst.list.all', 'dst.delete.all'] };
    expect(await refusalOf(updateUser(org.as.signer, id, more))).toEqual(refused);
    // What he has he may pass on, and give up.
    const other = org.users.instructor.id;
    const { raw: others } = await readUser(org.as.admin, other);
    await updateUser(org.as.signer, other, { ...others, capabilities: ['dst.list.all'] });
    await updateUser(org.as.signer, id, { ...raw, capabilities: ['dst.list.all'] });
    for (const each of [id, other]) {
      expect((await readUser(org.as.admin, each)).user.capabilities).toEqual(['dst.list.all']);
    }
  });

  it('do not change others, nor their own name, organisation or role by an update', async () => {
    const { raw } = await readUser(org.as.signer, org.users.signer.id);
    expect(await refusalOf(updateUser(org.as.instructor, org.users.signer.id, raw))).toEqual(refused);
    for (const change of [{ username: 'other' }, { domain: 'elsewhere' }, { role: 'admin' }]) {
      const update = updateUser(org.as.signer, org.users.signer.id, { ...raw, ...change });
      expect(await refusalOf(update)).toEqual(badRequest);
    }
    expect(await refusalOf(readUser(org.as.signer, nobody))).toEqual(missing);
  });

  it('that are disabled are signed out, cannot sign in, and are enabled again', async () => {
    const { id } = org.users.signer;
    await setUserEnabled(org.as.admin, id, false);
    expect(await refusalOf(currentUser(org.as.signer))).toEqual({ code: 'sign-in-expired', status: 401 });
    expect(await refusalOf(org.signIn('signer'))).toEqual({ code: 'sign-in-refused', status: 400 });
    expect((await readUser(org.as.admin, id)).user.deletedAt).toBe(org.clock.now());
    expect(await refusalOf(setUserRole(org.as.admin, id, 'instructor'))).toEqual({ code: 'stale', status: 409 });
    await setUserEnabled(org.as.admin, id, true);
    expect((await currentUser(await org.signIn('signer'))).id).toBe(id);
    expect(await refusalOf(setUserEnabled(org.as.admin, org.users.admin.id, false))).toEqual(refused);
    expect(await refusalOf(setUserEnabled(org.as.admin, nobody, false))).toEqual(missing);
  });

  it('get a role’s capabilities with the role; the last administrator stays one', async () => {
    await setUserRole(org.as.admin, org.users.signer.id, 'admin');
    await setUserRole(org.as.signer, org.users.admin.id, 'signer');
    expect((await readUser(org.as.signer, org.users.admin.id)).user).toMatchObject({
      role: 'signer',
      capabilities: [],
    });
    const last = setUserRole(org.as.signer, org.users.signer.id, 'instructor');
    expect(await refusalOf(last)).toEqual({ code: 'stale', status: 409 });
    expect(await refusalOf(setUserRole(org.as.admin, org.users.robot.id, 'admin'))).toEqual(refused);
  });

  it('show their identities to themselves and to administrators', async () => {
    org.state.addIdentity(org.users.signer.id, {
      label: 'card',
      subjectCommonName: 'S',
      issuerCommonName: 'I',
      expiresAt: org.clock.now() + 1000,
      providerData: { tokenInfo: { serialNumber: '1', manufacturerID: 'M' } },
    });
    expect(await listIdentities(org.as.signer, org.users.signer.id)).toMatchObject([{ label: 'card' }]);
    expect(await listIdentities(org.as.admin, org.users.signer.id)).toHaveLength(1);
    expect(await refusalOf(listIdentities(org.as.instructor, org.users.signer.id))).toEqual(refused);
  });
});

describe('groups', () => {
  it('are created once each, all or none, and listed', async () => {
    const domain = 'demo';
    await createGroups(org.as.admin, [
      { name: 'Notaries', domain },
      { name: 'Clinic', domain },
    ]);
    const names = async () =>
      (await toArray(listGroups(org.as.signer, { orderBy: { field: 'name', direction: 'asc' } }))).map(
        ({ name }) => name,
      );
    expect(await names()).toEqual(['Clinic', 'Notaries']);
    const again = createGroups(org.as.admin, [
      { name: 'Front desk', domain },
      { name: 'Clinic', domain },
    ]);
    expect(await refusalOf(again)).toEqual(badRequest);
    expect(await refusalOf(createGroups(org.as.admin, [{ name: 'X', domain: 'elsewhere' }]))).toEqual(refused);
    expect(await names()).toEqual(['Clinic', 'Notaries']);
  });
});
