/** Users: the people of one's own organisation, their roles, and a user's signing identities. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, json, noContent } from '../answers.ts';
import { ApiError, notFound, refusal } from '../errors.ts';
import type { Fields } from '../filter.ts';
import { may, requireCapability, requireRole } from '../guards.ts';
import { parseFlag, toPage } from '../listing.ts';
import type { Role, User, UserGroup } from '../model.ts';
import type { DirectoryRecord, UserRecord } from '../records.ts';
import { readJson } from '../request-body.ts';
import { capabilities, capabilitiesOf } from '../roles.ts';
import type { Route, UserCall } from '../router.ts';
import { parseTimestamp, toTimestamp } from '../timestamps.ts';
import { mailToken } from './passwords.ts';

const USER_FIELDS: Fields<User> = {
  id: { type: 'string', read: (user) => user.id },
  username: { type: 'string', read: (user) => user.username },
  domain: { type: 'string', read: (user) => user.domain },
  language: { type: 'string', read: (user) => user.language },
  name: { type: 'string', read: (user) => user.name },
  surname: { type: 'string', read: (user) => user.surname },
  email: { type: 'string', read: (user) => user.email },
  role: { type: 'string', read: (user) => user.role },
  groups: { type: 'string', read: (user) => user.groups.map(({ name }) => name) },
  createdAt: { type: 'date', read: (user) => user.createdAt },
  deletedAt: { type: 'date', read: (user) => user.deletedAt },
  automatic: { type: 'boolean', read: (user) => user.automatic },
};

const role = z.enum(['admin', 'instructor', 'signer']);
const userBody = z.looseObject({
  username: z
    .string()
    .max(200)
    .regex(/^[^\s@]+$/),
  name: z.string().max(200),
  surname: z.string().max(200),
  email: z.email().max(320),
  domain: z.string().optional(),
  language: z.enum(['it', 'en', 'es', 'fr']).optional(),
  phone: z.string().max(50).optional(),
  role: role.optional(),
  groups: z.array(z.looseObject({ name: z.string(), domain: z.string().optional() })).optional(),
  capabilities: z.array(z.enum(capabilities)).optional(),
  automatic: z.boolean().optional(),
  extraData: z.looseObject({}).optional(),
});
type UserBody = z.infer<typeof userBody>;
const creation = z.looseObject({ user: userBody, password: z.string().min(8).max(200).optional() });

/** A user of the caller's organisation. @throws ApiError 404 */
function requireUser(
  { state, user, params }: UserCall,
  directory: DirectoryRecord = state.ledger.directory,
): UserRecord {
  const found = directory.users.find((each) => each.user.id === params.id);
  if (!found || found.user.domain !== user.domain) throw notFound('user');
  return found;
}

/** @throws ApiError 400 where one is none of the organisation's */
function knownGroups(draft: DirectoryRecord, body: UserBody, domain: string): UserGroup[] {
  return (body.groups ?? []).map(({ name }, index) => {
    const group = draft.groups.find((each) => each.name === name && each.domain === domain);
    if (!group) throw refusal(400, 'unknown-group', 'No such group', `groups.${index}.name`);
    return group;
  });
}

const isTaken = (draft: DirectoryRecord, username: string, domain: string) =>
  draft.users.some(({ user }) => user.username === username && user.domain === domain);

async function create(call: UserCall): Promise<Answer> {
  const { user: actor, state } = call;
  const { ledger } = state;
  requireCapability(actor, 'user.create.all');
  const { user: body, password } = await readJson(call.request, creation);
  const { domain = actor.domain, language = 'en', role: given = 'signer' } = body;
  if (domain !== actor.domain) throw refusal(403, 'forbidden', 'Another organisation’s', 'user.domain');
  // Who may add users gives nobody more than he has.
  if (given === 'admin') requireRole(actor, 'admin');
  for (const capability of body.capabilities ?? []) requireCapability(actor, capability);
  const now = ledger.clock.now();
  const id = ledger.newUuid();
  ledger.changeDirectory((draft) => {
    if (isTaken(draft, body.username, domain))
      throw refusal(400, 'name-taken', 'There is a user of this name', 'user.username');
    const user: User = {
      id,
      username: body.username,
      domain,
      language,
      name: body.name,
      surname: body.surname,
      email: body.email,
      ...(body.phone === undefined ? {} : { phone: body.phone }),
      role: given,
      groups: knownGroups(draft, body, domain),
      capabilities: [...(body.capabilities ?? capabilitiesOf(given))],
      createdBy: actor.id,
      createdAt: toTimestamp(now),
      automatic: body.automatic ?? false,
      extraData: body.extraData ?? {},
    };
    draft.users.push({ user, password: password ?? randomUUID(), identities: [] });
    if (password === undefined) mailToken(draft, user, 'welcome', now);
    draft.effects.push(ledger.effect('user-added', actor.id));
  });
  return json(id, 201);
}

/** What a user may not change by an update: it has operations of its own, or none. */
function fixedFields(user: User, body: UserBody): string[] {
  const differs = { username: body.username !== user.username, domain: (body.domain ?? user.domain) !== user.domain };
  const roleDiffers = (body.role ?? user.role) !== user.role;
  return [
    ...(differs.username ? ['username'] : []),
    ...(differs.domain ? ['domain'] : []),
    ...(roleDiffers ? ['role'] : []),
  ];
}

async function update(call: UserCall): Promise<Answer> {
  const { user: actor, state } = call;
  const { ledger } = state;
  const target = requireUser(call).user;
  const administers = may(actor, 'organizations.access.write.user');
  if (target.id !== actor.id && !administers) throw refusal(403, 'forbidden', 'The user is somebody else');
  const body = await readJson(call.request, userBody);
  // Who may change users gives nobody more than he has, himself included.
  const added = administers ? (body.capabilities ?? []).filter((each) => !target.capabilities.includes(each)) : [];
  for (const capability of added) requireCapability(actor, capability);
  const fixed = fixedFields(target, body);
  if (fixed.length > 0) {
    const message = 'This is not changed by an update';
    throw new ApiError(
      400,
      fixed.map((field) => ({ code: 'fixed', message, target: field })),
    );
  }
  ledger.changeDirectory((draft) => {
    const { user } = requireUser(call, draft);
    const { name, surname, email, language = user.language, phone, extraData = {} } = body;
    // By this name another directory knows him: it is not his own to choose.
    const { eduPersonPrincipalName: _, ...chosen } = extraData;
    const { eduPersonPrincipalName: kept } = user.extraData;
    const known = kept === undefined ? {} : { eduPersonPrincipalName: kept };
    Object.assign(user, {
      name,
      surname,
      email,
      language,
      extraData: administers ? extraData : { ...chosen, ...known },
    });
    if (phone === undefined) delete user.phone;
    else user.phone = phone;
    if (administers) {
      user.groups = knownGroups(draft, body, user.domain);
      user.capabilities = [...(body.capabilities ?? user.capabilities)];
    }
    draft.effects.push(ledger.effect('user-edited', actor.id));
  });
  return noContent;
}

/** Disabled, a user stays known, is signed out everywhere and can be enabled again. */
function enable(call: UserCall): Answer {
  const { user: actor, state } = call;
  const { ledger } = state;
  requireCapability(actor, 'user.delete.all');
  const enabled = parseFlag(call.query, 'enabled');
  if (requireUser(call).user.id === actor.id) throw refusal(403, 'own-account', 'Nobody shuts themselves out');
  ledger.changeDirectory((draft) => {
    const { user } = requireUser(call, draft);
    if (enabled) delete user.deletedAt;
    else {
      user.deletedAt ??= toTimestamp(ledger.clock.now());
      draft.sessions = draft.sessions.filter(({ userId }) => userId !== user.id);
    }
    draft.effects.push(ledger.effect(enabled ? 'user-enabled' : 'user-disabled', actor.id));
  });
  return noContent;
}

const isAdmin = ({ user }: UserRecord, domain: string) =>
  user.role === 'admin' && user.domain === domain && user.deletedAt === undefined;

function changeRole(call: UserCall): Answer {
  const { user: actor, state } = call;
  const { ledger } = state;
  requireCapability(actor, 'organizations.access.write.user');
  const parsed = role.safeParse(call.query.get('newRole'));
  if (!parsed.success) throw refusal(400, 'invalid', 'admin, instructor or signer', 'newRole');
  const newRole: Role = parsed.data;
  ledger.changeDirectory((draft) => {
    const found = requireUser(call, draft);
    if (found.user.deletedAt !== undefined) throw refusal(409, 'disabled', 'The user is disabled');
    const admins = draft.users.filter((each) => isAdmin(each, actor.domain));
    if (newRole !== 'admin' && admins.length === 1 && admins[0] === found)
      throw refusal(409, 'last-admin', 'Somebody has to administer');
    found.user.role = newRole;
    found.user.capabilities = [...capabilitiesOf(newRole)];
    draft.effects.push(ledger.effect('role-changed', actor.id));
  });
  return noContent;
}

export const users: readonly Route[] = [
  {
    operationId: 'usersGET',
    method: 'GET',
    path: '/users',
    auth: 'bearer',
    run({ state, user, query }) {
      const people = state.ledger.directory.users.map((each) => each.user);
      const own = people.filter(({ domain }) => domain === user.domain);
      return json(toPage(own, query, USER_FIELDS));
    },
  },
  { operationId: 'usersPOST', method: 'POST', path: '/users', auth: 'bearer', run: create },
  {
    operationId: 'userIdGET',
    method: 'GET',
    path: '/user/{id}',
    auth: 'bearer',
    run: (call) => json(requireUser(call).user),
  },
  { operationId: 'userIdPUT', method: 'PUT', path: '/user/{id}', auth: 'bearer', run: update },
  { operationId: 'userIdDELETE', method: 'DELETE', path: '/user/{id}', auth: 'bearer', run: enable },
  { operationId: 'userIdRolePUT', method: 'PUT', path: '/user/{id}/role', auth: 'bearer', run: changeRole },
  {
    operationId: 'userIdIdentitiesGET',
    method: 'GET',
    path: '/user/{id}/identities',
    auth: 'bearer',
    run(call) {
      const found = requireUser(call);
      if (found.user.id !== call.user.id && !may(call.user, 'user.access.all'))
        throw refusal(403, 'forbidden', 'The identities are somebody else’s');
      const now = call.state.ledger.clock.now();
      const valid = (expireDate: string) => (parseTimestamp(expireDate) ?? 0) > now;
      return json(found.identities.map((each) => ({ ...each, valid: valid(each.expireDate) })));
    },
  },
];
