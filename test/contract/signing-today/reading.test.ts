import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TransactionPage } from '../../../main/providers/provider.ts';
import { first, openWorld, password, readAll, somePdf, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

async function allPages(options: { updatedSince?: number } = {}): Promise<TransactionPage[]> {
  const pages: TransactionPage[] = [];
  for await (const page of world.session.transactions(options)) pages.push(page);
  return pages;
}
const titles = (pages: readonly TransactionPage[]) =>
  pages.flatMap(({ items }) => items.map(({ transaction }) => transaction.title));
const requests = (text: string) => world.server.requests.filter(({ method, path }) => `${method} ${path}` === text);

describe('signing in', () => {
  const account = { username: 'bob@demo', password, clientId: 'countersign', clientSecret: 'sandbox' };

  it('gives credentials, the user’s id and name', async () => {
    const result = await world.provider.signIn({ ...account, baseUrl: `${world.server.url}/` });
    expect(result).toMatchObject({ userId: world.bob.id, userName: 'Bob Brown' });
    expect(result.credentials).toMatchObject({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresAt: Date.UTC(2024, 0, 1, 1),
    });
  });

  it.each([
    ['password', { password: 'wrong' }],
    ['user', { username: 'nobody@demo' }],
    ['client secret', { clientSecret: 'wrong' }],
  ])('is refused for a wrong %s', async (_name, wrong) => {
    await expect(world.provider.signIn({ ...account, baseUrl: world.server.url, ...wrong })).rejects.toMatchObject({
      code: 'sign-in-refused',
    });
  });

  it('to somewhere else is a bad answer', async () => {
    const elsewhere = world.provider.signIn({ ...account, baseUrl: `${world.server.url}/elsewhere` });
    await expect(elsewhere).rejects.toMatchObject({ code: 'not-found' });
    world.server.misbehave({ kind: 'html' });
    const portal = world.provider.signIn({ ...account, baseUrl: world.server.url });
    await expect(portal).rejects.toMatchObject({ code: 'bad-response', field: 'body' });
  });

  it('while nobody is there is offline', async () => {
    await world.server.stop();
    await expect(world.provider.signIn({ ...account, baseUrl: world.server.url })).rejects.toMatchObject({
      code: 'offline',
    });
  });
});

describe('an expired access token', () => {
  it('is renewed once for all that were refused', async () => {
    await world.addDst({});
    world.state.expireAccessTokens();
    await Promise.all([allPages(), world.session.identities(), allPages()]);
    expect(world.state.effects({ kind: 'token-refreshed' })).toHaveLength(1);
    await world.reopen().identities();
    expect(world.state.effects({ kind: 'token-refreshed' })).toHaveLength(1);
  });

  it('whose refresh is refused ends the sign-in', async () => {
    world.state.endSessions();
    await expect(world.session.identities()).rejects.toMatchObject({ code: 'sign-in-expired' });
    expect(requests('POST /oauth/token').at(-1)?.status).toBe(400);
  });
});

describe('the inbox', () => {
  it('of 120 DSTs comes in pages, each once, newest change first', async () => {
    for (let i = 0; i < 120; i++) {
      world.advance(1000);
      await world.addDst({}, { title: `DST ${i}` });
    }
    const pages = await allPages();
    expect(titles(pages)).toEqual(Array.from({ length: 120 }, (_, i) => `DST ${119 - i}`));
    expect(pages[0]?.total).toBe(120);
    expect(pages.flatMap(({ unreadable }) => unreadable)).toEqual([]);
  });

  it('since a time has what changed since', async () => {
    const old = await world.addDst({}, { title: 'old' });
    world.advance(60_000);
    await world.addDst({}, { title: 'new' });
    const since = Date.UTC(2024, 0, 1, 0, 1);
    expect(titles(await allPages({ updatedSince: since }))).toEqual(['new']);
    world.advance(60_000);
    await world.state.addNote(old.id, { userId: world.carla.id, text: 'x' });
    expect(titles(await allPages({ updatedSince: since }))).toEqual(['old', 'new']);
  });

  it('tells what I have to do in each', async () => {
    const text = { type: 'TextForm', page: 1, positionX: 1, positionY: 1, width: 20, height: 5 } as const;
    const two = {
      signatureRequests: [{ signer: world.bob.id }, { signer: world.ada.id }],
      signerGroups: [[world.bob.id], [world.ada.id]],
    };
    await world.addDst({}, { title: 'to-sign', urgent: true, tags: ['a'], expiresAt: Date.UTC(2025, 0, 1) });
    await world.addDst(two, { title: 'waiting' });
    await world.addDst({ forms: [{ ...text, signer: world.ada.id }] }, { title: 'to-fill' });
    await world.addDst({}, { title: 'error', errorMessage: 'The file is broken' });
    await world.addDst({}, { title: 'expired', expiresAt: Date.UTC(2024, 0, 1, 0, 0, 1) });
    const declined = await world.addDst({}, { title: 'declined' });
    const document = first(declined.documents);
    await world.state.decline(declined.id, {
      userId: world.ada.id,
      documentId: document.id,
      signatureRequestId: first(document.signatureRequests).id,
      reason: 'No',
    });
    world.advance(5000);
    const [page] = await allPages();
    const statuses = page?.items.map(({ transaction }) => [transaction.title, transaction.status]) ?? [];
    expect(statuses.filter(([title, status]) => title !== status)).toEqual([]);
    expect(statuses).toHaveLength(6);
    const signing = page?.items.find(({ transaction }) => transaction.title === 'to-sign')?.transaction;
    expect(signing).toMatchObject({
      urgent: true,
      tags: ['a'],
      senderName: 'Carla Conti',
      expiresAt: Date.UTC(2025, 0, 1),
      createdAt: Date.UTC(2024, 0, 1),
    });
  });
});

describe('one DST', () => {
  it('is read with its forms, requests and current file', async () => {
    const pdf = somePdf();
    const dst = await world.addDst({
      pdf,
      forms: [
        { type: 'SignatureForm', page: 1, positionX: 100, positionY: 50, width: 20, height: 10, signer: world.ada.id },
      ],
      signatureRequests: [{ signer: world.ada.id, reason: 'As the buyer', withTimestamp: true }],
    });
    const { transaction, deleted } = await world.session.transaction(dst.id);
    expect(deleted).toBe(false);
    const document = first(transaction.documents);
    expect(document).toMatchObject({
      title: 'contract',
      status: 'plain',
      currentResourceId: dst.documents[0]?.plainDocumentUuid,
    });
    expect(document.forms).toMatchObject([
      { kind: 'signature', mine: true, moved: true, box: { page: 1, x: 80, y: 50, width: 20, height: 10 } },
    ]);
    expect(document.signatureRequests).toMatchObject([
      { mine: true, state: 'ready', signerName: 'Ada Lovelace', reason: 'As the buyer', withTimestamp: true },
    ]);
    expect(document.forms[0]?.signatureRequestId).toBe(document.signatureRequests[0]?.id);
    const bytes = await readAll(await world.session.download(document.currentResourceId ?? ''));
    expect(bytes.equals(pdf)).toBe(true);
  });

  it('that is not there, or not shown to me, is not found', async () => {
    await expect(world.session.transaction('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      code: 'not-found',
    });
    const hidden = await world.addDst({
      signatureRequests: [{ signer: world.bob.id }],
      signerGroups: [[world.bob.id]],
    });
    await expect(world.session.transaction(hidden.id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(world.session.download('nothing')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('notes and identities', () => {
  it('have authors by name, also of those who sign nothing', async () => {
    const dst = await world.addDst({});
    await world.state.addNote(dst.id, { userId: world.carla.id, text: 'Please sign' });
    await world.state.addNote(dst.id, { userId: world.ada.id, text: 'Will do' });
    expect(await world.session.notes(dst.id)).toMatchObject([
      { authorName: 'Carla Conti', mine: false, text: 'Please sign', createdAt: Date.UTC(2024, 0, 1), unsent: false },
      { authorName: 'Ada Lovelace', mine: true, text: 'Will do' },
    ]);
  });

  it('identities name their token', async () => {
    const certificate = new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x05]);
    world.state.addIdentity(world.ada.id, {
      label: 'Token Ada',
      subjectCommonName: 'Ada Lovelace',
      issuerCommonName: 'CA',
      expiresAt: Date.UTC(2030, 0, 1),
      certificate,
      providerData: {
        ATR: '3BFF',
        reader: 'Reader 0',
        tokenInfo: { serialNumber: '743', manufacturerID: 'SoftHSM project' },
      },
    });
    expect(await world.session.identities()).toMatchObject([
      {
        label: 'Token Ada',
        tokenSerialNumber: '743',
        tokenManufacturerId: 'SoftHSM project',
        atr: '3bff',
        reader: 'Reader 0',
        certificate,
      },
    ]);
  });
});

describe('a server in trouble', () => {
  it.each([
    [{ kind: 'html' } as const, 'bad-response'],
    [{ kind: 'half-json' } as const, 'bad-response'],
    [{ kind: 'cut-body' } as const, 'offline'],
    [{ kind: 'drop-response' } as const, 'offline'],
    [{ kind: 'refuse' } as const, 'offline'],
    [{ kind: 'status', status: 500 } as const, 'server-error'],
    [{ kind: 'status', status: 503, headers: { 'retry-after': '7' } } as const, 'server-error'],
    [{ kind: 'status', status: 429, headers: { 'retry-after': '7' } } as const, 'rate-limited'],
    [{ kind: 'status', status: 400 } as const, 'refused'],
  ])('%j is %s, and over with the next request', async (fault, code) => {
    const dst = await world.addDst({});
    world.server.misbehave({ ...fault, for: /^\/DST\// });
    const error = await world.session.transaction(dst.id).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, outcomeUnknown: false });
    if (fault.kind === 'status') expect(error).toMatchObject({ serverMessage: `Ordered status ${fault.status}` });
    if ('headers' in fault) expect(error).toMatchObject({ retryAfterMs: 7000 });
    expect((await world.session.transaction(dst.id)).transaction.title).toBe('Contract');
  });

  it('a download that is cut off fails, and its bytes are not taken for the file', async () => {
    const dst = await world.addDst({});
    world.server.misbehave({ kind: 'cut-body', for: /^\/resource\// });
    const chunks = await world.session.download(first(dst.documents).plainDocumentUuid);
    await expect(readAll(chunks)).rejects.toMatchObject({ code: 'offline' });
  });

  it('what is cancelled is cancelled', async () => {
    await expect(world.session.identities(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    const controller = new AbortController();
    const dst = await world.addDst({ pdf: Buffer.concat([somePdf(), Buffer.alloc(8 * 1024 * 1024)]) });
    const { plainDocumentUuid } = first(dst.documents);
    const chunks = await world.session.download(plainDocumentUuid, controller.signal);
    const reading = (async () => {
      for await (const _chunk of chunks) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });
});
