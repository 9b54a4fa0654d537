/** An HTTP port that answers from a script, and a DST as the wire has it. */
import type { Clock } from '../../../../main/platform/clock.ts';
import { HttpError, type HttpPort, type HttpRequest, type HttpResponse } from '../../../../main/platform/http.ts';
import type { CredentialStore, Credentials } from '../../../../main/providers/provider.ts';

export const baseUrl = 'https://signing.example/api';
export const me = '11111111-0000-4000-8000-000000000001';
export const other = '22222222-0000-4000-8000-000000000002';

export const clock: Clock = {
  now: () => Date.UTC(2024, 0, 1),
  monotonicMs: () => 0,
  delay: async () => undefined,
};

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when bytes or text, else as JSON. */
  readonly body?: unknown;
}

export type Script = (request: Seen, index: number) => ScriptedAnswer | HttpError | Promise<ScriptedAnswer | HttpError>;

export interface Seen {
  readonly method: string;
  /** Path and query below the base. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

async function textOf(body: HttpRequest['body']): Promise<string> {
  if (body === undefined) return '';
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function toBytes(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

export function scripted(script: Script): HttpPort & { readonly seen: Seen[] } {
  const seen: Seen[] = [];
  async function request(asked: HttpRequest): Promise<HttpResponse> {
    if (asked.signal?.aborted) throw new HttpError('cancelled', false);
    const about = {
      method: asked.method,
      path: asked.url.slice(baseUrl.length),
      headers: asked.headers ?? {},
      text: await textOf(asked.body),
    };
    seen.push(about);
    const answer = await script(about, seen.length - 1);
    if (answer instanceof HttpError) throw answer;
    return {
      status: answer.status ?? 200,
      headers: { 'content-type': 'application/json', ...answer.headers },
      body: toBytes(answer.body),
    };
  }
  return {
    seen,
    request,
    async stream(asked) {
      const { status, headers, body } = await request(asked);
      return {
        status,
        headers,
        body: (async function* () {
          yield body;
        })(),
      };
    },
    close: async () => undefined,
  };
}

export function memoryCredentials(
  first: Partial<Credentials> = {},
): CredentialStore & { current: Credentials; readonly saved: Credentials[] } {
  const saved: Credentials[] = [];
  return {
    saved,
    current: {
      accessToken: 'old',
      refreshToken: 'refresh-1',
      expiresAt: 0,
      clientId: 'client',
      clientSecret: 'secret',
      ...first,
    },
    async read() {
      return this.current;
    },
    async save(credentials) {
      saved.push(credentials);
      this.current = credentials;
    },
  };
}

/** A JSON value of the wire, loosely typed on purpose: tests break it in every way. */
export type Wire = Record<string, unknown>;

export function wireSigner(id: number, userUUID: string | undefined, more: Wire = {}): Wire {
  return { id, name: `Name${id}`, surname: `Surname${id}`, email: `s${id}@example.test`, userUUID, ...more };
}

export function wireRequest(id: number, signerId: number, more: Wire = {}): Wire {
  return {
    id,
    reason: 'As the buyer',
    description: '',
    signerId,
    signProfile: 'PAdES',
    withTimestamp: true,
    declinable: true,
    restrictions: [],
    extraData: {},
    ...more,
  };
}

export function wireForm(id: number, type: 'TextForm' | 'SignatureForm', signerId: number, more: Wire = {}): Wire {
  return {
    id,
    documentId: 1,
    type,
    positionX: '10.00',
    positionY: '20.00',
    width: '30.00',
    height: '5.00',
    page: 1,
    signerId,
    toFill: type === 'TextForm',
    filled: false,
    invisible: false,
    extraData: {},
    ...more,
  };
}

export function wireDocument(more: Wire = {}): Wire {
  return {
    id: 1,
    plainDocumentUuid: 'plain-1',
    status: 'plain',
    forms: [],
    signatureRequests: [wireRequest(3, 2)],
    signerGroups: [{ signers: [wireSigner(2, me)] }],
    ...more,
  };
}

/** A DST with one document and one request of mine, ready to sign. */
export function wireDst(more: Wire = {}): Wire {
  return {
    id: '737dc132-a3f0-11e9-a2a3-2a2ae2dbcce4',
    domain: 'demo',
    title: 'Sales contract',
    createdByUser: other,
    createdAt: '2021-10-17T07:26Z',
    publishedAt: '2021-10-17T07:26Z',
    documents: [wireDocument()],
    resources: [{ id: 'plain-1', title: 'Contract', filename: 'contract.pdf', size: 100, extraData: {} }],
    signatures: [],
    status: 'toSign',
    tags: [],
    urgent: false,
    updatedAt: '2021-10-18T00:00:00Z',
    ...more,
  };
}

export function wireSignature(requestId: number, more: Wire = {}): Wire {
  return {
    documentId: 1,
    signatureRequestId: requestId,
    signedAt: '2021-10-17T07:26Z',
    status: 'signed',
    extraData: {},
    ...more,
  };
}
