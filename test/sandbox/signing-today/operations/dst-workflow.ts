/** The steps of a DST that its maker takes: create, publish, take back, remind, make others from it; and where it is signed. */
import { type Answer, json, noContent } from '../answers.ts';
import { requireVisible } from '../bearer.ts';
import { copyDst } from '../copies.ts';
import { draftBody, editDraft, newDraft, requirePublishable } from '../draft.ts';
import { addAudit, isLive, publish, takeBack, touch } from '../dst-life.ts';
import { notFound, refusal } from '../errors.ts';
import { hasRole, may } from '../guards.ts';
import type { Dst, User } from '../model.ts';
import { presentDst } from '../present.ts';
import type { DstRecord, EffectKind } from '../records.ts';
import { readJson } from '../request-body.ts';
import type { Route, UserCall } from '../router.ts';
import { isSigned, isTurn, signerOf } from '../signing-order.ts';

/** Instructors make DSTs; so does who has the capability. @throws ApiError 403 */
export function requireMaker(user: User): void {
  if (!hasRole(user, 'instructor') && !may(user, 'dst.create.modify_all'))
    throw refusal(403, 'forbidden', 'Only instructors make DSTs');
}

/** Its maker, or who may change all. @throws ApiError 403 */
export function requireOwner({ dst }: DstRecord, user: User): void {
  if (may(user, 'dst.create.modify_all')) return;
  requireMaker(user);
  if (dst.createdByUser !== user.id) throw refusal(403, 'forbidden', 'The DST is somebody else’s');
}

export function requireStatus(dst: Dst, ...statuses: Dst['status'][]): void {
  if (!statuses.includes(dst.status)) throw refusal(409, 'wrong-status', `The DST is ${dst.status}`);
}

/** A published template the caller may use. @throws ApiError 403, 404, 409 */
function requireTemplate({ state: { ledger }, params, user }: UserCall, why: string): DstRecord {
  const source = requireVisible(ledger.record(params.id ?? ''), user);
  requireMaker(user);
  if (!source.dst.template) throw refusal(409, 'not-a-template', why);
  requireStatus(source.dst, 'published');
  return source;
}

async function create({ state: { ledger }, request, user, baseUrl }: UserCall): Promise<Answer> {
  requireMaker(user);
  const body = await readJson(request, draftBody);
  const record = newDraft(ledger, user, ledger.clock.now());
  if (body.documents?.length)
    throw refusal(400, 'documents-early', 'Files come first, by PATCH resources', 'documents');
  editDraft(ledger, record, body);
  record.effects.push(ledger.effect('dst-created', user.id, { dstId: record.dst.id }));
  ledger.addDst(record);
  return json(presentDst(record.dst, baseUrl), 201);
}

/** Changes one DST of the caller's own making and answers with it. */
async function step(
  { state: { ledger }, user, params, baseUrl }: UserCall,
  kind: EffectKind,
  change: (draft: DstRecord, at: number) => void,
): Promise<Answer> {
  const dst = await ledger.changeDst(params.id ?? '', (draft) => {
    requireVisible(draft, user);
    requireOwner(draft, user);
    change(draft, ledger.clock.now());
    draft.effects.push(ledger.effect(kind, user.id, { dstId: draft.dst.id }));
    return draft.dst;
  });
  return json(presentDst(dst, baseUrl));
}

const publishDst = (call: UserCall) =>
  step(call, 'dst-published', (draft, at) => {
    requireStatus(draft.dst, 'draft');
    requirePublishable(draft, at);
    publish(draft, call.user, at);
  });

const modify = (call: UserCall) =>
  step(call, 'dst-modified', (draft, at) => {
    if (!isLive(draft.dst)) requireStatus(draft.dst, 'published');
    if (draft.dst.signatures.length > 0) throw refusal(409, 'signed-already', 'Somebody has signed');
    takeBack(draft, at);
  });

/** Reminds those who have something to do now. */
async function remind(call: UserCall): Promise<Answer> {
  await step(call, 'dst-notified', (draft, at) => {
    if (!isLive(draft.dst)) throw refusal(409, 'wrong-status', `The DST is ${draft.dst.status}`);
    addAudit(draft, at, 'event_solicitation', call.user);
    touch(draft, at);
  });
  return noContent;
}

/** A new draft made from another DST. `mark` changes the copy. */
async function make(
  { state: { ledger }, user }: UserCall,
  source: DstRecord,
  kind: EffectKind,
  mark: (copy: Dst) => void,
): Promise<DstRecord> {
  const copy = await copyDst(ledger, source, user, ledger.clock.now());
  mark(copy.dst);
  copy.effects.push(ledger.effect(kind, user.id, { dstId: copy.dst.id }));
  return copy;
}

async function instantiate(call: UserCall): Promise<Answer> {
  const source = requireTemplate(call, 'The DST is no template');
  const copy = await make(call, source, 'dst-instantiated', () => undefined);
  call.state.ledger.addDst(copy);
  return json(presentDst(copy.dst, call.baseUrl));
}

/** As the documents say: of published templates only. */
async function templatize(call: UserCall): Promise<Answer> {
  const source = requireTemplate(call, 'Templates are made from published templates');
  const copy = await make(call, source, 'dst-templatized', (dst) => {
    dst.template = true;
  });
  call.state.ledger.addDst(copy);
  return json(presentDst(copy.dst, call.baseUrl));
}

async function replace(call: UserCall): Promise<Answer> {
  const { ledger } = call.state;
  const made = await ledger.changeDst(call.params.id ?? '', async (draft) => {
    requireVisible(draft, call.user);
    requireOwner(draft, call.user);
    requireStatus(draft.dst, 'rejected');
    if (draft.dst.replacedBy) throw refusal(409, 'replaced-already', 'The DST has its replacement');
    const copy = await make(call, draft, 'dst-replaced', (dst) => {
      dst.replaces = draft.dst.id;
    });
    const at = ledger.clock.now();
    draft.dst.replacedBy = copy.dst.id;
    addAudit(draft, at, 'event_replacement', call.user);
    touch(draft, at);
    return copy;
  });
  ledger.addDst(made);
  return json(presentDst(made.dst, call.baseUrl));
}

/** The page of the service where a person signs in the browser. */
function signingAddress({ state: { ledger }, user, params, baseUrl }: UserCall): Answer {
  const { dst } = requireVisible(ledger.record(params.id ?? ''), user);
  const document = dst.documents.find(({ id }) => String(id) === params.docId);
  const request = document?.signatureRequests.find(({ id }) => String(id) === params.signId);
  if (!document || !request) throw notFound('signature request');
  if (signerOf(document, request.signerId)?.userUUID !== user.id)
    throw refusal(403, 'not-your-request', 'The signature is asked of somebody else');
  if (dst.status !== 'toSign' || !isTurn(dst, document, request) || isSigned(dst, document, request))
    throw refusal(403, 'not-your-turn', 'There is nothing to sign here now');
  return json({ url: `${baseUrl.replace(/\/api$/, '')}/sign/${dst.id}/${document.id}/${request.id}` });
}

const row = (operationId: string, step: string, run: (call: UserCall) => Promise<Answer> | Answer): Route => ({
  operationId,
  method: 'POST',
  path: `/DST/{id}/${step}`,
  auth: 'bearer',
  run,
});

export const dstWorkflow: readonly Route[] = [
  { operationId: 'dSTsPOST', method: 'POST', path: '/DSTs', auth: 'bearer', run: create },
  row('dSTIdInstantiatePOST', 'instantiate', instantiate),
  row('dSTIdModifyPOST', 'modify', modify),
  row('dSTIdTemplatizePOST', 'templatize', templatize),
  row('dSTIdReplacePOST', 'replace', replace),
  row('dSTIdPublishPOST', 'publish', publishDst),
  row('dSTIdNotifyPOST', 'notify', remind),
  {
    operationId: 'dSTIdSignDocIdSignIdGET',
    method: 'GET',
    path: '/DST/{id}/sign/{docId}/{signId}',
    auth: 'bearer',
    run: signingAddress,
  },
];
