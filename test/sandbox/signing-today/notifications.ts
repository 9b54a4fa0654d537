/** What people are told of a DST: read off the difference between two states of its record. */
import type { AuditEvent, Dst, NotificationEvent, NotificationKind, User } from './model.ts';
import type { DstRecord } from './records.ts';
import { isTurn, signatureFor, signerOf, signersOf, unfilledForms } from './signing-order.ts';
import { toTimestamp } from './timestamps.ts';

export type NewNotification = Omit<NotificationEvent, 'id'>;

/** Those who have something to fill now. */
function fillers(dst: Dst): Set<string> {
  if (dst.status !== 'toFill') return new Set();
  const signers = dst.documents.flatMap((document) =>
    unfilledForms(document).map((form) => signerOf(document, form.signerId)?.userUUID),
  );
  return new Set(signers.filter((id) => id !== undefined));
}

/** Those whose turn it is to sign. */
function signers(dst: Dst): Set<string> {
  if (dst.status !== 'toSign') return new Set();
  const open = dst.documents.flatMap((document) =>
    document.signatureRequests
      .filter((request) => !signatureFor(dst, document.id, request.id) && isTurn(dst, document, request))
      .map((request) => signerOf(document, request.signerId)?.userUUID),
  );
  return new Set(open.filter((id) => id !== undefined));
}

function audience(dst: Dst, people: readonly User[]): Set<string> {
  const groups = new Set(dst.ccGroups);
  return new Set([
    dst.createdByUser,
    ...dst.visibleTo,
    ...dst.ccUsers,
    ...people.filter((user) => user.groups.some(({ name }) => groups.has(name))).map(({ id }) => id),
    ...dst.documents.flatMap(signersOf).flatMap(({ userUUID }) => userUUID ?? []),
  ]);
}

const told: { readonly [E in AuditEvent]?: NotificationKind } = {
  event_published: 'dst_status_published',
  stage_expired: 'dst_status_expired',
  stage_rejected: 'dst_status_rejected',
  stage_signed: 'dst_status_signed',
  event_note_add: 'dst_alert_note_added',
  event_note_modify: 'dst_alert_note_modified',
  event_note_delete: 'dst_alert_note_deleted',
};

/** What is new in `after`; the person who did it is not told of it. Pure. */
export function newNotifications(
  before: DstRecord | undefined,
  after: DstRecord,
  people: readonly User[],
  now: number,
): NewNotification[] {
  const { dst } = after;
  if (dst.status === 'draft' || dst.template) return [];
  const made: NewNotification[] = [];
  const tell = (ids: Iterable<string>, event: NotificationKind, time: string, but?: string) => {
    for (const userId of ids) {
      const user = people.find(({ id }) => id === userId);
      if (!user || userId === but) continue;
      const { username, email } = user;
      made.push({ time, dstId: dst.id, userId, dstTitle: dst.title, username, email, event });
    }
  };
  const everyone = audience(dst, people);
  for (const record of after.audit.slice(before?.audit.length ?? 0)) {
    const event = told[record.event];
    if (event) tell(everyone, event, record.at, record.signer?.userUUID);
    if (record.event !== 'event_solicitation') continue;
    tell(fillers(dst), 'dst_alert_fill', record.at);
    tell(signers(dst), 'dst_alert_sign', record.at);
  }
  const at = toTimestamp(now);
  if (dst.status === 'error' && before?.dst.status !== 'error') tell(everyone, 'dst_status_error', at);
  const fresh = (find: (of: Dst) => Set<string>) => {
    const known = before ? find(before.dst) : new Set();
    return [...find(dst)].filter((id) => !known.has(id));
  };
  tell(fresh(fillers), 'dst_alert_fill', at);
  tell(fresh(signers), 'dst_alert_sign', at);
  return made;
}
