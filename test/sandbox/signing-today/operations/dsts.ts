/** Digital Signature Transactions: list, read, fill, hand in, edit a draft, delete, and the audit trail. */
import { z } from 'zod';
import { json, noContent } from '../answers.ts';
import { isVisibleTo, requireVisible } from '../bearer.ts';
import { draftBody, editDraft, parseBody } from '../draft.ts';
import { fill } from '../dst-actions.ts';
import { touch } from '../dst-life.ts';
import { refusal } from '../errors.ts';
import type { Fields } from '../filter.ts';
import { may } from '../guards.ts';
import { handIn, handInBody } from '../hand-in.ts';
import { parseFlag, toPage } from '../listing.ts';
import type { Dst, User } from '../model.ts';
import { presentDst } from '../present.ts';
import type { DstRecord } from '../records.ts';
import { readJson } from '../request-body.ts';
import type { Route, UserCall } from '../router.ts';
import { parseTimestamp, toTimestamp } from '../timestamps.ts';
import { requireOwner } from './dst-workflow.ts';

const DST_FIELDS: Fields<Dst> = {
  id: { type: 'string', read: (dst) => dst.id },
  domain: { type: 'string', read: (dst) => dst.domain },
  title: { type: 'string', read: (dst) => dst.title },
  status: { type: 'string', read: (dst) => dst.status },
  errorMessage: { type: 'string', read: (dst) => dst.errorMessage },
  replaces: { type: 'string', read: (dst) => dst.replaces },
  replacedBy: { type: 'string', read: (dst) => dst.replacedBy },
  createdByUser: { type: 'string', read: (dst) => dst.createdByUser },
  createdAt: { type: 'date', read: (dst) => dst.createdAt },
  publishedAt: { type: 'date', read: (dst) => dst.publishedAt },
  expiresAt: { type: 'date', read: (dst) => dst.expiresAt },
  updatedAt: { type: 'date', read: (dst) => dst.updatedAt },
  urgent: { type: 'boolean', read: (dst) => dst.urgent },
  template: { type: 'boolean', read: (dst) => dst.template },
  publicTemplate: { type: 'boolean', read: (dst) => dst.publicTemplate },
  tags: { type: 'string', read: (dst) => dst.tags },
  ccGroups: { type: 'string', read: (dst) => dst.ccGroups },
  ccUsers: { type: 'string', read: (dst) => dst.ccUsers },
  visibleTo: { type: 'string', read: (dst) => dst.visibleTo },
  'documents.id': { type: 'number', read: (dst) => dst.documents.map(({ id }) => id) },
  'documents.status': { type: 'string', read: (dst) => dst.documents.map(({ status }) => status) },
  'resources.size': { type: 'number', read: (dst) => dst.resources.map(({ size }) => size) },
};

/** Whose DSTs are listed: one's own, or with the capability another user's. @throws ApiError 403, 400 */
function requireListed({ state, user, query }: UserCall): User {
  const id = query.get('userId') ?? user.id;
  if (id === user.id) return user;
  if (!may(user, 'dst.list.all')) throw refusal(403, 'forbidden', 'Only your own DSTs', 'userId');
  const found = state.ledger.directory.users.find((each) => each.user.id === id);
  if (!found || found.user.domain !== user.domain) throw refusal(400, 'unknown-user', 'No such user', 'userId');
  return found.user;
}

function list(call: UserCall) {
  const listed = requireListed(call);
  const templates = parseFlag(call.query, 'template');
  const seen = call.state.ledger
    .records()
    .filter((record) => record.dst.template === templates && isVisibleTo(record, listed))
    .map(({ dst }) => dst);
  const page = toPage(seen, call.query, DST_FIELDS);
  return json({ ...page, values: page.values.map((dst) => presentDst(dst, call.baseUrl)) });
}

/**
 * PUT of a published DST takes in signatures and declines and passes over the rest; PUT of a draft edits it.
 * The DST must come back with the updatedAt it has now.
 */
async function put({ state: { ledger }, request, user, params, baseUrl }: UserCall) {
  const body = await readJson(request, handInBody);
  const dst = await ledger.changeDst(params.id ?? '', async (draft) => {
    requireVisible(draft, user);
    const readAt = parseTimestamp(body.updatedAt);
    if (readAt === undefined) throw refusal(400, 'invalid', 'Not a date-time', 'updatedAt');
    if (readAt !== parseTimestamp(draft.dst.updatedAt))
      throw refusal(409, 'stale', 'The DST has changed meanwhile', 'updatedAt');
    const at = ledger.clock.now();
    if (draft.dst.status === 'draft') {
      requireOwner(draft, user);
      editDraft(ledger, draft, parseBody(draftBody, body));
      touch(draft, at);
      draft.effects.push(ledger.effect('dst-edited', user.id, { dstId: draft.dst.id }));
      return draft.dst;
    }
    for (const added of await handIn(draft, user, body, ledger.contents, at)) {
      const { documentId, signatureRequestId, extraData } = added;
      const about = { dstId: draft.dst.id, documentId, signatureRequestId };
      draft.effects.push(
        added.status === 'declined'
          ? ledger.effect('decline', user.id, about)
          : ledger.effect('signature', user.id, { ...about, resourceId: String(extraData.resourceId) }),
      );
    }
    return draft.dst;
  });
  return json(presentDst(dst, baseUrl));
}

const fillBody = z.looseObject({
  id: z.int(),
  documentId: z.int(),
  extraData: z.looseObject({ value: z.string() }),
});

async function patchFill({ state: { ledger }, request, user, params, baseUrl }: UserCall) {
  const body = await readJson(request, fillBody);
  const dst = await ledger.changeDst(params.id ?? '', async (draft) => {
    requireVisible(draft, user);
    const asked = { documentId: body.documentId, formId: body.id, value: body.extraData.value };
    await fill(ledger, draft, user, asked, ledger.clock.now());
    const about = { dstId: draft.dst.id, documentId: body.documentId, formId: body.id };
    draft.effects.push(ledger.effect('fill', user.id, about));
    return draft.dst;
  });
  return json(presentDst(dst, baseUrl));
}

async function remove({ state: { ledger }, user, params }: UserCall) {
  await ledger.changeDst(params.id ?? '', (draft) => {
    requireVisible(draft, user);
    if (draft.dst.createdByUser !== user.id && !may(user, 'dst.delete.all'))
      throw refusal(403, 'forbidden', 'Only its creator deletes a DST');
    draft.dst.deletedAt = toTimestamp(ledger.clock.now());
    touch(draft, ledger.clock.now());
    draft.effects.push(ledger.effect('dst-deleted', user.id, { dstId: draft.dst.id }));
  });
  return noContent;
}

const visible = ({ state, user, params }: UserCall): DstRecord =>
  requireVisible(state.ledger.record(params.id ?? ''), user);

export const dsts: readonly Route[] = [
  { operationId: 'dSTsGET', method: 'GET', path: '/DSTs', auth: 'bearer', run: list },
  {
    operationId: 'dSTIdGET',
    method: 'GET',
    path: '/DST/{id}',
    auth: 'bearer',
    run: (call) => json(presentDst(visible(call).dst, call.baseUrl)),
  },
  { operationId: 'dSTIdPUT', method: 'PUT', path: '/DST/{id}', auth: 'bearer', run: put },
  { operationId: 'dSTIdDELETE', method: 'DELETE', path: '/DST/{id}', auth: 'bearer', run: remove },
  { operationId: 'dSTIdFillPATCH', method: 'PATCH', path: '/DST/{id}/fill', auth: 'bearer', run: patchFill },
  {
    operationId: 'dSTIdAuditGET',
    method: 'GET',
    path: '/DST/{id}/audit',
    auth: 'bearer',
    run: (call) => json(visible(call).audit),
  },
];
