/** Who may do what with a DST, by role and capability: the table of docs/signing-today.md. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createDst,
  instantiateDst,
  modifyDst,
  notifyDst,
  publishDst,
  templatizeDst,
} from '../../../main/providers/signing-today/dst-workflow.ts';
import { deleteDst, getDst, listDsts } from '../../../main/providers/signing-today/dsts.ts';
import type { RequestCore } from '../../../main/providers/signing-today/request-core.ts';
import { createDstByRobot, robotToken } from '../../../main/providers/signing-today/robots.ts';
import { createUser } from '../../../main/providers/signing-today/users.ts';
import type { Capability } from '../../sandbox/signing-today/index.ts';
import { publishedDst } from './operations/dst-cases.ts';
import { openStage, password, type Stage } from './operations/operation-case.ts';
import { draftFor, publishedTemplate } from './operations/plans.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** `done`, or the status it was refused with. */
const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: { status?: number }) => error.status,
  );

async function personWith(capabilities: readonly Capability[], role: 'signer' | 'instructor'): Promise<RequestCore> {
  stage.state.addUser({ username: 'paul', password, name: 'Paul', surname: 'Porta', role, capabilities });
  return stage.signIn('paul');
}

/** Each act on a DST that the instructor made, or on nothing. */
const acts: Readonly<Record<string, (core: RequestCore) => Promise<unknown>>> = {
  make: (core) => createDst(core, { title: 'x' }),
  'make by robot': (core) => createDstByRobot(core, { title: 'x', status: 'draft', documents: [] }),
  'publish another’s draft': async (core) => publishDst(core, (await draftFor(stage, stage.signer.user)).dst.id),
  'take back another’s': async (core) => modifyDst(core, (await publishedDst(stage)).id),
  'remind for another': async (core) => notifyDst(core, (await publishedDst(stage)).id),
  'delete another’s': async (core) => deleteDst(core, (await publishedDst(stage)).id),
  'read another’s draft': async (core) => getDst(core, (await draftFor(stage, stage.signer.user)).dst.id),
  'list another’s': (core) => listDsts(core, {}).then(() => listOf(core)),
  'use a public template': async (core) =>
    instantiateDst(core, (await publishedTemplate(stage, { publicTemplate: true })).dst.id),
  'use another’s own template': async (core) => instantiateDst(core, (await publishedTemplate(stage)).dst.id),
  'copy a public template': async (core) =>
    templatizeDst(core, (await publishedTemplate(stage, { publicTemplate: true })).dst.id),
  'another’s robot': (core) => robotToken(core, { username: 'ines', domain: 'demo' }),
};

const listOf = (core: RequestCore) =>
  core.value({ method: 'GET', path: '/DSTs', query: [['userId', stage.instructor.user.id]] });

type Row = readonly [string, readonly (number | 'done')[]];

/** Columns: signer, instructor (not the maker), administrator. */
const table: readonly Row[] = [
  ['make', [403, 'done', 'done']],
  ['make by robot', [403, 'done', 'done']],
  ['publish another’s draft', [404, 404, 'done']],
  ['take back another’s', [404, 404, 'done']],
  ['remind for another', [404, 404, 'done']],
  ['delete another’s', [404, 404, 'done']],
  ['read another’s draft', [404, 404, 'done']],
  ['list another’s', [403, 403, 'done']],
  ['use a public template', [404, 'done', 'done']],
  ['use another’s own template', [404, 404, 'done']],
  ['copy a public template', [404, 'done', 'done']],
  ['another’s robot', [403, 403, 'done']],
];

describe('the roles', () => {
  it('have a row for each act', () => {
    expect(table.map(([name]) => name)).toEqual(Object.keys(acts));
  });

  it.each(table)('%s', async (name, [signer, instructor, admin]) => {
    const act = acts[name] ?? (() => Promise.resolve());
    const other = await personWith([], 'instructor');
    const results = [
      await outcome(act(stage.other.core)),
      await outcome(act(other)),
      await outcome(act(stage.admin.core)),
    ];
    expect(results).toEqual([signer, instructor, admin]);
  });
});

it('who may add users adds none who may more than himself', async () => {
  const core = await personWith(['user.create.all'], 'signer');
  const user = { name: 'Dora', surname: 'Dietz', email: 'dora@demo.test' };
  const add = (username: string, role: 'signer' | 'admin') => outcome(createUser(core, { ...user, username, role }));
  expect([await add('dora', 'signer'), await add('doris', 'admin')]).toEqual(['done', 403]);
});

describe('a capability widens what a signer may', () => {
  it.each([
    ['dst.create.modify_all', 'make', 'done'],
    ['dst.create.modify_all', 'use a public template', 'done'],
    ['dst.list.all', 'list another’s', 'done'],
    ['dst.list.all', 'read another’s draft', 'done'],
    ['dst.list.all', 'remind for another', 403],
    ['user.access.all', 'another’s robot', 'done'],
    ['user.pwd.clear', 'make', 403],
  ] as const)('%s: %s is %s', async (capability, name, expected) => {
    const core = await personWith([capability], 'signer');
    expect(await outcome((acts[name] ?? (() => Promise.resolve()))(core))).toBe(expected);
  });
});
