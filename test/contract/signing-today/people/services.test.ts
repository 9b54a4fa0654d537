import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toArray } from '../../../../main/providers/signing-today/list-items.ts';
import { createRequestCore } from '../../../../main/providers/signing-today/request-core.ts';
import {
  getConfiguration,
  type SyncedUser,
  sealSamlReply,
  signInBySaml,
  syncUsers,
} from '../../../../main/providers/signing-today/services.ts';
import {
  currentUser,
  listGroups,
  listUsers,
  readUser,
  setUserEnabled,
  updateUser,
} from '../../../../main/providers/signing-today/users.ts';
import type { SamlReply } from '../../../../preload/model.ts';
import { type Organisation, openOrganisation, refusalOf } from './organisation.ts';

let org: Organisation;
beforeEach(async () => {
  org = await openOrganisation();
});
afterEach(() => org.close());

const reply: SamlReply = {
  eduPersonPrincipalName: 'eva@clinic.test',
  givenName: 'Eva',
  surname: 'Ekman',
  rfc822Mailbox: 'eva.ekman@clinic.test',
  isMemberOf: ['ward:3'],
};
const stale = { code: 'stale', status: 409 };
const signIn = (given: SamlReply, key = org.state.samlKey, domain = 'demo') =>
  signInBySaml(org.as.nobody, { domain, ...sealSamlReply(given, key) });

function withTokenOf(page: URL) {
  const token = new URLSearchParams(page.hash.slice(1)).get('access_token') ?? '';
  const authorizer = { current: async () => `Bearer ${token}` };
  return createRequestCore({ http: org.http, clock: org.clock, baseUrl: org.server.url, authorizer });
}

describe('signing in by SAML', () => {
  it('registers the person, and sends the browser to the frontend with a token in the fragment', async () => {
    const page = await signIn(reply);
    expect([page.origin, page.search]).toEqual([new URL(org.server.url).origin, '']);
    expect(await currentUser(withTokenOf(page))).toMatchObject({
      username: 'eva',
      name: 'Eva',
      email: 'eva.ekman@clinic.test',
      role: 'signer',
      groups: [{ name: 'ward:3' }],
    });
  });

  it('updates who is known, and makes nobody twice', async () => {
    await signIn(reply);
    const page = await signIn({ ...reply, surname: 'Nilsson' });
    expect(await currentUser(withTokenOf(page))).toMatchObject({ surname: 'Nilsson' });
    expect(await toArray(listUsers(org.as.admin))).toHaveLength(5);
  });

  it.each([
    ['a seal with another key', reply, 'another key'],
    ['a reply that is not good yet', { ...reply, _not_before: '2024-06-01T08:00:01Z' }, undefined],
    ['a reply that is over', { ...reply, _not_onorafter: '2024-06-01T08:00:00Z' }, undefined],
  ])('refuses %s', async (_name, given, key) => {
    expect(await refusalOf(signIn(given, key))).toEqual(stale);
    expect(await toArray(listUsers(org.as.admin))).toHaveLength(4);
  });

  it.each(['IDToken1', 'IDToken2'] as const)('refuses a form whose %s was changed by one bit', async (field) => {
    const sealed = sealSamlReply(reply, org.state.samlKey);
    const bytes = Buffer.from(sealed[field], field === 'IDToken1' ? 'base64' : 'hex');
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    const changed = { ...sealed, [field]: bytes.toString(field === 'IDToken1' ? 'base64' : 'hex') };
    expect(await refusalOf(signInBySaml(org.as.nobody, { domain: 'demo', ...changed }))).toEqual(stale);
  });

  it('gives nobody back an account that an administrator has disabled, nor another’s', async () => {
    const eva = await currentUser(withTokenOf(await signIn(reply)));
    const { raw } = await readUser(org.as.signer, org.users.signer.id);
    const claim = { ...raw, extraData: { eduPersonPrincipalName: reply.eduPersonPrincipalName } };
    await updateUser(org.as.signer, org.users.signer.id, claim);
    expect((await currentUser(withTokenOf(await signIn(reply)))).id).toBe(eva.id);
    await setUserEnabled(org.as.admin, eva.id, false);
    expect(await refusalOf(signIn(reply))).toEqual(stale);
  });

  it('refuses an organisation there is not', async () => {
    expect(await refusalOf(signIn(reply, org.state.samlKey, 'elsewhere'))).toEqual(stale);
  });

  it('takes an answer without a redirect for no answer', async () => {
    org.server.misbehave({ kind: 'html', for: /saml/ });
    expect(await refusalOf(signIn(reply))).toMatchObject({ code: 'bad-response' });
  });
});

describe('the sync of users', () => {
  const person = (name: string, more: Partial<SyncedUser> = {}): SyncedUser => ({
    eduPersonPrincipalName: `${name}@clinic.test`,
    isMemberOf: ['ward:3'],
    givenName: name,
    surname: 'Synced',
    orgRole: 'signer',
    ...more,
  });
  const report = async (...users: SyncedUser[]) => (await syncUsers(org.as.admin, users)).users;

  it('adds, changes and disables, reports how many, and leaves local users alone', async () => {
    expect(await report(person('eva'), person('finn'))).toEqual({ inserted: 2, updated: 0, deleted: 0 });
    expect(await report(person('eva'), person('finn'))).toEqual({ inserted: 0, updated: 0, deleted: 0 });
    const changes = [person('eva', { orgRole: 'instructor' }), person('gro')];
    expect(await report(...changes)).toEqual({ inserted: 1, updated: 1, deleted: 1 });
    const users = await toArray(listUsers(org.as.admin));
    const state = Object.fromEntries(users.map((each) => [each.username, [each.role, each.deletedAt !== undefined]]));
    expect(state).toEqual({
      signer: ['signer', false],
      instructor: ['instructor', false],
      admin: ['admin', false],
      robot: ['instructor', false],
      eva: ['instructor', false],
      finn: ['signer', true],
      gro: ['signer', false],
    });
    expect((await toArray(listGroups(org.as.admin))).map(({ name }) => name)).toEqual(['ward:3']);
  });

  it('enables again who comes back', async () => {
    await report(person('eva'));
    expect(await report()).toEqual({ inserted: 0, updated: 0, deleted: 1 });
    expect(await report(person('eva'))).toEqual({ inserted: 0, updated: 1, deleted: 0 });
  });

  it('changes nothing for a list with a fault in it', async () => {
    const faulty = [person('eva'), { ...person('finn'), orgRole: 'emperor' as never }];
    expect(await refusalOf(syncUsers(org.as.admin, faulty))).toEqual({ code: 'refused', status: 400 });
    expect(await toArray(listUsers(org.as.admin))).toHaveLength(4);
  });
});

it('gives the public configuration to anybody', async () => {
  expect(await getConfiguration(org.as.nobody)).toHaveProperty('signingService');
});
