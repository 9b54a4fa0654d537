/** What an operation answers, before it is written: so that the server can also spoil it on the way out. */
import type { Readable } from 'node:stream';
import type { ApiError } from './errors.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | { readonly size: number; open(): Readable };
}

const NOTHING = new Uint8Array();

export function json(value: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}

export const noContent: Answer = { status: 204, headers: {}, body: NOTHING };

/** A resource's bytes: the documents say application/octet-stream whatever it is. */
export function bytes(size: number, open: () => Readable): Answer {
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: { size, open } };
}

/** 400 is an array of errors, 404 has no body, the rest one error (OpenAPI, responses). */
export function refused(error: ApiError): Answer {
  if (error.status === 404) return { status: 404, headers: {}, body: NOTHING };
  const answer = json(error.status === 400 ? error.errors : error.errors[0], error.status);
  const headers = error.status === 401 ? { ...answer.headers, 'www-authenticate': 'Bearer' } : answer.headers;
  return { ...answer, headers };
}

/** ServiceFailureResponse. */
export const failed: Answer = json({ code: 'internal', message: 'The service failed' }, 500);
