/** The engine's thread: opens stored, encrypted revisions with the data key, and files by their path, and runs the engine over them. */
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import type { ValidationReport } from '../../preload/model.ts';
import { cutPage, measureImage, overview, type ValidationDataSpec } from '../pades/index.ts';
import { type FileSource, openFileSource, readSmall } from '../platform/file-source.ts';
import { contentOf, isMessage } from '../platform/signed-message.ts';
import { serve } from '../platform/worker-rpc.ts';
import { openRevision } from '../store/index.ts';
import type { RevisionRef } from '../store/store.ts';
import { type ValidationOptions, validateCms, validatePdf } from '../validation/index.ts';
import { answerWith, type RevocationAnswer, type RevocationQuestion, recordQuestions } from './ask-revocation.ts';
import {
  assembleMessage,
  finishMessage,
  type MessageParts,
  type MessageRequest,
  prepareMessage,
} from './cades-message.ts';
import { type FinishRequest, finish, type PrepareRequest, prepare } from './engine.ts';
import { writeRaised } from './extend-files.ts';
import { createFileEngine } from './file-engine.ts';
import { messageIn, writeMessage } from './raise-message.ts';
import { raiseSteps } from './raise-steps.ts';

const { runsDir, key } = z.object({ runsDir: z.string(), key: z.instanceof(Uint8Array) }).parse(workerData);

/** A file of the person's, or bytes that are stored. */
export type EngineInput =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'revision'; readonly revision: RevisionRef; readonly name: string };

async function open(input: EngineInput): Promise<FileSource & { readonly name: string }> {
  if (input.kind === 'path') {
    return Object.assign(await openFileSource(input.path), { name: basename(input.path) });
  }
  const source = await openRevision(runsDir, key, input.revision);
  const readInto = async (buffer: Uint8Array, offset: number) => buffer.set(await source.read(offset, buffer.length));
  return { ...source, readInto, name: input.name };
}

async function over<T>(input: EngineInput, work: (source: FileSource) => Promise<T>): Promise<T> {
  const source = await open(input);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

const stored = (revision: RevisionRef): EngineInput => ({ kind: 'revision', revision, name: '' });
const files = createFileEngine<EngineInput>({
  open,
  readSmall: (input, room) => (input.kind === 'path' ? readSmall(input.path, room) : undefined),
});

/** As they cross to this thread: whoever asks the network is not here. */
type StoredOptions = Omit<ValidationOptions, 'collector'>;

function judge(
  input: EngineInput,
  beside: EngineInput | undefined,
  options: ValidationOptions,
): Promise<ValidationReport> {
  return over(input, async (source) => {
    if (!(await isMessage(source))) return validatePdf(source, options);
    if (!beside) return validateCms(source, undefined, options);
    return over(beside, (content) => validateCms(source, content, options));
  });
}

/** What the worker serves; the desk talks to it as `Remote<Engine>`. */
export const engine = {
  prepare: (revision: RevisionRef, request: PrepareRequest) =>
    over(stored(revision), (source) => prepare(source, request)),
  finish: (revision: RevisionRef, request: FinishRequest, options: ValidationOptions) =>
    over(stored(revision), (source) => finish(source, request, options)),
  /** For requests of CAdES: the signed document is a message. */
  prepareMessage: (revision: RevisionRef, request: MessageRequest) =>
    over(stored(revision), (source) => prepareMessage(source, request)),
  assembleMessage: (revision: RevisionRef, parts: MessageParts) =>
    over(stored(revision), (source) => assembleMessage(source, parts)),
  finishMessage: (
    revision: RevisionRef,
    parts: MessageParts,
    options: ValidationOptions,
    raised: Uint8Array | undefined,
  ) => over(stored(revision), (source) => finishMessage(source, parts, options, raised)),
  /** A message without its content, and the raised one around its content; see raise-message.ts. */
  messageIn: (input: EngineInput) => over(input, messageIn),
  writeMessage: (input: EngineInput, raised: Uint8Array, output: string) =>
    over(input, (source) => writeMessage(source, raised, output)),
  /** On a PDF, or a signed message over the content in it or in the file beside it; with the answers of `questions`, where there are any. */
  report: (
    input: EngineInput,
    beside: EngineInput | undefined,
    options: StoredOptions,
    answers: readonly RevocationAnswer[] | undefined,
  ) => judge(input, beside, { ...options, ...(answers ? { collector: answerWith(answers) } : {}) }),
  /** What that report would ask the network. */
  questions: async (
    input: EngineInput,
    beside: EngineInput | undefined,
    options: StoredOptions,
  ): Promise<readonly RevocationQuestion[]> => {
    const { collector, questions } = recordQuestions();
    await judge(input, beside, { ...options, collector });
    return questions;
  },
  overview: (input: EngineInput, password: string | undefined) =>
    over(input, (source) => overview(source, { password })),
  begin: files.begin,
  complete: files.complete,
  abandon: files.abandon,
  needs: (input: EngineInput, password: string | undefined, added: Uint8Array) =>
    over(input, (source) => raiseSteps(source, password).needs(added)),
  prepareTimestamp: (input: EngineInput, password: string | undefined, added: Uint8Array, reserveBytes: number) =>
    over(input, (source) => raiseSteps(source, password).prepareTimestamp(added, reserveBytes)),
  addData: (input: EngineInput, password: string | undefined, added: Uint8Array, data: ValidationDataSpec) =>
    over(input, (source) => raiseSteps(source, password).addData(added, data)),
  verifyRaised: (
    input: EngineInput,
    password: string | undefined,
    added: Uint8Array,
    options: Pick<ValidationOptions, 'anchors' | 'at'>,
  ) => over(input, (source) => raiseSteps(source, password).verify(added, options)),
  /** Pixels of a mark's image; undefined where it cannot go into a PDF. */
  measureMark: (image: Uint8Array) => measureImage(image),
  /** The first page as a PDF of its own, of a message's content too; see cutPage. */
  firstPage: (input: EngineInput, password: string | undefined) =>
    over(input, async (source) => cutPage(await contentOf(source), 1, { password })),
  /** The file and what was added to it, in its own place or another. @returns SHA-256 (hex) */
  append: (input: EngineInput, added: Uint8Array, output: string) =>
    over(input, (source) => writeRaised(source, added, output)),
};
export type Engine = typeof engine;

if (parentPort) serve(parentPort as unknown as Parameters<typeof serve>[0], engine);
