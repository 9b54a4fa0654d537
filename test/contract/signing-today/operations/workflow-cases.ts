/** Contract tests of the steps a DST's maker takes: one for each operation, by operationId. */
import { expect } from 'vitest';
import {
  createDst,
  instantiateDst,
  modifyDst,
  notifyDst,
  publishDst,
  replaceDst,
  signingAddress,
  templatizeDst,
} from '../../../../main/providers/signing-today/dst-workflow.ts';
import { allDsts, getDst, putDst } from '../../../../main/providers/signing-today/dsts.ts';
import { toArray } from '../../../../main/providers/signing-today/list-items.ts';
import { publishedDst } from './dst-cases.ts';
import type { OperationCase, Stage } from './operation-case.ts';
import { draftFor, publishedTemplate } from './plans.ts';

async function decline({ state, signer }: Stage, id: string): Promise<void> {
  const [document] = state.dst(id).documents;
  await state.decline(id, {
    userId: signer.user.id,
    documentId: document?.id ?? 0,
    signatureRequestId: document?.signatureRequests[0]?.id ?? 0,
    reason: 'Wrong date',
  });
}

export const workflowCases: Readonly<Record<string, OperationCase>> = {
  async dSTsPOST(stage) {
    const { core, user } = stage.instructor;
    const { dst } = await createDst(core, {
      title: 'Sale',
      tags: ['house'],
      urgent: true,
      ccUsers: [stage.other.user.id],
    });
    expect(stage.state.dst(dst.id)).toMatchObject({
      title: 'Sale',
      tags: ['house'],
      urgent: true,
      status: 'draft',
      createdByUser: user.id,
      ccUsers: [stage.other.user.id],
    });
    await expect(createDst(stage.signer.core, { title: 'x' })).rejects.toMatchObject({ code: 'refused', status: 403 });
  },
  async dSTIdPublishPOST(stage) {
    const draft = await draftFor(stage, stage.signer.user);
    await expect(getDst(stage.signer.core, draft.dst.id)).rejects.toMatchObject({ code: 'not-found' });
    const { dst } = await publishDst(stage.instructor.core, draft.dst.id);
    expect(dst.status).toBe('toSign');
    expect((await getDst(stage.signer.core, dst.id)).dst.documents[0]?.signatureRequests).toHaveLength(1);
    await expect(publishDst(stage.instructor.core, dst.id)).rejects.toMatchObject({ code: 'stale', status: 409 });
    const empty = await createDst(stage.instructor.core, { title: 'Empty' });
    await expect(publishDst(stage.instructor.core, empty.dst.id)).rejects.toMatchObject({
      code: 'refused',
      status: 400,
    });
  },
  async dSTIdInstantiatePOST(stage) {
    const template = await publishedTemplate(stage, { title: 'Standard lease' });
    const { dst } = await instantiateDst(stage.instructor.core, template.dst.id);
    expect(dst).toMatchObject({ title: 'Standard lease', status: 'draft', template: false });
    expect(dst.id).not.toBe(template.dst.id);
    expect(await stage.state.resourceBytes(dst.resources[0]?.id ?? '')).toEqual(
      await stage.state.resourceBytes(template.dst.resources[0]?.id ?? ''),
    );
    await expect(instantiateDst(stage.instructor.core, dst.id)).rejects.toMatchObject({ status: 409 });
  },
  async dSTIdModifyPOST(stage) {
    const template = await publishedTemplate(stage);
    const { dst, raw } = await modifyDst(stage.instructor.core, template.dst.id);
    expect(dst).toMatchObject({ id: template.dst.id, status: 'draft', template: true });
    await putDst(stage.instructor.core, dst.id, { ...raw, title: 'New lease' });
    expect((await publishDst(stage.instructor.core, dst.id)).dst.title).toBe('New lease');
  },
  async dSTIdTemplatizePOST(stage) {
    const template = await publishedTemplate(stage);
    const { dst } = await templatizeDst(stage.instructor.core, template.dst.id);
    expect(dst).toMatchObject({ status: 'draft', template: true });
    const drafts = await toArray(allDsts(stage.instructor.core, { templates: true }));
    expect(drafts.map(({ id }) => id).sort()).toEqual([dst.id, template.dst.id].sort());
    const plain = await publishedDst(stage);
    await expect(templatizeDst(stage.instructor.core, plain.id)).rejects.toMatchObject({ status: 409 });
  },
  async dSTIdReplacePOST(stage) {
    const { id } = await publishedDst(stage);
    await expect(replaceDst(stage.instructor.core, id)).rejects.toMatchObject({ status: 409 });
    await decline(stage, id);
    const { dst } = await replaceDst(stage.instructor.core, id);
    expect(dst).toMatchObject({ status: 'draft', replaces: id, signatures: [] });
    expect((await getDst(stage.signer.core, id)).dst.replacedBy).toBe(dst.id);
    expect(stage.state.audit(id).at(-1)?.event).toBe('event_replacement');
    await expect(replaceDst(stage.instructor.core, id)).rejects.toMatchObject({ status: 409 });
  },
  async dSTIdNotifyPOST(stage) {
    const { id } = await publishedDst(stage);
    await notifyDst(stage.instructor.core, id);
    expect(stage.state.audit(id).at(-1)?.event).toBe('event_solicitation');
    await expect(notifyDst(stage.signer.core, id)).rejects.toMatchObject({ status: 403 });
    await decline(stage, id);
    await expect(notifyDst(stage.instructor.core, id)).rejects.toMatchObject({ status: 409 });
  },
  async dSTIdSignDocIdSignIdGET(stage) {
    const { id, documents } = await publishedDst(stage);
    const about = {
      dstId: id,
      documentId: String(documents[0]?.id),
      signatureRequestId: String(documents[0]?.signatureRequests[0]?.id),
    };
    const address = await signingAddress(stage.signer.core, about);
    expect(address.origin).toBe(new URL(stage.server.url).origin);
    expect(address.pathname).toContain(id);
    await expect(signingAddress(stage.instructor.core, about)).rejects.toMatchObject({ status: 403 });
    const wrong = { ...about, documentId: '999999' };
    await expect(signingAddress(stage.signer.core, wrong)).rejects.toMatchObject({ code: 'not-found' });
  },
};
