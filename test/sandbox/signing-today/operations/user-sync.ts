/** Accounts another directory keeps: a person who signs in by SAML, and the whole list at once. */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Answer, json } from '../answers.ts';
import { refusal } from '../errors.ts';
import { requireCapability } from '../guards.ts';
import type { Role, User } from '../model.ts';
import type { DirectoryRecord } from '../records.ts';
import { readForm, readJson } from '../request-body.ts';
import { capabilitiesOf } from '../roles.ts';
import type { Call, Route, UserCall } from '../router.ts';
import { parseTimestamp, toTimestamp } from '../timestamps.ts';
import { needGroup } from './groups.ts';
import { openSession } from './services.ts';

interface Person {
  readonly principal: string;
  readonly name: string;
  readonly surname: string;
  readonly email?: string | undefined;
  readonly memberOf: readonly string[];
  /** Left as it is where it is not given; a new user is a signer. */
  readonly role?: Role | undefined;
}

const principalOf = (user: User) => user.extraData.eduPersonPrincipalName;

const knownAs = (draft: DirectoryRecord, domain: string, principal: string): User | undefined =>
  draft.users.find(({ user }) => user.domain === domain && principalOf(user) === principal)?.user;

/** Adds or updates one person's account; what was done, or undefined where nothing was to do. */
function keepInStep(
  draft: DirectoryRecord,
  domain: string,
  person: Person,
  at: number,
): 'inserted' | 'updated' | undefined {
  const { principal, name, surname } = person;
  const groups = person.memberOf.map((group) => needGroup(draft, group, domain));
  const known = knownAs(draft, domain, principal);
  if (!known) {
    const [local = principal] = principal.split('@');
    const taken = draft.users.some(({ user }) => user.domain === domain && user.username === local);
    const role = person.role ?? 'signer';
    const user: User = {
      id: randomUUID(),
      username: taken ? principal.replaceAll('@', '.') : local,
      domain,
      language: 'en',
      name,
      surname,
      email: person.email ?? principal,
      role,
      groups,
      capabilities: [...capabilitiesOf(role)],
      createdAt: toTimestamp(at),
      automatic: false,
      extraData: { eduPersonPrincipalName: principal },
    };
    draft.users.push({ user, password: randomUUID(), identities: [] });
    return 'inserted';
  }
  const before = JSON.stringify(known);
  Object.assign(known, { name, surname, groups, ...(person.email === undefined ? {} : { email: person.email }) });
  if (person.role !== undefined && person.role !== known.role) {
    known.role = person.role;
    known.capabilities = [...capabilitiesOf(person.role)];
  }
  return JSON.stringify(known) === before ? undefined : 'updated';
}

const syncBody = z
  .array(
    z.looseObject({
      eduPersonPrincipalName: z.string().min(1).max(200),
      isMemberOf: z.array(z.string().min(1)).default([]),
      givenName: z.string(),
      surname: z.string(),
      orgRole: z.enum(['admin', 'instructor', 'signer']).default('signer'),
    }),
  )
  .max(10_000);

/** The list is all there are: those kept in step before and not on it are disabled. Local users are left alone. */
async function sync({ state: { ledger }, request, user: actor }: UserCall): Promise<Answer> {
  requireCapability(actor, 'organizations.access.write.user');
  const given = await readJson(request, syncBody);
  const report = { deleted: 0, inserted: 0, updated: 0 };
  ledger.changeDirectory((draft) => {
    const at = ledger.clock.now();
    for (const { eduPersonPrincipalName: principal, isMemberOf, givenName, surname, orgRole } of given) {
      const person = { principal, name: givenName, surname, memberOf: isMemberOf, role: orgRole };
      const found = knownAs(draft, actor.domain, principal);
      const wasDisabled = found?.deletedAt !== undefined;
      const done = keepInStep(draft, actor.domain, person, at) ?? (wasDisabled ? 'updated' : undefined);
      // On the list again: the other directory says that he is of it.
      if (found) delete found.deletedAt;
      if (done) report[done] += 1;
    }
    const named = new Set<unknown>(given.map((each) => each.eduPersonPrincipalName));
    for (const { user } of draft.users) {
      const principal = principalOf(user);
      const isOurs = principal !== undefined && user.domain === actor.domain && user.id !== actor.id;
      if (!isOurs || named.has(principal) || user.deletedAt !== undefined) continue;
      user.deletedAt = toTimestamp(at);
      draft.sessions = draft.sessions.filter(({ userId }) => userId !== user.id);
      report.deleted += 1;
    }
    draft.effects.push(ledger.effect('users-synced', actor.id));
  });
  return json({ users: report });
}

const samlReply = z.looseObject({
  eduPersonPrincipalName: z.string().min(1).max(200),
  givenName: z.string(),
  surname: z.string(),
  rfc822Mailbox: z.string().optional(),
  isMemberOf: z.array(z.string()).optional(),
  groups: z.array(z.string()).optional(),
  _not_before: z.string().optional(),
  _not_onorafter: z.string().optional(),
});

/** @throws ApiError 409 where the seal does not hold, nothing is changed then */
function openReply(fields: ReadonlyMap<string, string>, key: string, now: number): z.infer<typeof samlReply> {
  const text = Buffer.from(fields.get('IDToken1') ?? '', 'base64');
  const seal = Buffer.from(fields.get('IDToken2') ?? '', 'hex');
  const wanted = createHmac('sha256', key).update(text).digest();
  if (seal.length !== wanted.length || !timingSafeEqual(seal, wanted))
    throw refusal(409, 'bad-seal', 'The seal is wrong');
  let value: unknown;
  try {
    value = JSON.parse(text.toString('utf8'));
  } catch {
    throw refusal(409, 'bad-reply', 'The reply is not JSON', 'IDToken1');
  }
  const reply = samlReply.safeParse(value);
  if (!reply.success) throw refusal(409, 'bad-reply', 'The reply lacks something', 'IDToken1');
  const from = parseTimestamp(reply.data._not_before ?? '') ?? Number.NEGATIVE_INFINITY;
  const until = parseTimestamp(reply.data._not_onorafter ?? '') ?? Number.POSITIVE_INFINITY;
  if (now < from || now >= until) throw refusal(409, 'not-now', 'The reply is not of this time', 'IDToken1');
  return reply.data;
}

/** Post/Redirect/Get: the frontend's page gets the token in its fragment, which no server sees. */
async function saml({ state, request, baseUrl }: Call): Promise<Answer> {
  const { ledger } = state;
  const fields = await readForm(request);
  const domain = fields.get('domain') ?? '';
  const now = ledger.clock.now();
  const reply = openReply(fields, state.samlKey, now);
  const userId = ledger.changeDirectory((draft) => {
    if (!draft.users.some(({ user }) => user.domain === domain))
      throw refusal(409, 'no-domain', 'No such domain', 'domain');
    const { eduPersonPrincipalName: principal, givenName: name, surname, rfc822Mailbox: email } = reply;
    const memberOf = reply.isMemberOf ?? reply.groups ?? [];
    if (knownAs(draft, domain, principal)?.deletedAt !== undefined)
      throw refusal(409, 'disabled', 'The account is disabled', 'IDToken1');
    keepInStep(draft, domain, { principal, name, surname, email, memberOf }, now);
    return knownAs(draft, domain, principal)?.id ?? '';
  });
  const session = openSession(state, userId, 'saml-sign-in');
  const page = new URL('/', baseUrl);
  page.hash = new URLSearchParams({ access_token: session.accessToken, token_type: 'bearer' }).toString();
  return { status: 303, headers: { location: page.href }, body: new Uint8Array() };
}

export const userSync: readonly Route[] = [
  { operationId: 'authSamlPOST', method: 'POST', path: '/auth/saml', auth: 'none', run: saml },
  { operationId: 'serviceUsersSyncPOST', method: 'POST', path: '/service/users/sync', auth: 'bearer', run: sync },
];
