/** The preparers' facet of the provider port: transactions and templates made of DSTs. */
import type { PreparedChange, PreparedOutcome, TemplateView } from '../../../preload/model.ts';
import { PlanError, type Prepare } from '../provider.ts';
import {
  createDst,
  instantiateDst,
  modifyDst,
  notifyDst,
  publishDst,
  replaceDst,
  templatizeDst,
  type WireDraft,
} from './dst-workflow.ts';
import { allDsts, type DstRecord, deleteDst, getAudit, getDst, putDst } from './dsts.ts';
import { nameOfSigner } from './mapping.ts';
import { createPrepareFiles } from './prepare-files.ts';
import { type DocumentPlan, toPlans, withRoles } from './prepare-plan.ts';
import { createInOneCall, instantiateInOneCall } from './prepare-robots.ts';
import type { RequestCore } from './request-core.ts';
import { appendResource } from './resources.ts';
import type { Dst } from './schemas.ts';
import { toLine, toText } from './text.ts';
import { toTimestamp } from './timestamps.ts';
import { listGroups, listUsers } from './users.ts';

const PEOPLE_SHOWN = 50;

function toWire({ title, tags, urgent, expiresAt, ccUserIds, ccGroups }: PreparedChange): WireDraft {
  return {
    ...(title === undefined ? {} : { title }),
    ...(tags && { tags }),
    ...(urgent === undefined ? {} : { urgent }),
    ...(expiresAt === undefined ? {} : { expiresAt: toTimestamp(expiresAt) }),
    ...(ccUserIds && { ccUsers: ccUserIds }),
    ...(ccGroups && { ccGroups }),
  };
}

/** The documents call a DST's expiry read-only: what the server kept is looked at. */
function toOutcome({ dst }: DstRecord, wanted: number | undefined): PreparedOutcome {
  return { remoteId: dst.id, status: dst.status, expiryKept: wanted === undefined || dst.expiresAt === wanted };
}

/** In signing order, each once. A role is the signer's, or the label that stands for one. */
function rolesOf(dst: Dst): string[] {
  const signers = dst.documents.flatMap(({ signerGroups }) => signerGroups.flatMap((group) => group.signers));
  const roles = signers.filter(({ userUUID }) => userUUID === undefined).map((each) => each.templateLabel ?? each.role);
  return [...new Set(roles.flatMap((role) => (role ? [toLine(role, 200)] : [])))];
}

function toTemplate(dst: Dst, userId: string): TemplateView {
  return {
    remoteId: dst.id,
    title: toLine(dst.title),
    status: dst.status,
    isPublic: dst.publicTemplate,
    mine: dst.createdByUser?.toLowerCase() === userId.toLowerCase(),
    roles: rolesOf(dst),
    documents: dst.documents.map(({ plainDocumentUuid }) =>
      toLine(dst.resources.find(({ id }) => id === plainDocumentUuid)?.title),
    ),
  };
}

/** The documents to PUT: each plan on the file that was appended for it. */
function toDocuments(plans: readonly DocumentPlan[], resourceIds: readonly string[]) {
  return plans.map(({ id, ...plan }, index) => ({ id, plainDocumentUuid: resourceIds[index], ...plan }));
}

export function createPrepare(core: RequestCore, userId: string): Prepare {
  const finish = (record: DstRecord, publish: boolean, signal: AbortSignal | undefined) =>
    publish ? publishDst(core, record.dst.id, signal) : Promise.resolve(record);

  return {
    async people(search, signal) {
      const wanted = search.trim().toLowerCase();
      const people = [];
      for await (const user of listUsers(core, { signal })) {
        const name = nameOfSigner(user) || toLine(user.username, 200);
        const email = toLine(user.email, 254);
        if (user.deletedAt !== undefined || !`${name} ${email}`.toLowerCase().includes(wanted)) continue;
        if (people.push({ userId: user.id, name, email }) === PEOPLE_SHOWN) break;
      }
      const groups = [];
      for await (const { name } of listGroups(core, { signal })) groups.push(toLine(name, 200));
      return { people, groups: groups.filter((name) => name.toLowerCase().includes(wanted)) };
    },

    async create(transaction, fileOf, { onProgress, signal }) {
      const plans = toPlans(transaction);
      const files = transaction.documents.map(({ fileId }) => fileOf(fileId));
      const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const { template } = transaction;
      const about = { ...toWire(transaction), template: template !== 'no', publicTemplate: template === 'public' };
      if (transaction.inOneCall) {
        const made = await createInOneCall(core, transaction, about, plans, files, signal);
        return toOutcome(made, transaction.expiresAt);
      }
      const { dst: draft } = await createDst(core, about, signal);
      const resourceIds: string[] = [];
      let before = 0;
      for (const [index, file] of files.entries()) {
        const title = transaction.documents[index]?.title ?? file.name;
        const known = new Set(resourceIds);
        const dst = await appendResource(
          core,
          draft.id,
          { title, filename: file.name },
          { contentType: 'application/pdf', sizeBytes: file.sizeBytes, chunks: () => file.chunks() },
          { signal, onProgress: (done) => onProgress?.(Math.min(before + done, before + file.sizeBytes), total) },
        );
        before += file.sizeBytes;
        onProgress?.(before, total);
        const added = dst.resources.filter(({ id }) => !known.has(id));
        const mine = added.find((each) => each.title === title) ?? added.at(-1);
        if (mine) resourceIds.push(mine.id);
      }
      const { raw } = await getDst(core, draft.id, signal);
      const { expiresAt } = toWire(transaction);
      const documents = toDocuments(plans, resourceIds);
      const body = { ...raw, documents, ...(expiresAt === undefined ? {} : { expiresAt }) };
      const record = await putDst(core, draft.id, body, signal);
      return toOutcome(await finish(record, transaction.publish, signal), transaction.expiresAt);
    },

    async templates(signal) {
      const found: TemplateView[] = [];
      for await (const dst of allDsts(core, { templates: true, signal })) found.push(toTemplate(dst, userId));
      return found;
    },

    async instantiate(templateId, { about, roles, publish, inOneCall }, signal) {
      const template = await getDst(core, templateId, signal);
      const open = rolesOf(template.dst);
      const taken = new Set(roles.map(({ role }) => role.toLowerCase()));
      if (publish && open.some((role) => !taken.has(role.toLowerCase()))) throw new PlanError('roles');
      if (roles.some(({ role }) => !open.some((each) => each.toLowerCase() === role.toLowerCase())))
        throw new PlanError('roles');
      if (inOneCall) {
        const choice = { draft: toWire(about), about, roles, publish };
        return toOutcome(await instantiateInOneCall(core, templateId, choice, signal), about.expiresAt);
      }
      const { raw, dst } = await instantiateDst(core, templateId, signal);
      const record = await putDst(core, dst.id, withRoles({ ...raw, ...toWire(about) }, roles), signal);
      return toOutcome(await finish(record, publish, signal), about.expiresAt);
    },

    async edit(remoteId, about, signal) {
      const { raw } = await getDst(core, remoteId, signal);
      return toOutcome(await putDst(core, remoteId, { ...raw, ...toWire(about) }, signal), about.expiresAt);
    },

    async step(remoteId, step, signal) {
      const told = ({ dst }: DstRecord) => ({ remoteId: dst.id, status: dst.status });
      switch (step) {
        case 'publish':
          return told(await publishDst(core, remoteId, signal));
        case 'replace':
          return told(await replaceDst(core, remoteId, signal));
        case 'modify':
          return told(await modifyDst(core, remoteId, signal));
        case 'templatize':
          return told(await templatizeDst(core, remoteId, signal));
        case 'remind':
          await notifyDst(core, remoteId, signal);
          return { remoteId };
        case 'delete':
          await deleteDst(core, remoteId, signal);
          return { remoteId };
      }
    },

    async audit(remoteId, signal) {
      return (await getAudit(core, remoteId, signal)).map(({ at, event, signer, value }) => ({
        at,
        event: toLine(event, 100),
        who: signer ? nameOfSigner(signer) : '',
        text: toText(value, 2000),
      }));
    },

    ...createPrepareFiles(core),
  };
}
