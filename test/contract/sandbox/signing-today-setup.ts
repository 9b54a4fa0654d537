/** A served state with two people in it, and calls to it as a client makes them. */
import { createHash } from 'node:crypto';
import { PDFDocument } from 'pdf-lib';
import type { Clock } from '../../../main/platform/clock.ts';
import {
  createSigningTodayState,
  type Dst,
  type SeedDocument,
  type SeedDst,
  type SigningTodayServer,
  type SigningTodayState,
  type User,
} from '../../sandbox/signing-today/index.ts';
import { startWatched } from '../../sandbox/signing-today/openapi/index.ts';

export const START = Date.UTC(2026, 2, 2, 9, 30, 15, 250);

export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(startMs = START): TestClock {
  let now = startMs;
  return {
    now: () => now,
    monotonicMs: () => now,
    delay: async (ms) => {
      now += ms;
    },
    advance(ms) {
      now += ms;
    },
  };
}

export async function samplePdf(pages = 1): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  for (let page = 0; page < pages; page += 1) pdf.addPage([400, 300]);
  return pdf.save();
}

/** Stands in for a signature: bytes after the base, as an increment puts them. */
export function continued(base: Uint8Array, text = 'increment'): Uint8Array {
  return new Uint8Array(Buffer.concat([base, Buffer.from(`\n% ${text}\n%%EOF\n`)]));
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** The body parsed; fails where it is not JSON. */
  json<T = unknown>(): T;
}

/** One signed-in person's calls. */
export interface Person {
  readonly user: User;
  readonly token: string;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  dst(id: string): Promise<Dst>;
  upload(dstId: string, bytes: Uint8Array, fields?: Record<string, string>): Promise<Answer>;
  /** Uploads a signed file and makes the DST to send back. */
  prepare(dstId: string, documentId: number, requestId: number): Promise<HandIn>;
  /** Prepares and hands in a signature as the client does; `change` alters the body before it is sent. */
  sign(dstId: string, documentId: number, requestId: number, change?: (body: HandIn) => void): Promise<Answer>;
}

/** A DST on its way back; a test spoils it at will. */
export type HandIn = Dst;

export async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    json: <T>() => JSON.parse(new TextDecoder().decode(bytes)) as T,
  };
}

export const basic = (id = 'countersign', secret = 'sandbox'): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

export function requestToken(url: string, fields: Record<string, string>, authorization = basic()): Promise<Answer> {
  return send(`${url}/oauth/token`, { method: 'POST', headers: { authorization }, body: new URLSearchParams(fields) });
}

export async function signIn(server: SigningTodayServer, user: User, password = 'secret'): Promise<Person> {
  const fields = { grant_type: 'password', username: `${user.username}@${user.domain}`, password };
  const token = (await requestToken(server.url, fields)).json<{ access_token: string }>().access_token;
  const authorization = `Bearer ${token}`;
  const call: Person['call'] = (method, path, body) =>
    send(`${server.url}${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const upload: Person['upload'] = (dstId, bytes, about = {}) => {
    const form = new FormData();
    const given = { filename: 'signed.pdf', resourceType: 'PDF_Document', title: 'Signed', ...about };
    for (const [name, value] of Object.entries(given)) form.append(name, value);
    form.append('file', new Blob([Uint8Array.from(bytes)]), given.filename);
    return send(`${server.url}/DST/${dstId}/resources`, { method: 'PATCH', headers: { authorization }, body: form });
  };
  const prepare: Person['prepare'] = async (dstId, documentId, signatureRequestId) => {
    const base = await server.state.currentBytes(dstId, documentId);
    const signed = continued(base, `${user.username} ${signatureRequestId}`);
    const body = (await upload(dstId, signed)).json<HandIn>();
    const resourceId = body.resources.at(-1)?.id;
    body.signatures.push({
      documentId,
      signatureRequestId,
      signedAt: '2026-03-02T09:30:00Z',
      status: 'signed',
      extraData: { resourceId, sha256: sha256(signed), baseSha256: sha256(base) },
    });
    const document = body.documents.find(({ id }) => id === documentId);
    const answered = new Set(body.signatures.map((each) => each.signatureRequestId));
    if (document && resourceId !== undefined && document.signatureRequests.every(({ id }) => answered.has(id))) {
      document.signedDocumentUuid = resourceId;
    }
    return body;
  };
  return {
    user,
    token,
    call,
    upload,
    dst: async (id) => (await call('GET', `/DST/${id}`)).json<Dst>(),
    prepare,
    async sign(dstId, documentId, signatureRequestId, change = () => undefined) {
      const body = await prepare(dstId, documentId, signatureRequestId);
      change(body);
      return call('PUT', `/DST/${dstId}`, body);
    },
  };
}

export interface Setup {
  readonly clock: TestClock;
  readonly state: SigningTodayState;
  readonly server: SigningTodayServer;
  readonly anna: Person;
  readonly bruno: Person;
  /** A DST of Anna's making; what is left out asks both for a signature, in parallel. */
  addDst(seed?: Partial<SeedDst>, document?: Partial<SeedDocument>): Promise<Dst>;
}

export async function setUp(): Promise<Setup> {
  const clock = testClock();
  const state = createSigningTodayState({ clock });
  const [a, b] = [
    state.addUser({ username: 'anna', password: 'secret', name: 'Anna', surname: 'Arni', role: 'instructor' }),
    state.addUser({ username: 'bruno', password: 'secret', name: 'Bruno', surname: 'Bassi' }),
  ];
  const { server } = await startWatched(state);
  const pdf = await samplePdf();
  return {
    clock,
    state,
    server,
    anna: await signIn(server, a),
    bruno: await signIn(server, b),
    addDst: (seed, document) =>
      state.addDst({
        title: 'Lease',
        createdBy: a.id,
        documents: [
          {
            title: 'Lease',
            pdf,
            signatureRequests: [{ signer: a.id }, { signer: b.id }],
            signerGroups: [[a.id, b.id]],
            ...document,
          },
        ],
        ...seed,
      }),
  };
}

/** The first document of a DST and the ids of its requests and forms, in their order. */
export function idsOf(dst: Dst): { documentId: number; requests: number[]; forms: number[] } {
  const [document] = dst.documents;
  if (!document) throw new Error('no document');
  return {
    documentId: document.id,
    requests: document.signatureRequests.map(({ id }) => id),
    forms: document.forms.map(({ id }) => id),
  };
}

/** The codes of an error body: an array of errors on 400, one error elsewhere. */
export function codesOf(answer: Answer): string[] {
  const body = answer.json<{ code: string } | { code: string }[]>();
  return (Array.isArray(body) ? body : [body]).map(({ code }) => code);
}

/** One of a list, which must have it. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
}
