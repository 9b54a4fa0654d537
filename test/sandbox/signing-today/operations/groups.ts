/** Groups of users. */
import { z } from 'zod';
import { json, noContent } from '../answers.ts';
import { refusal } from '../errors.ts';
import type { Fields } from '../filter.ts';
import { requireCapability } from '../guards.ts';
import { toPage } from '../listing.ts';
import type { UserGroup } from '../model.ts';
import type { DirectoryRecord } from '../records.ts';
import { readJson } from '../request-body.ts';
import type { Route } from '../router.ts';

const GROUP_FIELDS: Fields<UserGroup> = {
  id: { type: 'number', read: (group) => group.id },
  name: { type: 'string', read: (group) => group.name },
  domain: { type: 'string', read: (group) => group.domain },
};

const newGroups = z.array(z.looseObject({ name: z.string().trim().min(1).max(200), domain: z.string().optional() }));

/** The group of this name, made where there is none. */
export function needGroup(draft: DirectoryRecord, name: string, domain: string): UserGroup {
  const known = draft.groups.find((each) => each.name === name && each.domain === domain);
  if (known) return known;
  const group = { id: draft.groups.reduce((most, { id }) => Math.max(most, id), 0) + 1, name, domain };
  draft.groups.push(group);
  return group;
}

export const groups: readonly Route[] = [
  {
    operationId: 'usersGroupsGET',
    method: 'GET',
    path: '/users/groups',
    auth: 'bearer',
    run: ({ state, user, query }) =>
      json(
        toPage(
          state.ledger.directory.groups.filter(({ domain }) => domain === user.domain),
          query,
          GROUP_FIELDS,
        ),
      ),
  },
  {
    operationId: 'usersGroupsPOST',
    method: 'POST',
    path: '/users/groups',
    auth: 'bearer',
    async run({ state: { ledger }, request, user }) {
      requireCapability(user, 'organizations.access.write.user');
      const given = await readJson(request, newGroups);
      ledger.changeDirectory((draft) => {
        for (const [index, { name, domain = user.domain }] of given.entries()) {
          if (domain !== user.domain) throw refusal(403, 'forbidden', 'Another organisation’s', `${index}.domain`);
          const taken = draft.groups.some((each) => each.name === name && each.domain === domain);
          if (taken) throw refusal(400, 'name-taken', 'There is a group of this name', `${index}.name`);
          needGroup(draft, name, domain);
        }
        draft.effects.push(ledger.effect('groups-added', user.id));
      });
      return noContent;
    },
  },
];
