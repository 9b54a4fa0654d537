/**
 * A file's signature in two steps with the key between them: `begin` reads the input once and makes what is to be signed, `complete` verifies
 * and writes. Bytes and disk only, so it runs in the command line's process as in the engine's thread.
 */
import { basename } from 'node:path';
import {
  blockSource,
  bufferSource,
  onePassSource,
  type PreparedSignature,
  rewriteDamaged,
  type SigningWarning,
  type Source,
} from '../pades/index.ts';
import { errorCode } from '../platform/error-code.ts';
import {
  createWhole,
  type FileSource,
  openFileSource,
  readSmall,
  type WholeFile,
  writeAll,
  writeSmall,
} from '../platform/file-source.ts';
import { signedRanges, type ValidationOptions } from '../validation/index.ts';
import { type BegunCades, beginCades, completeCades } from './cades-engine.ts';
import { EngineError, finish, prepare } from './engine.ts';
import type { FileCompletion, FileRequest } from './file-request.ts';
import { limiter } from './limiter.ts';
import { markLines } from './mark.ts';

export interface BegunFile {
  /** For `complete` or `abandon`. */
  readonly id: number;
  /** What the key signs. */
  readonly signedAttributes: Uint8Array;
  readonly warnings: readonly SigningWarning[];
}

export interface CompletedFile {
  /** Hex, of the output. */
  readonly sha256: string;
  /** The timestamp was too large for its room: the file is B-B until a document timestamp is appended. */
  readonly timestampLeftOut: boolean;
  /** Milliseconds of it that went into having the disk keep it. */
  readonly syncMs: number;
}

export interface FileEngine<Input> {
  /**
   * @param beside what a detached message to be signed again signs
   * @throws PadesError, PdfError, CadesError, EngineError; system errors. Nothing stays open then.
   */
  begin(input: Input, output: string, request: FileRequest, beside?: Input): Promise<BegunFile>;
  /** The output appears whole or not at all. @throws as begin */
  complete(id: number, completion: FileCompletion, validation: ValidationOptions): Promise<CompletedFile>;
  abandon(id: number): Promise<void>;
}

/** Up to this size a file is read whole: a few trips to the disk cost more than its bytes. */
const SMALL_FILE_BYTES = 128 * 1024;
/** Passes over large files at once: more make the disk no faster. */
const LARGE_AT_ONCE = 2;

interface Open {
  /** Undefined once the input is in memory. */
  readonly input: FileSource | undefined;
  /** The whole input, where it is small. */
  readonly small?: Uint8Array;
  /** What the input was read into, to be used again. */
  readonly room?: Uint8Array;
  /** Undefined where nothing is written before the end. */
  readonly whole: WholeFile | undefined;
  readonly source: Source;
  readonly output: string;
  readonly request: FileRequest;
  readonly made: { readonly kind: 'pades'; readonly prepared: PreparedSignature } | BegunCades;
}

function toPrepare(request: FileRequest) {
  const { commonName, fieldName, reason, signedAt, template, role, rewrite: _, cades: __, ...rest } = request;
  const { certificate, location } = request;
  return {
    ...rest,
    reason,
    signedAt,
    ...(fieldName === undefined ? {} : { fieldName }),
    appearanceLines: markLines({ name: commonName, at: signedAt, reason, location, role, certificate, template }),
    expectedSha256: undefined,
  };
}

async function putAway({ input, whole }: Pick<Open, 'input' | 'whole'>): Promise<void> {
  await whole?.abandon();
  await input?.close();
}

/** A file on disk as the engine's input, by its path. */
export const openPath = async (path: string) => Object.assign(await openFileSource(path), { name: basename(path) });

export interface EngineFiles<Input> {
  /** Random access. */
  open(input: Input): Promise<FileSource & { readonly name: string }>;
  /** All of it at once, in the beginning of `room`; undefined where it is larger than that, or not to be had so. */
  readSmall(input: Input, room: Uint8Array): Uint8Array | undefined;
}

export const pathFiles: EngineFiles<string> = { open: openPath, readSmall };

/** Memory for small files, used again: a page that is touched for the first time costs more than reading into it. */
function roomsFor(bytes: number) {
  const free: Uint8Array[] = [];
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(bytes),
    giveBack(room: Uint8Array | undefined) {
      if (room) free.push(room);
    },
  };
}

export function createFileEngine<Input>(files: EngineFiles<Input>): FileEngine<Input> {
  const opened = new Map<number, Open>();
  const large = limiter(LARGE_AT_ONCE);
  const rooms = roomsFor(SMALL_FILE_BYTES);
  let nextId = 1;

  /** One pass over the input: the bytes that are hashed are those that are written. */
  const ranges = (source: Source, { password }: FileRequest) => signedRanges(source, { password });

  async function beginSmall(bytes: Uint8Array, output: string, request: FileRequest): Promise<Open> {
    const input = bufferSource(bytes);
    const nowhere = { write: async () => undefined };
    const source: Source = onePassSource(input, { sink: nowhere, ranges: () => ranges(source, request) });
    const prepared = await prepare(source, toPrepare(request));
    return {
      input: undefined,
      whole: undefined,
      source,
      small: bytes,
      output,
      request,
      made: { kind: 'pades', prepared },
    };
  }

  async function beginPades(input: FileSource, output: string, request: FileRequest): Promise<Open> {
    if (input.size <= SMALL_FILE_BYTES) {
      const bytes = await input.read(0, input.size);
      await input.close();
      return orRewritten(bufferSource(bytes), output, request, () => beginSmall(bytes, output, request));
    }
    const begun = await orRewritten(input, output, request, () => beginLarge(input, output, request));
    // What was written anew is a file of its own: the damaged one is read no more.
    if (!begun.input) await input.close();
    return begun;
  }

  async function beginLarge(input: FileSource, output: string, request: FileRequest): Promise<Open> {
    const whole = await createWhole(output);
    try {
      const sink = { write: (bytes: Uint8Array) => writeAll(whole.file, bytes) };
      const source: Source = onePassSource(blockSource(input), { sink, ranges: () => ranges(source, request) });
      const prepared = await prepare(source, toPrepare(request));
      return { input, whole, source, output, request, made: { kind: 'pades', prepared } };
    } catch (error) {
      await whole.abandon();
      throw error;
    }
  }

  async function completePades(one: Open, prepared: PreparedSignature, given: FileCompletion, how: ValidationOptions) {
    const { scheme, certificate, chain } = one.request;
    const { signature, timestampToken } = given;
    const asked = { ...prepared, signature, scheme, certificate, chain, timestampToken, mayLeaveTimestampOut: true };
    const { increment, sha256, timestampLeftOut } = await finish(one.source, asked, how);
    if (one.small) return { sha256, timestampLeftOut, syncMs: await writeSmall(one.output, [one.small, increment]) };
    await writeAll(whole(one).file, increment);
    return { sha256, timestampLeftOut, syncMs: await whole(one).commit() };
  }

  function whole({ whole: file }: Open): WholeFile {
    if (!file) throw new EngineError('verification-failed', 'nothing to write to');
    return file;
  }

  function take(id: number): Open {
    const one = opened.get(id);
    opened.delete(id);
    if (!one) throw new EngineError('verification-failed', 'not begun');
    return one;
  }

  /** Asked for, a damaged file is written anew; one that is not damaged is signed as it is. */
  async function orRewritten(input: Source, output: string, request: FileRequest, begin: () => Promise<Open>) {
    try {
      return await begin();
    } catch (error) {
      if (!request.rewrite || errorCode(error) !== 'damaged') throw error;
      return beginSmall(await rewriteDamaged(input, { password: request.password }), output, request);
    }
  }

  /** A small file, read into memory that others before it were read into; undefined where it is not small. */
  async function beginInRoom(given: Input, output: string, request: FileRequest): Promise<Open | undefined> {
    const room = rooms.take();
    try {
      const small = files.readSmall(given, room);
      if (small) {
        const begun = await orRewritten(bufferSource(small), output, request, () => beginSmall(small, output, request));
        return { ...begun, room };
      }
    } catch (error) {
      rooms.giveBack(room);
      throw error;
    }
    rooms.giveBack(room);
    return undefined;
  }

  function keep(one: Open): BegunFile {
    const id = nextId++;
    opened.set(id, one);
    const { made } = one;
    return made.kind === 'pades'
      ? { id, signedAttributes: made.prepared.signedAttributes, warnings: made.prepared.warnings }
      : { id, signedAttributes: made.signedAttributes, warnings: [] };
  }

  async function beginMessage(input: FileSource & { name: string }, request: FileRequest, beside: Input | undefined) {
    const content = beside === undefined ? undefined : await files.open(beside);
    try {
      return await beginCades(input, input.name, request, content);
    } finally {
      await content?.close();
    }
  }

  return {
    async begin(given, output, request, beside) {
      const begun = request.cades === undefined ? await beginInRoom(given, output, request) : undefined;
      if (begun) return keep(begun);
      const input = await files.open(given);
      try {
        return keep(
          request.cades === undefined
            ? await large(() => beginPades(input, output, request))
            : {
                input,
                whole: undefined,
                source: input,
                output,
                request,
                made: await beginMessage(input, request, beside),
              },
        );
      } catch (error) {
        await input.close();
        throw error;
      }
    },
    async complete(id, completion, validation) {
      const one = take(id);
      try {
        if (one.made.kind === 'pades') return await completePades(one, one.made.prepared, completion, validation);
        const sha256 = await completeCades(one.made, one.output, one.request, completion);
        return { sha256, timestampLeftOut: false, syncMs: 0 };
      } catch (error) {
        await one.whole?.abandon();
        throw error;
      } finally {
        rooms.giveBack(one.room);
        await one.input?.close();
      }
    },
    async abandon(id) {
      const one = opened.get(id);
      opened.delete(id);
      rooms.giveBack(one?.room);
      if (one) await putAway(one);
    },
  };
}
