/** Users: the people of one's own organisation, and a user's signing identities. */
import { json } from '../answers.ts';
import { notFound, refusal } from '../errors.ts';
import type { Fields } from '../filter.ts';
import { may } from '../guards.ts';
import { toPage } from '../listing.ts';
import type { User } from '../model.ts';
import type { UserRecord } from '../records.ts';
import type { Route, UserCall } from '../router.ts';
import { parseTimestamp } from '../timestamps.ts';

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
  automatic: { type: 'boolean', read: (user) => user.automatic },
};

/** A user of the caller's organisation. @throws ApiError 404 */
function requireUser({ state, user, params }: UserCall): UserRecord {
  const found = state.ledger.directory.users.find((each) => each.user.id === params.id);
  if (!found || found.user.domain !== user.domain) throw notFound('user');
  return found;
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
  {
    operationId: 'userIdGET',
    method: 'GET',
    path: '/user/{id}',
    auth: 'bearer',
    run: (call) => json(requireUser(call).user),
  },
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
