/** Notifications: everybody's own, newest first, until they are cleared. */
import { json, noContent } from '../answers.ts';
import { toSlice } from '../listing.ts';
import type { Route } from '../router.ts';

export const notifications: readonly Route[] = [
  {
    operationId: 'notificationsDstsGET',
    method: 'GET',
    path: '/notifications/dsts',
    auth: 'bearer',
    run({ state, user, query }) {
      const own = state.ledger
        .records()
        .flatMap((record) => record.notifications ?? [])
        .filter(({ userId }) => userId === user.id)
        .sort((a, b) => b.time.localeCompare(a.time) || b.id - a.id);
      return json(toSlice(own, query));
    },
  },
  {
    operationId: 'notificationsDstIdDELETE',
    method: 'DELETE',
    path: '/notifications/dst/{id}',
    auth: 'bearer',
    async run({ state: { ledger }, user, params }) {
      const record = ledger.record(params.id ?? '');
      // No 404 is documented: of a DST that is not there nothing is unread.
      if (!record?.notifications?.some(({ userId }) => userId === user.id)) return noContent;
      await ledger.changeDst(record.dst.id, (draft) => {
        draft.notifications = (draft.notifications ?? []).filter(({ userId }) => userId !== user.id);
        draft.effects.push(ledger.effect('notifications-cleared', user.id, { dstId: draft.dst.id }));
      });
      return noContent;
    },
  },
];
