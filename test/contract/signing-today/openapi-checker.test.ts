/** The check against the vendor's OpenAPI refuses what does not keep to it: a checker that passes everything checks nothing. */
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../sandbox/signing-today/index.ts';
import { createChecker, loadDocument, missingDocument } from '../../sandbox/signing-today/openapi/index.ts';

const document = loadDocument();

const id = '737dc132-a3f0-11e9-a2a3-2a2ae2dbcce4';
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const json = { 'content-type': 'application/json' };

const good: Exchange = {
  operationId: 'dSTIdFillPATCH',
  method: 'PATCH',
  path: '/DST/{id}/fill',
  params: { id },
  query: new URLSearchParams(),
  body: { type: 'application/json', value: { id: 1, documentId: 2, positionX: '10.00', extraData: { value: 'x' } } },
  status: 200,
  headers: json,
  answer: bytes({ id, status: 'toSign', createdAt: '2018-12-19 09:26:03.478039', signatures: [], urgent: true }),
};

describe.skipIf(!document)(document ? 'the checker' : `the checker (skipped: ${missingDocument})`, () => {
  const checker = document ? createChecker(document) : undefined;
  const check = (change: Partial<Exchange>) => checker?.check({ ...good, ...change });

  it('passes what keeps to the document', () => {
    expect(check({})).toEqual([]);
    expect(check({ status: 404, answer: new Uint8Array() })).toEqual([]);
    expect(check({ status: 400, answer: bytes([{ code: 'invalid', message: 'no', target: 'x' }]) })).toEqual([]);
    expect(check({ status: 401, answer: bytes({ code: 'token-expired', message: 'no' }) })).toEqual([]);
  });

  it.each<[string, Partial<Exchange>]>([
    ['an operation of no name', { operationId: 'nothing' }],
    ['a status nobody documents', { status: 418, answer: bytes({}) }],
    ['a field of another type', { answer: bytes({ urgent: 'yes' }) }],
    ['a field nobody documents', { answer: bytes({ id, colour: 'red' }) }],
    ['a status of no such name', { answer: bytes({ status: 'finished' }) }],
    ['a time that is none', { answer: bytes({ createdAt: 'yesterday' }) }],
    ['an id that is no UUID', { answer: bytes({ id: '7' }) }],
    ['a list for an object', { answer: bytes([]) }],
    ['HTML for JSON', { answer: Buffer.from('<html></html>'), headers: { 'content-type': 'text/html' } }],
    ['one error where a list is due', { status: 400, answer: bytes({ code: 'invalid', message: 'no' }) }],
    ['a list of errors where one is due', { status: 409, answer: bytes([{ code: 'stale', message: 'no' }]) }],
    ['a body where none is due', { status: 404, answer: bytes({ code: 'not-found' }) }],
    ['a request body of another type', { body: { type: 'text/plain', value: 'x' } }],
    ['a request field of another type', { body: { type: 'application/json', value: { id: 'one' } } }],
    ['a request field nobody documents', { body: { type: 'application/json', value: { colour: 'red' } } }],
    ['a request without its body', { body: undefined }],
    ['a query nobody documents', { query: new URLSearchParams({ verbose: 'true' }) }],
    ['a path that is none', { params: { id: 'x' } }],
    [
      'a query of another type',
      {
        operationId: 'dSTsGET',
        params: {},
        body: undefined,
        query: new URLSearchParams({ $top: 'ten' }),
        answer: bytes({ values: [] }),
      },
    ],
    [
      'a missing query',
      { operationId: 'pdfResourceIdThumbsGET', body: undefined, headers: { 'content-type': 'image/jpeg' } },
    ],
  ])('refuses %s', (_name, change) => {
    expect(check(change)).not.toEqual([]);
  });
});
