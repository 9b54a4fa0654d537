/** Who is calling: access tokens, and what a user may see. */
import type { IncomingMessage } from 'node:http';
import { notFound, refusal } from './errors.ts';
import { hasRole, may } from './guards.ts';
import type { User } from './model.ts';
import type { DstRecord, Session } from './records.ts';
import { signersOf } from './signing-order.ts';
import type { SigningTodayState } from './state.ts';

/** The session of the request's bearer token (RFC 6750, 2.1). @throws ApiError 401 */
export function requireSession(state: SigningTodayState, request: IncomingMessage): { user: User; session: Session } {
  const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const { sessions, users, robots = [] } = state.ledger.directory;
  const robot = token === undefined ? undefined : robots.find((each) => each.token === token);
  const session = robot
    ? { accessToken: token ?? '', refreshToken: '', userId: robot.userId, expiresAt: Number.POSITIVE_INFINITY }
    : sessions.find((each) => token !== undefined && each.accessToken === token);
  const found = session && users.find(({ user }) => user.id === session.userId);
  if (!session || !found || found.user.deletedAt !== undefined)
    throw refusal(401, 'unauthorized', 'A valid access token is needed');
  if (session.expiresAt <= state.ledger.clock.now())
    throw refusal(401, 'token-expired', 'The access token has expired');
  return { user: found.user, session };
}

/**
 * Its creator sees a DST at any time; once published also its signers, those it is visible to and those informed. A public
 * template is seen by everybody who makes DSTs.
 */
export function isVisibleTo({ dst }: DstRecord, user: User): boolean {
  if (dst.deletedAt !== undefined || dst.domain !== user.domain) return false;
  if (dst.createdByUser === user.id || may(user, 'dst.list.all')) return true;
  if (dst.template) {
    const makes = hasRole(user, 'instructor') || may(user, 'dst.create.modify_all');
    return dst.publicTemplate && dst.status === 'published' && makes;
  }
  if (dst.status === 'draft' || dst.status === 'downloadingInDraft' || dst.status === 'downloadingInPublished')
    return false;
  const groups = new Set(user.groups.map(({ name }) => name));
  return (
    dst.visibleTo.includes(user.id) ||
    dst.ccUsers.includes(user.id) ||
    dst.ccGroups.some((name) => groups.has(name)) ||
    dst.documents.some((document) => signersOf(document).some(({ userUUID }) => userUUID === user.id))
  );
}

/** The DST as the user may see it; one that is hidden from them is not there. @throws ApiError 404 */
export function requireVisible(record: DstRecord | undefined, user: User): DstRecord {
  if (!record || !isVisibleTo(record, user)) throw notFound('DST');
  return record;
}
