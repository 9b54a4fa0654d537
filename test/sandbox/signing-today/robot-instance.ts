/** An instance of a template as robots make it: parts of the template patched, people put in for its roles. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import { copyDst } from './copies.ts';
import { type draftBody, editDraft, requirePublishable, signerBody, toPlan, toSigner } from './draft.ts';
import { publish } from './dst-life.ts';
import { refusal } from './errors.ts';
import { countPages } from './filled-document.ts';
import type { Ledger } from './ledger.ts';
import type { User } from './model.ts';
import type { DstRecord } from './records.ts';
import { embeddedBytes, robotDocument, robotDst } from './robot-making.ts';
import { signersOf } from './signing-order.ts';

const patchedDocument = robotDocument.partial();

export const instanceBody = z.looseObject({
  templatePatches: robotDst.extend({ documents: z.array(patchedDocument).max(100).default([]) }).optional(),
  rolesMapping: z.array(z.looseObject({ roleName: z.string().min(1), signer: signerBody })).default([]),
});
export type InstanceBody = z.infer<typeof instanceBody>;

const sameRole = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** @throws ApiError 409 for a role the template does not have */
function mapRoles(ledger: Ledger, { dst }: DstRecord, mapping: InstanceBody['rolesMapping']): void {
  for (const { roleName, signer } of mapping) {
    let found = false;
    for (const document of dst.documents) {
      for (const each of signersOf(document)) {
        if (!sameRole(each.role, roleName) && !sameRole(each.templateLabel, roleName)) continue;
        found = true;
        const person = toSigner(ledger, dst.domain, each.id, signer);
        const { role, templateLabel } = each;
        for (const key of ['phone', 'userUUID'] as const) delete each[key];
        Object.assign(each, person, role ? { role } : {}, templateLabel ? { templateLabel } : {});
      }
    }
    if (!found) throw refusal(409, 'unknown-role', `The template has no role ${roleName}`, 'rolesMapping.roleName');
  }
}

/** A document's file, or parts of its sign plan, put in the template's place. */
async function patchDocuments(ledger: Ledger, record: DstRecord, patches: z.infer<typeof patchedDocument>[]) {
  for (const [index, patch] of patches.entries()) {
    const document = record.dst.documents[index];
    if (!document) throw refusal(409, 'unknown-document', 'The template has no such document', 'documents');
    if (patch.resource) {
      const resource = record.dst.resources.find(({ id }) => id === document.plainDocumentUuid);
      const bytes = embeddedBytes(patch.resource);
      const content = await ledger.contents.write(
        document.plainDocumentUuid,
        Readable.from([bytes], { objectMode: false }),
      );
      record.contents[document.plainDocumentUuid] = content;
      const pages = await countPages(bytes);
      if (resource) {
        const { filename, title } = patch.resource;
        Object.assign(resource, { filename, title: title || resource.title, size: content.size, pages });
      }
    }
    if (patch.signerGroups?.length) {
      const { forms = [], signatureRequests = [], signerGroups } = patch;
      const plan = toPlan(
        ledger,
        record.dst.domain,
        { forms, signatureRequests, signerGroups },
        undefined,
        document.id,
      );
      Object.assign(document, plan);
    }
  }
}

/** @throws ApiError 400, 409 */
export async function instantiateByRobot(
  ledger: Ledger,
  template: DstRecord,
  actor: User,
  { templatePatches, rolesMapping }: InstanceBody,
): Promise<DstRecord> {
  const at = ledger.clock.now();
  const copy = await copyDst(ledger, template, actor, at);
  const { documents = [], status = 'draft', template: _t, publicTemplate: _p, ...about } = templatePatches ?? {};
  editDraft(ledger, copy, about as z.infer<typeof draftBody>);
  await patchDocuments(ledger, copy, documents);
  mapRoles(ledger, copy, rolesMapping);
  if (status === 'published') {
    requirePublishable(copy, at);
    publish(copy, actor, at);
  }
  copy.effects.push(ledger.effect('dst-instantiated', actor.id, { dstId: copy.dst.id }));
  return copy;
}
