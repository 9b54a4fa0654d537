/** The picture that goes with signatures made by an identity: PNG or JPEG, one an identity. */
import { type Answer, bytes, json, noContent } from '../answers.ts';
import { notFound, refusal } from '../errors.ts';
import { may } from '../guards.ts';
import type { LFResource } from '../model.ts';
import type { UserRecord } from '../records.ts';
import { readUpload } from '../request-body.ts';
import type { Route, UserCall } from '../router.ts';
import { toTimestamp } from '../timestamps.ts';

type IdentityRecord = UserRecord['identities'][number];

const MOST_BYTES = 2 * 1024 * 1024;
const signatures = [
  { mimetype: 'image/png', starts: [0x89, 0x50, 0x4e, 0x47] },
  { mimetype: 'image/jpeg', starts: [0xff, 0xd8, 0xff] },
] as const;

/** One's own identity, or with the capability another's. @throws ApiError 403, 404 */
function requireIdentity({ state, user, params }: UserCall): IdentityRecord {
  const found = state.ledger.directory.users.find((each) => each.user.id === params.id);
  if (!found || found.user.domain !== user.domain) throw notFound('user');
  if (found.user.id !== user.id && !may(user, 'user.access.all'))
    throw refusal(403, 'forbidden', 'The identity is somebody else’s');
  const identity = found.identities.find(({ id }) => id === params['identity-id']);
  if (!identity) throw notFound('identity');
  return identity;
}

function requireAppearance(call: UserCall): LFResource {
  const { appearance } = requireIdentity(call);
  if (!appearance) throw notFound('appearance');
  return appearance;
}

function setAppearance({ state, params }: UserCall, appearance: LFResource | undefined): void {
  state.ledger.changeDirectory((draft) => {
    const identity = draft.users
      .find((each) => each.user.id === params.id)
      ?.identities.find(({ id }) => id === params['identity-id']);
    if (!identity) throw notFound('identity');
    if (appearance) identity.appearance = appearance;
    else delete identity.appearance;
  });
}

async function startOf(call: UserCall, id: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of call.state.ledger.contents.stream(id, 4)) parts.push(part);
  return Buffer.concat(parts);
}

async function add(call: UserCall): Promise<Answer> {
  const { ledger } = call.state;
  const before = requireIdentity(call).appearance;
  const upload = await readUpload(call.request, ledger.contents, ledger.newUuid());
  const { fields, file } = upload;
  try {
    if (!file) throw refusal(400, 'file-missing', 'A file is needed', 'file');
    if (fields.get('resourceType') !== 'Image')
      throw refusal(400, 'invalid', 'An appearance is an Image', 'resourceType');
    const filename = fields.get('filename') ?? '';
    if (filename === '') throw refusal(400, 'filename-missing', 'A file name is needed', 'filename');
    if (file.content.size > MOST_BYTES) throw refusal(400, 'too-large', 'The picture is too large', 'file');
    const start = await startOf(call, file.id);
    const kind = signatures.find(({ starts }) => starts.every((byte, index) => start[index] === byte));
    if (!kind) throw refusal(400, 'not-an-image', 'Not a PNG or JPEG', 'file');
    const resource: LFResource = {
      id: file.id,
      domain: call.user.domain,
      type: 'ImageResource',
      title: fields.get('title') ?? filename,
      filename,
      url: `${call.baseUrl}/user/${call.params.id}/identity/${call.params['identity-id']}/appearance`,
      size: file.content.size,
      createdAt: toTimestamp(ledger.clock.now()),
      mimetype: kind.mimetype,
      extraData: {},
    };
    setAppearance(call, resource);
    if (before) await ledger.contents.remove(before.id);
    ledger.changeDirectory((draft) => {
      draft.effects.push(ledger.effect('appearance-added', call.user.id, { resourceId: file.id }));
    });
    return json(resource);
  } catch (error) {
    if (file) await ledger.contents.remove(file.id);
    throw error;
  }
}

async function remove(call: UserCall): Promise<Answer> {
  const { ledger } = call.state;
  const { id } = requireAppearance(call);
  setAppearance(call, undefined);
  ledger.changeDirectory((draft) => {
    draft.effects.push(ledger.effect('appearance-deleted', call.user.id, { resourceId: id }));
  });
  await ledger.contents.remove(id);
  return noContent;
}

const path = '/user/{id}/identity/{identity-id}/appearance';

export const appearances: readonly Route[] = [
  {
    operationId: 'userIdIdentityIdentityIdAppearanceGET',
    method: 'GET',
    path,
    auth: 'bearer',
    run(call) {
      const { id, size } = requireAppearance(call);
      return bytes(size, () => call.state.ledger.contents.stream(id));
    },
  },
  { operationId: 'userIdIdentityIdentityIdAppearancePOST', method: 'POST', path, auth: 'bearer', run: add },
  { operationId: 'userIdIdentityIdentityIdAppearanceDELETE', method: 'DELETE', path, auth: 'bearer', run: remove },
];
