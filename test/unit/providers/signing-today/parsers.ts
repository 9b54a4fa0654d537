/** Every parser of Signing Today's client, as a call that reads one answer, with a good answer and what of it cannot be missing. */

import type { HttpError } from '../../../../main/platform/http.ts';
import { getChallenge, listDevices } from '../../../../main/providers/signing-today/devices.ts';
import {
  createDst,
  instantiateDst,
  modifyDst,
  publishDst,
  replaceDst,
  signingAddress,
  templatizeDst,
} from '../../../../main/providers/signing-today/dst-workflow.ts';
import {
  allDsts,
  fillForm,
  getAudit,
  getDst,
  listDsts,
  putDst,
} from '../../../../main/providers/signing-today/dsts.ts';
import { toArray } from '../../../../main/providers/signing-today/list-items.ts';
import { addNote, editNote, listNotes } from '../../../../main/providers/signing-today/notes.ts';
import { listNotifications } from '../../../../main/providers/signing-today/notifications.ts';
import { createRequestCore, type RequestCore } from '../../../../main/providers/signing-today/request-core.ts';
import { appendResource, deleteResource, setAppearance } from '../../../../main/providers/signing-today/resources.ts';
import {
  createDstByRobot,
  instantiateByRobot,
  robotConfiguration,
  robotToken,
} from '../../../../main/providers/signing-today/robots.ts';
import { getConfiguration, syncUsers } from '../../../../main/providers/signing-today/services.ts';
import {
  currentUser,
  getUser,
  listGroups,
  listIdentities,
  listUsers,
} from '../../../../main/providers/signing-today/users.ts';
import { baseUrl, clock, type ScriptedAnswer, scripted, wireDst } from './fixtures.ts';

export interface Parser {
  readonly name: string;
  readonly run: (core: RequestCore) => Promise<unknown>;
  readonly good: unknown;
  /** A field the app cannot do without, by its path. */
  readonly needed: readonly (string | number)[] | undefined;
  /** True where the request may have changed something: its outcome is open then. */
  readonly mutates: boolean;
}

const dst = wireDst();
const at = '2021-10-17T07:26Z';
const user = { id: 'u-1', username: 'ada', name: 'Ada', surname: 'Lovelace', email: 'ada@example.test' };
const note = { id: 7, dstId: dst.id, userId: 'u-1', createdAt: '2018-12-19 09:26:03.478039', text: 'Who pays?' };
const resource = { id: 'r-1', title: 'Deed', filename: 'deed.pdf', size: 10, extraData: {} };
const listOf = (value: unknown) => ({ count: 1, values: [value] });
const file = { contentType: 'application/pdf', sizeBytes: 0, async *chunks() {} };

const reads = (name: string, run: Parser['run'], good: unknown, needed?: Parser['needed']): Parser => ({
  name,
  run,
  good,
  needed,
  mutates: false,
});
const writes = (name: string, run: Parser['run'], good: unknown, needed?: Parser['needed']): Parser => ({
  ...reads(name, run, good, needed),
  mutates: true,
});

const draft = { status: 'draft' as const, documents: [] };

export const parsers: readonly Parser[] = [
  reads('getDst', (core) => getDst(core, 'x'), dst, ['id']),
  reads('listDsts', (core) => listDsts(core, {}), listOf(dst), ['values']),
  reads('allDsts', (core) => toArray(allDsts(core)), listOf(dst), ['values', 0, 'status']),
  reads('getAudit', (core) => getAudit(core, 'x'), [{ at, event: 'event_published', dstId: 'x' }], [0, 'event']),
  reads('listNotes', (core) => listNotes(core, 'x'), [note], [0, 'text']),
  reads('listIdentities', (core) => listIdentities(core, 'x'), [{ id: 'i-1', label: 'Card' }], [0, 'id']),
  reads('currentUser', (core) => currentUser(core), user, ['id']),
  reads('getUser', (core) => getUser(core, 'x'), user, ['id']),
  reads('listUsers', (core) => toArray(listUsers(core)), listOf(user), ['values', 0, 'id']),
  reads('listGroups', (core) => toArray(listGroups(core)), listOf({ id: 1, name: 'Notaries', domain: 'demo' }), [
    'values',
    0,
    'name',
  ]),
  reads(
    'listDevices',
    (core) => listDevices(core),
    listOf({ userId: 'u-1', deviceId: 'd-1', name: 'Phone', registeredAt: at }),
    ['values', 0, 'deviceId'],
  ),
  reads(
    'getChallenge',
    (core) => getChallenge(core),
    { userId: 'u-1', baseURL: 'https://signing.example/api', challenge: '2a12618a-4128-11ea-b77f-2e728ce88125' },
    ['challenge'],
  ),
  reads(
    'listNotifications',
    (core) => toArray(listNotifications(core)),
    listOf({ id: 1, time: at, dstId: 'x', userId: 'u-1', dstTitle: 'Deed', event: 'dst_alert_sign' }),
    ['values'],
  ),
  reads('robotToken', (core) => robotToken(core), { accessToken: 'secret' }, ['accessToken']),
  reads('robotConfiguration', (core) => robotConfiguration(core), { webhooks: { dst: 'https://x.example' } }),
  reads('getConfiguration', (core) => getConfiguration(core), { signingService: { protocol: 'https' } }),
  reads(
    'signingAddress',
    (core) => signingAddress(core, { dstId: 'x', documentId: '1', signatureRequestId: '2' }),
    { url: 'https://signing.example/sign' },
    ['url'],
  ),
  writes('putDst', (core) => putDst(core, 'x', {}), dst, ['status']),
  writes('fillForm', (core) => fillForm(core, 'x', {}), dst, ['id']),
  writes('createDst', (core) => createDst(core, {}), dst, ['id']),
  writes('publishDst', (core) => publishDst(core, 'x'), dst, ['status']),
  writes('instantiateDst', (core) => instantiateDst(core, 'x'), dst, ['id']),
  writes('modifyDst', (core) => modifyDst(core, 'x'), dst, ['id']),
  writes('templatizeDst', (core) => templatizeDst(core, 'x'), dst, ['id']),
  writes('replaceDst', (core) => replaceDst(core, 'x'), dst, ['id']),
  writes('addNote', (core) => addNote(core, 'x', 'y'), note, ['id']),
  writes('editNote', (core) => editNote(core, 'x', '7', 'y'), note, ['text']),
  writes('deleteResource', (core) => deleteResource(core, 'x'), dst, ['id']),
  writes('appendResource', (core) => appendResource(core, 'x', { title: 't', filename: 'f.pdf' }, file), dst, ['id']),
  writes(
    'setAppearance',
    (core) => setAppearance(core, { userId: 'u', identityId: 'i', title: 't', filename: 'f.png' }, file),
    resource,
    ['id'],
  ),
  writes('createDstByRobot', (core) => createDstByRobot(core, draft), dst, ['id']),
  writes('instantiateByRobot', (core) => instantiateByRobot(core, 'x', { rolesMapping: [] }), dst, ['id']),
  writes('syncUsers', (core) => syncUsers(core, []), { users: { deleted: 0, inserted: 1, updated: 2 } }, [
    'users',
    'updated',
  ]),
];

/** Runs a parser on one answer. */
export function parse(parser: Parser, answer: ScriptedAnswer | HttpError): Promise<unknown> {
  const http = scripted(() => answer);
  return parser.run(createRequestCore({ http, clock, baseUrl, authorizer: { current: async () => 'Bearer x' } }));
}

/** The value with what is at `path` changed, or taken away. */
export function altered(value: unknown, path: readonly (string | number)[], put?: { value: unknown }): unknown {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let holder = copy;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (put) holder[last] = put.value;
  else delete holder[last];
  return copy;
}
