/** Resources: the files of a DST, down and up. */
import { bytes, json } from '../answers.ts';
import { isVisibleTo, requireVisible } from '../bearer.ts';
import { addResource } from '../dst-actions.ts';
import { isLive, touch } from '../dst-life.ts';
import { notFound, refusal } from '../errors.ts';
import type { Dst, User } from '../model.ts';
import { presentDst } from '../present.ts';
import { readUpload, type Upload } from '../request-body.ts';
import type { Route, UserCall } from '../router.ts';
import { signatureFor, signerOf } from '../signing-order.ts';

/** A signer with a request still open may hand in a file; a draft's files are its creator's. */
function requireMayAdd(dst: Dst, user: User): void {
  if (dst.status === 'draft' && dst.createdByUser === user.id) return;
  const asked = dst.documents.some((document) =>
    document.signatureRequests.some(
      (request) =>
        signerOf(document, request.signerId)?.userUUID === user.id && !signatureFor(dst, document.id, request.id),
    ),
  );
  if (!asked) throw refusal(403, 'forbidden', 'No signature of yours is open here');
  if (!isLive(dst)) throw refusal(409, 'wrong-status', `The DST is ${dst.status}`);
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
  requireMayAdd(requireVisible(ledger.record(id), user).dst, user);
  const upload = await readUpload(request, ledger.contents, ledger.newUuid());
  try {
    const seed = checkUpload(upload);
    const dst = await ledger.changeDst(id, (draft) => {
      requireMayAdd(requireVisible(draft, user).dst, user);
      const at = ledger.clock.now();
      addResource(draft, { ...seed, content: { ...seed.content, uploadedBy: user.id } }, at);
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
  { operationId: 'dSTIdResourcesPATCH', method: 'PATCH', path: '/DST/{id}/resources', auth: 'bearer', run: append },
];
