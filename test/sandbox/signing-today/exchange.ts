/** What went over the wire for one operation, for whoever checks it against the documents. */
import type { IncomingMessage } from 'node:http';

export interface Exchange {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** As it was read: JSON parsed, a form's fields (a file among them as the text `file`), or text. None where it was not read. */
  readonly body: { readonly type: string; readonly value: unknown } | undefined;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: Uint8Array;
}

const bodies = new WeakMap<IncomingMessage, { type: string; value: unknown }>();

const typeOf = (request: IncomingMessage) => (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';

/** Notes what an operation read of its request. */
export function noteBody(request: IncomingMessage, value: unknown): void {
  bodies.set(request, { type: typeOf(request).toLowerCase(), value });
}

export const bodyOf = (request: IncomingMessage): Exchange['body'] => bodies.get(request);
