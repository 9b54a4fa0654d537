/**
 * Who may do what with a DST, its files, notes and pages, with pictures and robots: each operation as who is asked to sign, a signer who is not,
 * an instructor who did not make it, its maker, an administrator, and nobody. With people/permission-rows.ts each of the 62 has a row.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDst,
  instantiateDst,
  modifyDst,
  notifyDst,
  publishDst,
  replaceDst,
  signingAddress,
  templatizeDst,
} from '../../../main/providers/signing-today/dst-workflow.ts';
import { deleteDst, fillForm, getAudit, getDst, listDsts, putDst } from '../../../main/providers/signing-today/dsts.ts';
import { addNote, deleteNote, editNote, listNotes } from '../../../main/providers/signing-today/notes.ts';
import type { RequestCore } from '../../../main/providers/signing-today/request-core.ts';
import {
  appendResource,
  deleteAppearance,
  deleteResource,
  downloadAppearance,
  downloadResource,
  downloadResources,
  pageThumb,
  setAppearance,
  updateResource,
} from '../../../main/providers/signing-today/resources.ts';
import {
  clearRobotToken,
  createDstByRobot,
  instantiateByRobot,
  robotConfiguration,
  robotToken,
  setRobotConfiguration,
} from '../../../main/providers/signing-today/robots.ts';
import { routes } from '../../sandbox/signing-today/routes.ts';
import { publishedDst } from './operations/dst-cases.ts';
import { openStage, password, type Stage } from './operations/operation-case.ts';
import { draftFor, filePart, publishedTemplate, samplePdf } from './operations/plans.ts';
import { addIdentity, png } from './operations/resource-cases.ts';
import { operations as peopleRows } from './people/permission-rows.ts';

/** `done`, or the status of the refusal. */
type Outcome = 'done' | number;
/** Who is asked to sign, a signer who is not, an instructor who did not make it, its maker, an administrator, nobody. */
type Outcomes = readonly [Outcome, Outcome, Outcome, Outcome, Outcome, Outcome];

interface Row {
  readonly id: string;
  /** Makes what is asked for, anew for each who asks, and hands back the asking. */
  readonly make: (stage: Stage) => Promise<(core: RequestCore) => Promise<unknown>>;
  readonly outcomes: Outcomes;
}

/** On a DST that asks the party for a signature. */
const onPublished = (act: (core: RequestCore, dst: Awaited<ReturnType<typeof publishedDst>>) => Promise<unknown>) =>
  (async (stage) => {
    const dst = await publishedDst(stage);
    return (core) => act(core, dst);
  }) satisfies Row['make'];
const onDraft = (act: (core: RequestCore, id: string) => Promise<unknown>) =>
  (async (stage) => {
    const { dst } = await draftFor(stage, stage.signer.user);
    return (core) => act(core, dst.id);
  }) satisfies Row['make'];
const onTemplate = (act: (core: RequestCore, id: string) => Promise<unknown>, publicTemplate = false) =>
  (async (stage) => {
    const { dst } = await publishedTemplate(stage, { publicTemplate });
    return (core) => act(core, dst.id);
  }) satisfies Row['make'];
const onNothing = (act: (core: RequestCore) => Promise<unknown>) => (async () => act) satisfies Row['make'];
/** A note the party wrote. */
const onNote = (act: (core: RequestCore, dstId: string, noteId: string) => Promise<unknown>) =>
  (async (stage) => {
    const { id } = await publishedDst(stage);
    const note = await addNote(stage.signer.core, id, 'Who pays?');
    return (core) => act(core, id, note.id);
  }) satisfies Row['make'];

/** The party's identity, with a picture. */
const onPicture = (act: (core: RequestCore, about: { userId: string; identityId: string }) => Promise<unknown>) =>
  (async (stage) => {
    const about = addIdentity(stage);
    await setAppearance(stage.signer.core, { ...about, filename: 'me.png', title: '' }, filePart(png));
    return (core) => act(core, about);
  }) satisfies Row['make'];
const ines = { username: 'ines', domain: 'demo' };
const resourceOf = (dst: Awaited<ReturnType<typeof publishedDst>>) => dst.documents[0]?.plainDocumentUuid ?? '';

async function read(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

// What somebody may not see is not there (404); what he sees and may not do is forbidden (403).
const rows: readonly Row[] = [
  {
    id: 'dSTsGET',
    make: onNothing((core) => listDsts(core, {})),
    outcomes: ['done', 'done', 'done', 'done', 'done', 401],
  },
  {
    id: 'dSTsPOST',
    make: onNothing((core) => createDst(core, { title: 'x' })),
    outcomes: [403, 403, 'done', 'done', 'done', 401],
  },
  {
    id: 'dSTIdGET',
    make: onPublished((core, { id }) => getDst(core, id)),
    outcomes: ['done', 404, 404, 'done', 'done', 401],
  },
  { id: 'dSTIdGET of a draft', make: onDraft(getDst), outcomes: [404, 404, 404, 'done', 'done', 401] },
  {
    id: 'dSTIdPUT that declines',
    make: async (stage) => {
      const { id, documents } = await publishedDst(stage);
      const { raw } = await getDst(stage.signer.core, id);
      const [document] = documents;
      const entry = {
        documentId: document?.id,
        signatureRequestId: document?.signatureRequests[0]?.id,
        ...{ signedAt: '2026-01-15T09:00:00Z', status: 'declined', declinedReason: 'Wrong date' },
      };
      return (core) => putDst(core, id, { ...raw, signatures: [entry] });
    },
    outcomes: ['done', 404, 404, 403, 403, 401],
  },
  {
    id: 'dSTIdPUT of a draft',
    make: async (stage) => {
      const { dst, raw } = await draftFor(stage, stage.signer.user);
      return (core) => putDst(core, dst.id, { ...raw, title: 'Another' });
    },
    outcomes: [404, 404, 404, 'done', 'done', 401],
  },
  {
    id: 'dSTIdDELETE',
    make: onPublished((core, { id }) => deleteDst(core, id)),
    outcomes: [403, 404, 404, 'done', 'done', 401],
  },
  {
    id: 'dSTIdFillPATCH',
    make: async (stage) => {
      const { id, documents } = await publishedDst(stage, 'text');
      const [form] = documents[0]?.forms ?? [];
      return (core) => fillForm(core, id, { ...form, extraData: { ...form?.extraData, value: 'Rome' } });
    },
    outcomes: ['done', 404, 404, 403, 403, 401],
  },
  {
    id: 'dSTIdAuditGET',
    make: onPublished((core, { id }) => getAudit(core, id)),
    outcomes: ['done', 404, 404, 'done', 'done', 401],
  },
  { id: 'dSTIdInstantiatePOST', make: onTemplate(instantiateDst), outcomes: [404, 404, 404, 'done', 'done', 401] },
  {
    id: 'dSTIdInstantiatePOST of a public one',
    make: onTemplate(instantiateDst, true),
    outcomes: [404, 404, 'done', 'done', 'done', 401],
  },
  {
    id: 'dSTIdModifyPOST',
    make: onPublished((core, { id }) => modifyDst(core, id)),
    outcomes: [403, 404, 404, 'done', 'done', 401],
  },
  { id: 'dSTIdTemplatizePOST', make: onTemplate(templatizeDst), outcomes: [404, 404, 404, 'done', 'done', 401] },
  {
    id: 'dSTIdReplacePOST',
    make: async (stage) => {
      const { id, documents } = await publishedDst(stage);
      const [document] = documents;
      await stage.state.decline(id, {
        userId: stage.signer.user.id,
        documentId: document?.id ?? 0,
        signatureRequestId: document?.signatureRequests[0]?.id ?? 0,
        reason: 'Wrong date',
      });
      return (core) => replaceDst(core, id);
    },
    outcomes: [403, 404, 404, 'done', 'done', 401],
  },
  { id: 'dSTIdPublishPOST', make: onDraft(publishDst), outcomes: [404, 404, 404, 'done', 'done', 401] },
  {
    id: 'dSTIdNotifyPOST',
    make: onPublished((core, { id }) => notifyDst(core, id)),
    outcomes: [403, 404, 404, 'done', 'done', 401],
  },
  {
    id: 'dSTIdSignDocIdSignIdGET',
    make: onPublished((core, { id, documents }) =>
      signingAddress(core, {
        dstId: id,
        documentId: String(documents[0]?.id),
        signatureRequestId: String(documents[0]?.signatureRequests[0]?.id),
      }),
    ),
    outcomes: ['done', 404, 404, 403, 403, 401],
  },
  {
    id: 'dSTIdNoteGET',
    make: onPublished((core, { id }) => listNotes(core, id)),
    outcomes: ['done', 404, 404, 'done', 'done', 401],
  },
  {
    id: 'dSTIdNotePOST',
    make: onPublished((core, { id }) => addNote(core, id, 'x')),
    outcomes: ['done', 404, 404, 'done', 'done', 401],
  },
  {
    id: 'dSTIdNoteNoteIdPUT',
    make: onNote((core, id, noteId) => editNote(core, id, noteId, 'y')),
    outcomes: ['done', 404, 404, 403, 403, 401],
  },
  { id: 'dSTIdNoteNoteIdDELETE', make: onNote(deleteNote), outcomes: ['done', 404, 404, 403, 403, 401] },
  {
    id: 'resourceIdGET',
    make: onPublished(async (core, dst) => read(await downloadResource(core, resourceOf(dst)))),
    outcomes: ['done', 404, 404, 'done', 'done', 401],
  },
  {
    id: 'resourceIdPUT',
    make: async (stage) => {
      const { dst } = await draftFor(stage, stage.signer.user);
      return (core) => updateResource(core, { id: dst.resources[0]?.id ?? '', title: 'Lease of 2026' });
    },
    outcomes: [404, 404, 404, 'done', 'done', 401],
  },
  {
    id: 'dSTResourceIdDELETE',
    make: async (stage) => {
      const { dst } = await draftFor(stage, stage.signer.user);
      const about = { title: 'Map', filename: 'map.pdf' };
      const { resources } = await appendResource(stage.instructor.core, dst.id, about, filePart(await samplePdf()));
      return (core) => deleteResource(core, resources.at(-1)?.id ?? '');
    },
    outcomes: [404, 404, 404, 'done', 'done', 401],
  },
  {
    id: 'dSTIdResourcesGET',
    make: onPublished(async (core, { id }) => read(await downloadResources(core, id))),
    outcomes: ['done', 404, 404, 'done', 'done', 401],
  },
  {
    id: 'dSTIdResourcesPATCH of a draft',
    make: onDraft(async (core, id) =>
      appendResource(core, id, { title: 'Map', filename: 'map.pdf' }, filePart(await samplePdf())),
    ),
    outcomes: [404, 404, 404, 'done', 'done', 401],
  },
  {
    id: 'pdfResourceIdThumbsGET',
    make: onPublished((core, dst) => pageThumb(core, { resourceId: resourceOf(dst), page: 1 })),
    outcomes: ['done', 404, 404, 'done', 'done', 401],
  },
  {
    id: 'userIdIdentityIdentityIdAppearancePOST',
    make: onPicture((core, about) => setAppearance(core, { ...about, filename: 'me.png', title: '' }, filePart(png))),
    outcomes: ['done', 403, 403, 403, 'done', 401],
  },
  {
    id: 'userIdIdentityIdentityIdAppearanceGET',
    make: onPicture(async (core, about) => read(await downloadAppearance(core, about))),
    outcomes: ['done', 403, 403, 403, 'done', 401],
  },
  {
    id: 'userIdIdentityIdentityIdAppearanceDELETE',
    make: onPicture(deleteAppearance),
    outcomes: ['done', 403, 403, 403, 'done', 401],
  },
  {
    id: 'robotAuthenticationGET',
    make: onNothing((core) => robotToken(core)),
    outcomes: ['done', 'done', 'done', 'done', 'done', 401],
  },
  {
    id: 'robotAuthenticationGET of the maker',
    make: onNothing((core) => robotToken(core, ines)),
    outcomes: [403, 403, 403, 'done', 'done', 401],
  },
  {
    id: 'robotAuthenticationDELETE',
    make: onNothing((core) => clearRobotToken(core)),
    outcomes: ['done', 'done', 'done', 'done', 'done', 401],
  },
  {
    id: 'robotAuthenticationDELETE of the maker',
    make: onNothing((core) => clearRobotToken(core, ines)),
    outcomes: [403, 403, 403, 'done', 'done', 401],
  },
  {
    id: 'robotConfigurationGET',
    make: onNothing((core) => robotConfiguration(core)),
    outcomes: ['done', 'done', 'done', 'done', 'done', 401],
  },
  {
    id: 'robotConfigurationPUT',
    make: onNothing((core) => setRobotConfiguration(core, {})),
    outcomes: ['done', 'done', 'done', 'done', 'done', 401],
  },
  {
    id: 'robotDSTsPOST',
    make: onNothing((core) => createDstByRobot(core, { title: 'x', status: 'draft', documents: [] })),
    outcomes: [403, 403, 'done', 'done', 'done', 401],
  },
  {
    id: 'robotIdInstantiatePOST',
    make: async (stage) => {
      const template = await publishedTemplate(stage);
      const { id, name, surname, email } = stage.signer.user;
      const rolesMapping = [{ roleName: 'tenant', signer: { name, surname, email, userUUID: id } }];
      return (core) => instantiateByRobot(core, template.dst.id, { rolesMapping });
    },
    outcomes: [404, 404, 404, 'done', 'done', 401],
  },
];

let stage: Stage;
let who: readonly RequestCore[];
beforeAll(async () => {
  stage = await openStage();
  stage.state.addUser({ username: 'paul', password, name: 'Paul', surname: 'Porta', role: 'instructor' });
  const { signer, other, instructor, admin, nobody } = stage;
  who = [signer.core, other.core, await stage.signIn('paul'), instructor.core, admin.core, nobody];
});
afterAll(() => stage.close());

describe('with documents, pictures and robots', () => {
  it.each(rows.map((row) => [row.id, row] as const))('%s', async (_id, { make, outcomes }) => {
    const found: Outcome[] = [];
    for (const core of who) {
      const ask = await make(stage);
      found.push(
        await ask(core).then(
          () => 'done' as const,
          ({ status }: { status?: number }) => status ?? 0,
        ),
      );
    }
    expect(found).toEqual(outcomes);
  });

  it('each operation of the service has a row here or with the people', () => {
    const nameOf = (id: string) => id.replace(/ .*$/, '');
    // Signing in is asked by nobody yet: its own tests are in signing-today-sign-in.test.ts.
    const known = new Set([...rows, ...peopleRows].map(({ id }) => nameOf(id)).concat('oauthTokenPOST'));
    expect(routes.map(({ operationId }) => operationId).filter((id) => !known.has(id))).toEqual([]);
  });
});
