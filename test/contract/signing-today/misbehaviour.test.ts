/** The client on a server that misbehaves in every way it can be told to: a code each, and no loop. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDst } from '../../../main/providers/signing-today/dst-workflow.ts';
import { allDsts, getDst } from '../../../main/providers/signing-today/dsts.ts';
import { toArray } from '../../../main/providers/signing-today/list-items.ts';
import { downloadResource, downloadResources } from '../../../main/providers/signing-today/resources.ts';
import type { Misbehaviour } from '../../sandbox/signing-today/index.ts';
import { publishedDst } from './operations/dst-cases.ts';
import { openStage, type Stage } from './operations/operation-case.ts';
import { first, openWorld, readAll } from './world.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

type Wire = Record<string, unknown>;
const dropped = (name: string) => (value: unknown) => {
  const { [name]: _gone, ...rest } = value as Wire;
  return rest;
};

describe('reading', () => {
  it.each<[string, Misbehaviour, object]>([
    ['a portal’s page', { kind: 'html' }, { code: 'bad-response', field: 'body' }],
    ['half an answer', { kind: 'half-json' }, { code: 'bad-response', field: 'body' }],
    ['an answer cut on the way', { kind: 'cut-body' }, { code: 'offline' }],
    ['no answer', { kind: 'drop-response' }, { code: 'offline' }],
    ['a refused connection', { kind: 'refuse' }, { code: 'offline' }],
    [
      'a failure',
      { kind: 'status', status: 503, headers: { 'retry-after': '7' } },
      { code: 'server-error', retryAfterMs: 7000 },
    ],
    [
      'too many requests',
      { kind: 'status', status: 429, headers: { 'retry-after': '30' } },
      { code: 'rate-limited', retryAfterMs: 30_000 },
    ],
    [
      'a field that is gone',
      { kind: 'changed-schema', change: dropped('status') },
      { code: 'bad-response', field: 'status' },
    ],
    [
      'a field of another type',
      { kind: 'changed-schema', change: (value) => ({ ...(value as Wire), documents: 'none' }) },
      { code: 'bad-response', field: 'documents' },
    ],
    [
      'an envelope around it',
      { kind: 'changed-schema', change: (data) => ({ data }) },
      { code: 'bad-response', field: 'id' },
    ],
  ])('%s', async (_name, fault, expected) => {
    const { id } = await publishedDst(stage);
    stage.server.misbehave(fault);
    await expect(getDst(stage.signer.core, id)).rejects.toMatchObject({ ...expected, outcomeUnknown: false });
    expect((await getDst(stage.signer.core, id)).dst.id).toBe(id);
  });

  it('fields nobody knows are passed over, and go back with a change', async () => {
    const { id } = await publishedDst(stage);
    const change = (value: unknown) => ({ ...(value as Wire), colour: 'red', status: 'toSign' });
    stage.server.misbehave({ kind: 'changed-schema', change });
    expect((await getDst(stage.signer.core, id)).raw.colour).toBe('red');
  });

  it('numbers as text and times in another form are read', async () => {
    const { id } = await publishedDst(stage);
    const change = (value: unknown) => ({ ...(value as Wire), updatedAt: '2026-01-15 09:00:00.123456' });
    stage.server.misbehave({ kind: 'changed-schema', change });
    expect((await getDst(stage.signer.core, id)).dst.updatedAt).toBe(Date.UTC(2026, 0, 15, 9, 0, 0, 123));
  });

  it('a file cut on the way is no file', async () => {
    const { id, documents } = await publishedDst(stage);
    stage.server.misbehave({ kind: 'cut-body', times: 2 });
    const resourceId = first(documents).plainDocumentUuid;
    await expect(downloadResource(stage.signer.core, resourceId).then(readAll)).rejects.toMatchObject({
      code: 'offline',
    });
    await expect(downloadResources(stage.signer.core, id).then(readAll)).rejects.toMatchObject({ code: 'offline' });
  });

  it('a list is asked for page by page, and a page that fails fails the list', async () => {
    for (let index = 0; index < 5; index += 1) await publishedDst(stage);
    expect(await toArray(allDsts(stage.signer.core, { top: 2 }))).toHaveLength(5);
    expect(stage.server.requests.filter(({ path }) => path === '/DSTs')).toHaveLength(3);
    stage.server.misbehave({ kind: 'status', status: 500 });
    await expect(toArray(allDsts(stage.signer.core, { top: 2 }))).rejects.toMatchObject({ code: 'server-error' });
  });
});

describe('changing', () => {
  it.each<[string, Misbehaviour, object, number]>([
    [
      'an answer lost on the way leaves the outcome open',
      { kind: 'drop-response' },
      { code: 'offline', outcomeUnknown: true },
      1,
    ],
    [
      'an unreadable answer leaves the outcome open',
      { kind: 'half-json' },
      { code: 'bad-response', outcomeUnknown: true },
      1,
    ],
    [
      'a failure leaves the outcome open',
      { kind: 'status', status: 502 },
      { code: 'server-error', outcomeUnknown: true },
      0,
    ],
    [
      'too many requests have changed nothing',
      { kind: 'status', status: 429 },
      { code: 'rate-limited', outcomeUnknown: false },
      0,
    ],
  ])('%s', async (_name, fault, expected, made) => {
    stage.server.misbehave(fault);
    await expect(createDst(stage.instructor.core, { title: 'Once' })).rejects.toMatchObject(expected);
    expect(stage.state.dsts()).toHaveLength(made);
  });
});

describe('a sign-in', () => {
  it('that a wrong clock of the server ends early is renewed once, and not for ever', async () => {
    const world = await openWorld();
    world.state.skewClock(3 * 3600 * 1000);
    await world.session.identities();
    expect(world.state.effects({ kind: 'token-refreshed' })).toHaveLength(1);
    world.server.misbehave({ kind: 'status', status: 401, for: /identities/, times: 2 });
    await expect(world.session.identities()).rejects.toMatchObject({ code: 'sign-in-expired' });
    expect(world.server.requests.filter(({ path }) => path.endsWith('/identities'))).toHaveLength(4);
    await world.close();
  });
});
