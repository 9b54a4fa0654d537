/** Request bodies: JSON checked against a schema, forms of either encoding, and one uploaded file streamed to where it is kept. */
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { z } from 'zod';
import type { ContentStore } from './content-store.ts';
import { ApiError, refusal } from './errors.ts';
import { noteBody } from './exchange.ts';
import type { ContentRecord } from './records.ts';

const MAX_JSON_BYTES = 4 * 1024 * 1024;
const MAX_FILE_BYTES = 2 * 1024 * 1024 * 1024;

const toTarget = (path: readonly PropertyKey[]) => path.map(String).join('.');

async function readAll(request: IncomingMessage, limitBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limitBytes) throw refusal(413, 'too-large', 'The body is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const isType = (request: IncomingMessage, type: string) =>
  request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() === type;

/** A text/plain body. @throws ApiError 413, 415 */
export async function readText(request: IncomingMessage, limitBytes = 64 * 1024): Promise<string> {
  if (!isType(request, 'text/plain')) throw refusal(415, 'not-text', 'text/plain is needed');
  const text = await readAll(request, limitBytes);
  noteBody(request, text);
  return text;
}

/** @throws ApiError 400 with one error for each field at fault, 413, 415 */
export async function readJson<T extends z.ZodType>(
  request: IncomingMessage,
  schema: T,
  limitBytes = MAX_JSON_BYTES,
): Promise<z.infer<T>> {
  if (!isType(request, 'application/json')) throw refusal(415, 'not-json', 'application/json is needed');
  const text = await readAll(request, limitBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal(400, 'not-json', 'The body is not JSON');
  }
  noteBody(request, value);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ApiError(
    400,
    parsed.error.issues.map((issue) => ({ code: 'invalid', message: issue.message, target: toTarget(issue.path) })),
  );
}

function openForm(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 32, fieldSize: 64 * 1024, fileSize: MAX_FILE_BYTES },
    });
  } catch {
    throw refusal(415, 'not-a-form', 'A form is needed');
  }
}

async function feed(request: IncomingMessage, form: busboy.Busboy): Promise<void> {
  try {
    await pipeline(request, form);
  } catch {
    throw refusal(400, 'bad-form', 'The form is cut short or malformed');
  }
}

/** The text fields of an urlencoded or multipart form; the last of a name counts, files are passed over. */
export async function readForm(request: IncomingMessage): Promise<Map<string, string>> {
  const form = openForm(request);
  const fields = new Map<string, string>();
  form.on('field', (name, value) => fields.set(name, value));
  form.on('file', (_name, file) => file.resume());
  await feed(request, form);
  noteBody(request, Object.fromEntries(fields));
  return fields;
}

export interface Upload {
  readonly fields: Map<string, string>;
  readonly file: { readonly id: string; readonly content: ContentRecord } | undefined;
}

/** A multipart form whose `file` is written to `contents` under `id` as it arrives; nothing is kept of a form that fails. */
export async function readUpload(request: IncomingMessage, contents: ContentStore, id: string): Promise<Upload> {
  const form = openForm(request);
  const fields = new Map<string, string>();
  let writing: Promise<ContentRecord> | undefined;
  let truncated = false;
  form.on('field', (name, value) => fields.set(name, value));
  form.on('file', (name, file) => {
    if (name !== 'file') {
      file.resume();
      return;
    }
    file.on('limit', () => {
      truncated = true;
    });
    writing = contents.write(id, file);
    writing.catch(() => file.resume());
  });
  try {
    await feed(request, form);
    if (truncated) throw refusal(413, 'too-large', 'The file is too large', 'file');
    const content = await writing;
    noteBody(request, { ...Object.fromEntries(fields), ...(content && { file: '' }) });
    return { fields, file: content && { id, content } };
  } catch (error) {
    await writing?.catch(() => undefined);
    await contents.remove(id);
    throw error;
  }
}
