/** Resources: the files of a DST, down and up. */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { z } from 'zod';
import { type Answer, bytes, json, noContent } from '../answers.ts';
import { isVisibleTo, requireVisible } from '../bearer.ts';
import { gather } from '../content-store.ts';
import { addResource } from '../dst-actions.ts';
import { isLive, touch } from '../dst-life.ts';
import { notFound, refusal } from '../errors.ts';
import { countPages } from '../filled-document.ts';
import type { User } from '../model.ts';
import { presentDst } from '../present.ts';
import type { DstRecord } from '../records.ts';
import { readJson, readUpload, type Upload } from '../request-body.ts';
import type { Route, UserCall } from '../router.ts';
import { isTurn, signatureFor, signerOf } from '../signing-order.ts';
import { requireOwner, requireStatus } from './dst-workflow.ts';

/** A signer with a request still open may hand in a file; a draft's files are its maker's. */
function requireMayAdd(record: DstRecord, user: User): void {
  const { dst } = record;
  if (dst.status === 'draft') {
    requireOwner(record, user);
    return;
  }
  const open = dst.documents.flatMap((document) =>
    document.signatureRequests
      .filter(({ signerId }) => signerOf(document, signerId)?.userUUID === user.id)
      .filter(({ id }) => !signatureFor(dst, document.id, id))
      .map((request) => isTurn(dst, document, request)),
  );
  if (open.length === 0) throw refusal(403, 'forbidden', 'No signature of yours is open here');
  if (!isLive(dst)) throw refusal(409, 'wrong-status', `The DST is ${dst.status}`);
  if (!open.includes(true)) throw refusal(403, 'not-your-turn', 'An earlier signer group has not signed yet');
}

function checkUpload({ fields, file }: Upload) {
  if (!file) throw refusal(400, 'file-missing', 'A file is needed', 'file');
  if (fields.get('resourceType') !== 'PDF_Document')
    throw refusal(400, 'invalid', 'PDF_Document is the only type', 'resourceType');
  const filename = fields.get('filename') ?? '';
  if (filename === '') throw refusal(400, 'filename-missing', 'A file name is needed', 'filename');
  const isP7m = filename.toLowerCase().endsWith('.p7m');
  if ((file.content.kind === 'pdf') === isP7m) throw refusal(400, 'not-a-pdf', 'Not a PDF file', 'file');
  return { id: file.id, content: file.content, filename, title: fields.get('title') ?? filename };
}

async function append({ state: { ledger }, request, user, params, baseUrl }: UserCall) {
  const id = params.id ?? '';
  requireMayAdd(requireVisible(ledger.record(id), user), user);
  const upload = await readUpload(request, ledger.contents, ledger.newUuid());
  try {
    const seed = checkUpload(upload);
    const isDraft = ledger.record(id)?.dst.status === 'draft';
    const counted = isDraft ? await countPages(await gather(ledger.contents.stream(seed.id))) : undefined;
    const pages = counted === undefined ? {} : { pages: counted };
    const dst = await ledger.changeDst(id, (draft) => {
      requireMayAdd(requireVisible(draft, user), user);
      const at = ledger.clock.now();
      const isPlain = draft.dst.status === 'draft';
      const added = { ...seed, content: { ...seed.content, uploadedBy: user.id } };
      addResource(draft, { ...added, ...(isPlain && { extraData: { toSign: true } }), ...pages }, at);
      touch(draft, at);
      draft.effects.push(ledger.effect('resource-added', user.id, { dstId: id, resourceId: seed.id }));
      return draft.dst;
    });
    return json(presentDst(dst, baseUrl));
  } catch (error) {
    if (upload.file) await ledger.contents.remove(upload.file.id);
    throw error;
  }
}

const resourceBody = z.looseObject({
  title: z.string().min(1).max(2000).optional(),
  filename: z.string().min(1).max(255).optional(),
  extraData: z.record(z.string(), z.unknown()).nullish(),
});

/** The draft a resource belongs to, which the caller may change. @throws ApiError 403, 404, 409 */
function requireDraftOf({ state: { ledger }, user, params }: UserCall): string {
  const record = ledger.ownerOf(params.id ?? '');
  if (!record?.dst.resources.some(({ id }) => id === params.id)) throw notFound('resource');
  requireOwner(requireVisible(record, user), user);
  requireStatus(record.dst, 'draft');
  return record.dst.id;
}

/** Title, file name and extra data are the maker's to set, while the DST is a draft. */
async function update(call: UserCall): Promise<Answer> {
  const { ledger } = call.state;
  const dstId = requireDraftOf(call);
  const { title, filename, extraData } = await readJson(call.request, resourceBody);
  await ledger.changeDst(dstId, (draft) => {
    requireStatus(draft.dst, 'draft');
    const resource = draft.dst.resources.find(({ id }) => id === call.params.id);
    if (!resource) throw notFound('resource');
    if (title !== undefined) resource.title = title;
    if (filename !== undefined) resource.filename = filename;
    if (extraData) resource.extraData = extraData;
    touch(draft, ledger.clock.now());
    draft.effects.push(ledger.effect('resource-edited', call.user.id, { dstId, resourceId: resource.id }));
  });
  return noContent;
}

/** A file no document of the draft is made of. */
async function remove(call: UserCall): Promise<Answer> {
  const { ledger } = call.state;
  const dstId = requireDraftOf(call);
  const id = call.params.id ?? '';
  const dst = await ledger.changeDst(dstId, (draft) => {
    requireStatus(draft.dst, 'draft');
    if (draft.dst.documents.some(({ plainDocumentUuid }) => plainDocumentUuid === id))
      throw refusal(409, 'in-use', 'A document of the DST is this file');
    draft.dst.resources = draft.dst.resources.filter((each) => each.id !== id);
    delete draft.contents[id];
    touch(draft, ledger.clock.now());
    draft.effects.push(ledger.effect('resource-deleted', call.user.id, { dstId, resourceId: id }));
    return draft.dst;
  });
  await ledger.contents.remove(id);
  return json(presentDst(dst, call.baseUrl));
}

/** Names that are there already get a number, as file managers give it. */
function freeName(taken: Set<string>, filename: string): string {
  const plain = filename.replace(/[/\\\p{Cc}]/gu, '_') || 'file';
  const dot = plain.lastIndexOf('.');
  const [stem, end] = dot > 0 ? [plain.slice(0, dot), plain.slice(dot)] : [plain, ''];
  let name = plain;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${stem} (${number})${end}`;
  taken.add(name.toLowerCase());
  return name;
}

async function zip({ state: { ledger }, user, params }: UserCall): Promise<Answer> {
  const { dst } = requireVisible(ledger.record(params.id ?? ''), user);
  const archive = new ZipFile();
  const taken = new Set<string>();
  for (const { id, filename, createdAt } of dst.resources) {
    const bytesOf = Buffer.from(await gather(ledger.contents.stream(id)));
    archive.addBuffer(bytesOf, freeName(taken, filename), { mtime: new Date(createdAt) });
  }
  archive.end();
  const whole = await gather(archive.outputStream as unknown as AsyncIterable<Uint8Array>);
  return bytes(whole.length, () => Readable.from([whole], { objectMode: false }));
}

export const resources: readonly Route[] = [
  {
    operationId: 'resourceIdGET',
    method: 'GET',
    path: '/resource/{id}',
    auth: 'bearer',
    run({ state: { ledger }, user, params }) {
      const id = params.id ?? '';
      const record = ledger.ownerOf(id);
      const content = record?.contents[id];
      if (!record || !content || !isVisibleTo(record, user)) throw notFound('resource');
      return bytes(content.size, () => ledger.contents.stream(id));
    },
  },
  { operationId: 'resourceIdPUT', method: 'PUT', path: '/resource/{id}', auth: 'bearer', run: update },
  { operationId: 'dSTResourceIdDELETE', method: 'DELETE', path: '/DST/resource/{id}', auth: 'bearer', run: remove },
  { operationId: 'dSTIdResourcesGET', method: 'GET', path: '/DST/{id}/resources', auth: 'bearer', run: zip },
  { operationId: 'dSTIdResourcesPATCH', method: 'PATCH', path: '/DST/{id}/resources', auth: 'bearer', run: append },
];
