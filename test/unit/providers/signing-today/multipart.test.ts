import { Readable } from 'node:stream';
import busboy from 'busboy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FilePart, type MultipartBody, toMultipart } from '../../../../main/providers/signing-today/multipart.ts';

function file(bytes: Uint8Array, more: Partial<FilePart> = {}): FilePart {
  return {
    name: 'file',
    fileName: 'contract.pdf',
    contentType: 'application/pdf',
    sizeBytes: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    },
    ...more,
  };
}

interface Read {
  readonly fields: Record<string, string>;
  readonly file: { name: string; fileName: string; contentType: string; bytes: Buffer } | undefined;
  readonly size: number;
}

/** Reads a body back with a parser that is not ours. */
async function read(body: MultipartBody): Promise<Read> {
  const fields: Record<string, string> = {};
  let found: Read['file'];
  let size = 0;
  const form = busboy({ headers: { 'content-type': body.contentType }, defParamCharset: 'utf8' });
  form.on('field', (name, value) => {
    fields[name] = value;
  });
  form.on('file', (name, stream, info) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      found = { name, fileName: info.filename ?? '', contentType: info.mimeType, bytes: Buffer.concat(chunks) };
    });
  });
  const done = new Promise((resolve, reject) => form.on('close', resolve).on('error', reject));
  async function* counted() {
    for await (const chunk of body.chunks()) {
      size += chunk.length;
      yield chunk;
    }
  }
  Readable.from(counted()).pipe(form);
  await done;
  return { fields, file: found, size };
}

describe('multipart bodies', () => {
  it('carry fields and a file, in exactly the announced length', async () => {
    const body = toMultipart({ title: 'Übersicht', filename: 'contract.pdf' }, file(Buffer.from('%PDF-1.7\r\n--x')));
    const back = await read(body);
    expect(back.fields).toEqual({ title: 'Übersicht', filename: 'contract.pdf' });
    expect(back.file).toEqual({
      name: 'file',
      fileName: 'contract.pdf',
      contentType: 'application/pdf',
      bytes: Buffer.from('%PDF-1.7\r\n--x'),
    });
    expect(back.size).toBe(body.sizeBytes);
  });

  it('carry any bytes and any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), async (bytes, text) => {
        const wellFormed = text.toWellFormed();
        const body = toMultipart({ title: wellFormed }, file(bytes));
        const back = await read(body);
        expect(back.fields.title).toBe(wellFormed);
        expect(back.file?.bytes.equals(bytes)).toBe(true);
        expect(back.size).toBe(body.sizeBytes);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('can be streamed twice', async () => {
    const body = toMultipart({}, file(Buffer.from('abc')));
    expect((await read(body)).file?.bytes.toString()).toBe('abc');
    expect((await read(body)).file?.bytes.toString()).toBe('abc');
  });

  it('keep a file name from forging a header', async () => {
    const body = toMultipart({}, file(Buffer.from('x'), { fileName: 'a"; name="title"\r\nX-Evil: 1\r\n\r\n.pdf' }));
    const text = Buffer.concat(await Readable.from(body.chunks()).toArray()).toString();
    expect(text).not.toContain('\r\nX-Evil');
    expect((await read(body)).file?.name).toBe('file');
  });

  it.each([2, 4])('end with an error where the file has another length than it said (%i of 3 bytes)', async (said) => {
    const body = toMultipart({}, file(Buffer.from('abc'), { sizeBytes: said }));
    await expect(Readable.from(body.chunks()).toArray()).rejects.toMatchObject({ code: 'length-differs' });
  });
});
