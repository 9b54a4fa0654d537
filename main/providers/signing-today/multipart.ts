/** multipart/form-data (RFC 7578), written as it is sent: text fields first, then at most one file, its bytes streamed. */
import { randomBytes } from 'node:crypto';

export interface FilePart {
  readonly name: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  chunks(): AsyncIterable<Uint8Array>;
}

export interface MultipartBody {
  readonly contentType: string;
  /** The whole body's exact length. */
  readonly sizeBytes: number;
  /** A fresh stream of the body at each call. Fails with the file's own error, or where the file has another length than it said. */
  chunks(): AsyncIterable<Uint8Array>;
}

export class MultipartError extends Error {
  readonly code = 'length-differs';
  constructor() {
    super('multipart: length-differs');
    this.name = 'MultipartError';
  }
}

/** HTML, 4.10.21.8: quotes and line breaks in names are percent-encoded, all else is UTF-8 as it is. */
function quoted(name: string): string {
  const escaped = name.replace(/["\r\n]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return `"${escaped}"`;
}

export function toMultipart(fields: Readonly<Record<string, string>>, file?: FilePart): MultipartBody {
  const boundary = `----countersign-${randomBytes(18).toString('hex')}`;
  const head: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    head.push(`--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}\r\n\r\n${value}\r\n`);
  }
  if (file) {
    head.push(
      `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(file.name)}; filename=${quoted(file.fileName)}\r\n`,
      `Content-Type: ${file.contentType}\r\n\r\n`,
    );
  }
  const before = Buffer.from(head.join(''));
  const after = Buffer.from(`${file ? '\r\n' : ''}--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    sizeBytes: before.length + (file?.sizeBytes ?? 0) + after.length,
    async *chunks() {
      yield before;
      if (file) yield* exactly(file.chunks(), file.sizeBytes);
      yield after;
    },
  };
}

async function* exactly(chunks: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncIterable<Uint8Array> {
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.byteLength;
    if (seen > sizeBytes) throw new MultipartError();
    yield chunk;
  }
  if (seen !== sizeBytes) throw new MultipartError();
}
