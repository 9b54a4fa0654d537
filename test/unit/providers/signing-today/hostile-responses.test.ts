import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../../main/platform/http.ts';
import type { ProviderSession } from '../../../../main/providers/provider.ts';
import { createSigningToday } from '../../../../main/providers/signing-today/index.ts';
import {
  baseUrl,
  clock,
  me,
  memoryCredentials,
  type ScriptedAnswer,
  scripted,
  type Wire,
  wireDocument,
  wireDst,
  wireForm,
  wireRequest,
} from './fixtures.ts';

function session(answer: ScriptedAnswer | HttpError): ProviderSession {
  const http = scripted(({ path }) =>
    path.startsWith('/user/') && !path.includes('identities') ? { status: 404 } : answer,
  );
  return createSigningToday({ http, clock }).open({ id: 'a', baseUrl, userId: me }, memoryCredentials());
}

const dst = wireDst();
const whole = JSON.stringify(dst);
const html = '<!doctype html><html><body>Please sign in to the network</body></html>';
const without = (value: Wire, name: string): Wire =>
  Object.fromEntries(Object.entries(value).filter(([n]) => n !== name));
const withDocument = (more: Wire) => wireDst({ documents: [wireDocument(more)] });
const withForm = (more: Wire) => withDocument({ forms: [wireForm(9, 'SignatureForm', 2, more)] });

describe('a DST that is none', () => {
  it.each([
    ['empty', { body: '' }, 'body'],
    ['HTML', { body: html, headers: { 'content-type': 'text/html' } }, 'body'],
    ['HTML that claims to be JSON', { body: html }, 'body'],
    ['half a JSON', { body: whole.slice(0, whole.length >> 1) }, 'body'],
    ['two JSONs', { body: whole + whole }, 'body'],
    ['Latin-1 bytes', { body: Buffer.from(whole.replace('Sales', 'Ventà'), 'latin1') }, 'body'],
    ['UTF-16', { body: Buffer.from(whole, 'utf16le') }, 'body'],
    [
      'declared as Latin-1',
      { body: whole, headers: { 'content-type': 'application/json; charset=ISO-8859-1' } },
      'content-type',
    ],
    ['null', { body: 'null' }, 'body'],
    ['a number', { body: '42' }, 'body'],
    ['a list', { body: [dst] }, 'body'],
    ['no content', { status: 204 }, 'body'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'status'],
    ['not modified', { status: 304 }, 'status'],
    ['without id', { body: without(dst, 'id') }, 'id'],
    ['with an empty id', { body: { ...dst, id: '' } }, 'id'],
    ['with an object for an id', { body: { ...dst, id: {} } }, 'id'],
    ['with an id as long as a book', { body: { ...dst, id: 'x'.repeat(201) } }, 'id'],
    ['without status', { body: without(dst, 'status') }, 'status'],
    ['with a number for its status', { body: { ...dst, status: 3 } }, 'status'],
    ['with a list for its title', { body: { ...dst, title: ['x'] } }, 'title'],
    ['with a time that is none', { body: { ...dst, updatedAt: 'yesterday' } }, 'updatedAt'],
    ['with a number for a time', { body: { ...dst, createdAt: 1634455560000 } }, 'createdAt'],
    ['with an object for its documents', { body: { ...dst, documents: {} } }, 'documents'],
    ['with a text among its documents', { body: { ...dst, documents: ['x'] } }, 'documents.0'],
    ['with a text for a flag', { body: { ...dst, urgent: 'yes' } }, 'urgent'],
    ['with numbers for tags', { body: { ...dst, tags: ['a', 1] } }, 'tags.1'],
    ['with a form without type', { body: withForm({ type: undefined }) }, 'documents.0.forms.0.type'],
    ['with a word for a position', { body: withForm({ positionX: 'left' }) }, 'documents.0.forms.0.positionX'],
    ['with words for a width', { body: withForm({ width: '10 percent' }) }, 'documents.0.forms.0.width'],
    [
      'with a request without signer',
      { body: withDocument({ signatureRequests: [without(wireRequest(3, 2), 'signerId')] }) },
      'documents.0.signatureRequests.0.signerId',
    ],
    [
      'with a signature of no request',
      { body: { ...dst, signatures: [{ documentId: 1 }] } },
      'signatures.0.signatureRequestId',
    ],
    [
      'with more forms than anyone fills',
      { body: withDocument({ forms: new Array(10_001).fill({}) }) },
      'documents.0.forms',
    ],
  ])('%s', async (_name, answer, field) => {
    await expect(session(answer).transaction('x')).rejects.toMatchObject({
      name: 'ProviderError',
      code: 'bad-response',
      field,
      outcomeUnknown: false,
    });
  });

  it('too large, or cut off', async () => {
    await expect(session(new HttpError('too-large', true)).transaction('x')).rejects.toMatchObject({
      code: 'bad-response',
    });
    await expect(session(new HttpError('cut-short', true)).transaction('x')).rejects.toMatchObject({ code: 'offline' });
  });

  it('a prototype in it changes nothing here', async () => {
    const poisoned = whole.replace(
      '{',
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
    );
    const { transaction } = await session({ body: poisoned }).transaction('x');
    expect(transaction.title).toBe('Sales contract');
    expect(({} as Wire).polluted).toBeUndefined();
  });

  it('nested without end', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const answer = { body: whole.replace('{', `{"deep":${deep},`) };
    const outcome = await session(answer)
      .transaction('x')
      .then(
        ({ transaction }) => transaction.title,
        ({ code }: { code: string }) => code,
      );
    expect(['Sales contract', 'bad-response']).toContain(outcome);
  });

  it('unknown fields, nulls for missing, numbers as text: all read', async () => {
    const lenient = {
      ...dst,
      future: { a: 1 },
      errorMessage: null,
      expiresAt: null,
      replaces: null,
      tags: null,
      urgent: null,
      extraData: null,
      documents: [
        wireDocument({
          forms: [
            wireForm(9, 'SignatureForm', 2, {
              positionX: '10,5',
              positionY: ' 20 ',
              width: 30,
              page: '2',
              extraData: 'odd',
            }),
          ],
        }),
      ],
    };
    const { transaction } = await session({ body: lenient }).transaction('x');
    expect(transaction.documents[0]?.forms[0]?.box).toEqual({ page: 2, x: 10.5, y: 20, width: 30, height: 5 });
  });
});

describe('other answers that are none', () => {
  it.each([
    ['notes', (s: ProviderSession) => s.notes('x'), { body: {} }, 'body'],
    ['notes', (s: ProviderSession) => s.notes('x'), { body: [{ id: 1 }] }, '0.text'],
    ['notes', (s: ProviderSession) => s.notes('x'), { body: [{ id: 1, text: 'x', createdAt: 'now' }] }, '0.createdAt'],
    ['identities', (s: ProviderSession) => s.identities(), { body: [{ label: 'x' }] }, '0.id'],
    [
      'identities',
      (s: ProviderSession) => s.identities(),
      { body: [{ id: 'i', providerData: 'x' }] },
      '0.providerData',
    ],
    [
      'a download',
      (s: ProviderSession) => s.download('r'),
      { body: html, headers: { 'content-type': 'text/html' } },
      'content-type',
    ],
    ['a download', (s: ProviderSession) => s.download('r'), { status: 302 }, 'status'],
  ])('%s %#', async (_name, run, answer, field) => {
    await expect(run(session(answer))).rejects.toMatchObject({ code: 'bad-response', field });
  });

  it('a list: its bad items are named, the good ones come through', async () => {
    const values = [
      dst,
      { ...dst, id: 'bad-1', status: 7 },
      'nonsense',
      { ...dst, id: 'good-2' },
      { status: 'toSign' },
    ];
    const pages = [];
    for await (const page of session({ body: { count: 5, values } }).transactions({})) pages.push(page);
    expect(pages).toHaveLength(1);
    expect(pages[0]?.items.map(({ transaction }) => transaction.remoteId)).toEqual([dst.id, 'good-2']);
    expect(pages[0]?.unreadable).toEqual([
      { remoteId: 'bad-1', field: 'status' },
      { remoteId: undefined, field: 'body' },
      { remoteId: undefined, field: 'id' },
    ]);
    expect(pages[0]?.total).toBe(5);
  });

  it.each([
    ['no values', { body: { count: 3 } }, 'values'],
    ['values that are no list', { body: { values: {} } }, 'values'],
  ])('a list with %s', async (_name, answer, field) => {
    const first = session(answer).transactions({})[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({ code: 'bad-response', field });
  });
});

describe('refusals', () => {
  it.each([
    [400, 'refused'],
    [402, 'refused'],
    [403, 'refused'],
    [404, 'not-found'],
    [405, 'refused'],
    [409, 'stale'],
    [410, 'not-found'],
    [412, 'stale'],
    [413, 'refused'],
    [429, 'rate-limited'],
    [408, 'server-error'],
    [500, 'server-error'],
    [502, 'server-error'],
    [503, 'server-error'],
    [504, 'server-error'],
  ])('%i is %s', async (status, code) => {
    const body =
      status === 400 ? [{ code: 'BadArgument', message: 'one' }, { message: 'two\u0007' }] : { message: 'one' };
    await expect(session({ status, body }).transaction('x')).rejects.toMatchObject({
      code,
      status,
      serverMessage: status === 400 ? 'one; two' : 'one',
      outcomeUnknown: false,
    });
    await expect(session({ status, body }).download('x')).rejects.toMatchObject({ code, status });
  });

  it.each([
    ['HTML', html],
    ['nothing', ''],
    ['half a JSON', '{"message": "no'],
    ['a message that is none', '{"message": {"a": 1}}'],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00])],
  ])('with %s have no words of the server', async (_name, body) => {
    await expect(session({ status: 500, body }).transaction('x')).rejects.toMatchObject({
      code: 'server-error',
      serverMessage: undefined,
    });
  });

  it("cut the server's words and clean them", async () => {
    const body = { message: `a\u001b[2Jb\u202E${'x'.repeat(2000)}` };
    const error = await session({ status: 500, body })
      .transaction('x')
      .catch(({ serverMessage }: { serverMessage: string }) => serverMessage);
    expect(error).toHaveLength(500);
    expect(error).toMatch(/^a \[2Jbxxx/);
  });

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Mon, 01 Jan 2024 00:00:30 GMT', 30_000],
    ['Mon, 01 Jan 2020 00:00:00 GMT', 0],
    ['9999999', 86_400_000],
    ['soon', undefined],
    ['', undefined],
  ])('Retry-After: %s', async (header, retryAfterMs) => {
    const answer = { status: 429, headers: { 'retry-after': header } };
    await expect(session(answer).transaction('x')).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs });
  });

  it.each(['.', '..', ''])('an id no address can carry is not found: %j', async (id) => {
    await expect(session({ body: dst }).transaction(id)).rejects.toMatchObject({ code: 'not-found' });
  });
});
