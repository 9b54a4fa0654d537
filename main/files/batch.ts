/** A batch over files: one login, signed as they come, then raised once the last timestamp is there. Results are kept for who asks later. */
import { dirname } from 'node:path';
import type { FileResultView, FileView, SignatureLevel } from '../../preload/model.ts';
import { freeSavePath } from '../platform/save-path.ts';
import {
  checkSigner,
  type FileEngine,
  type FileJob,
  type FileResult,
  raiseBySteps,
  raiseMessage,
  remoteFiles,
  remoteSteps,
  signFiles,
  stated,
} from '../signing/index.ts';
import type { TokenBatch } from '../tokens/tokens.ts';
import { fileCode, fileCodeOf } from './codes.ts';
import type { FilesDeps } from './deps.ts';
import type { FilesEvent, FilesRequest, FileToSign } from './files.ts';
import type { OpenFile, OpenFiles } from './open-files.ts';

export interface BatchRun {
  readonly id: string;
  readonly results: Map<string, FileResultView>;
  running: boolean;
  stopped: string | undefined;
}

interface Job extends FileJob<OpenFile['input']> {
  readonly file: OpenFile;
}

/** By the kind of signature: in the PDF, around the file, beside it. */
export function outputName(name: string, cades: FilesRequest['cades']): string {
  if (cades === undefined) return `${name.replace(/\.pdf$/i, '')}.signed.pdf`;
  if (/\.p7[ms]$/i.test(name)) return name.replace(/\.(p7[ms])$/i, '.signed.$1');
  return `${name}.${cades === 'detached' ? 'p7s' : 'p7m'}`;
}

const placed = ({ place, fieldName, reason }: FileToSign, password: string | undefined) => ({
  ...(place === undefined || place === 'invisible' ? {} : { box: place }),
  ...(fieldName === undefined ? {} : { fieldName }),
  ...(reason === undefined ? {} : { reason }),
  password,
});

/** What a batch's files have in common once they are signed. */
interface Shared {
  /** Of its last timestamp, epoch ms. */
  readonly fetchedSince: number;
  /** DER. */
  readonly signer: Uint8Array;
}

export function createBatch(deps: FilesDeps, open: OpenFiles, request: FilesRequest, folder: string | undefined) {
  const { engine, clock, tokens, timestamp, collector, anchors, emit, newId } = deps;
  const level: SignatureLevel = request.choices?.level ?? (deps.hasAuthority() ? 'B-T' : 'B-B');
  const isRaised = level === 'B-LT' || level === 'B-LTA';
  /** A message goes up to B-LT. */
  const reachable: SignatureLevel = request.cades !== undefined && level === 'B-LTA' ? 'B-LT' : level;
  const run: BatchRun = { id: newId(), results: new Map(), running: true, stopped: undefined };
  const ending = new AbortController();
  const stopping = new AbortController();

  function tell(result: FileResultView): void {
    run.results.set(result.fileId, result);
    emit({ kind: 'progress', batchId: run.id, result } satisfies FilesEvent);
  }
  const viewOf = ({ view }: OpenFile, rest: Pick<FileResultView, 'state'> & Partial<FileResultView>) => ({
    fileId: view.id,
    name: view.name,
    ...rest,
  });

  async function jobsOf(): Promise<Job[]> {
    const taken = new Set<string>();
    const jobs: Job[] = [];
    for (const one of request.files) {
      const file = open.get(one.fileId);
      const { input, view, password } = file;
      const target = folder ?? (input.kind === 'path' ? dirname(input.path) : undefined);
      const output = await freeSavePath(outputName(view.name, request.cades), target, taken);
      const beside = one.contentFileId === undefined ? undefined : open.get(one.contentFileId).input;
      jobs.push({ file, input, output, beside, own: placed(one, password) });
    }
    return jobs;
  }

  /** What opened the original opens the signed file. */
  function signedView(result: FileResult<OpenFile['input']>): Promise<FileView | undefined> {
    return open.addMade(result.output, (result as unknown as Job).file.password);
  }

  /** What the level still lacks, by increments in the signed file's own place. */
  async function raise(output: string, password: string | undefined, shared: Shared): Promise<string | undefined> {
    if (reachable === 'B-B') return undefined;
    const { fetchedSince, signer } = shared;
    const input = { kind: 'path', path: output } as const;
    const tools = { timestamp, collector, anchors: anchors(), clock, fetchedSince, signal: ending.signal };
    if (request.cades !== undefined) {
      const raised = await raiseMessage(await engine.messageIn(input), reachable, { ...tools, signer });
      return engine.writeMessage(input, raised, output);
    }
    const added = await raiseBySteps(remoteSteps(engine, input, password), reachable, tools);
    return added.length === 0 ? undefined : engine.append(input, added, output);
  }

  async function signAll(jobs: readonly Job[], batch: TokenBatch): Promise<FileResult<OpenFile['input']>[]> {
    const { choices = {}, certify, cades, rewrite } = request;
    const { mark = {} } = choices;
    const image = mark.markId === undefined ? undefined : await deps.store.markImage(mark.markId);
    const files: FileEngine<OpenFile['input']> = remoteFiles(engine);
    const done: FileResult<OpenFile['input']>[] = [];
    const signing = {
      engine: files,
      batch,
      commonName: deps.commonNameOf(batch.key.certificate),
      clock,
      validation: { anchors: anchors(), at: clock.now() },
      timestamp: level === 'B-B' ? undefined : (bytes: Uint8Array) => timestamp(bytes, ending.signal),
      reason: choices.reason ?? '',
      fieldName: undefined,
      box: undefined,
      location: choices.location,
      image,
      layout: mark.layout,
      template: mark.template,
      role: mark.role,
      certify,
      rewrite,
      cades,
      statements: stated(request.statements),
      stop: stopping.signal,
    };
    for await (const result of signFiles(jobs, signing)) {
      done.push(result);
      const { file } = result as Job & typeof result;
      const { code, sha256, warnings = [] } = result;
      if (sha256 !== undefined) {
        const raising = isRaised || result.timestampLeftOut === true;
        const output = await signedView(result);
        const why = code === undefined ? {} : { code: fileCode(code) };
        const more = { ...why, ...(output ? { output } : {}), ...(sha256 ? { sha256 } : {}), warnings: [...warnings] };
        tell(viewOf(file, { state: raising ? 'raising' : 'signed', level: reached(result), ...more }));
      } else if (code === 'cancelled') tell(viewOf(file, { state: 'cancelled' }));
      else tell(viewOf(file, { state: 'failed', code: fileCode(code ?? 'internal') }));
    }
    return done;
  }

  const reached = ({ code, timestampLeftOut }: FileResult<OpenFile['input']>): SignatureLevel =>
    level === 'B-B' || timestampLeftOut || code !== undefined ? 'B-B' : 'B-T';

  async function raiseAll(done: readonly FileResult<OpenFile['input']>[], signer: Uint8Array): Promise<void> {
    const shared = { fetchedSince: clock.now(), signer };
    const waiting = done.filter(({ input: _, ...result }) => {
      const { file } = result as unknown as Job;
      return run.results.get(file.view.id)?.state === 'raising';
    });
    await Promise.all(
      waiting.map(async (result) => {
        const { file, own } = result as unknown as Job;
        const before = run.results.get(file.view.id);
        if (!before) return;
        try {
          const sha256 = await raise(result.output, own?.password, shared);
          const output = await signedView(result);
          const { code: _, ...kept } = before;
          const short = reachable === level ? {} : { code: 'level-unsupported' };
          const facts = { ...short, ...(sha256 ? { sha256 } : {}), ...(output ? { output } : {}) };
          tell({ ...kept, state: 'signed', level: reachable, ...facts });
        } catch (error) {
          const { details } = error as { details?: readonly string[] };
          tell({ ...before, state: 'signed', code: fileCodeOf(error), ...(details ? { details: [...details] } : {}) });
        }
      }),
    );
  }

  async function go(): Promise<void> {
    const signer = tokens.certificateOf(request.identityId);
    const standing = signer && (await checkSigner({ collector, anchors: anchors(), clock }, signer, ending.signal));
    if (standing?.revocation === 'revoked') {
      run.stopped = 'certificate-revoked';
      return;
    }
    const jobs = await jobsOf();
    const opened = await tokens.startBatch(request.sessionId, request.identityId, request.sealedPin);
    if (!opened.ok) {
      run.stopped = opened.code;
      return;
    }
    let done: FileResult<OpenFile['input']>[];
    try {
      done = await signAll(jobs, opened.value);
    } finally {
      await opened.value.close();
    }
    await raiseAll(done, opened.value.key.certificate);
  }

  /** No further signature is asked of the token; what it is at comes to its end. */
  function endWith(code: string): void {
    run.stopped ??= code;
    stopping.abort(run.stopped);
  }

  for (const { fileId } of request.files) run.results.set(fileId, viewOf(open.get(fileId), { state: 'waiting' }));
  const ended = go()
    .catch((error: unknown) => {
      run.stopped ??= fileCodeOf(error);
    })
    .finally(() => {
      for (const result of run.results.values()) {
        if (result.state !== 'waiting') continue;
        const code = run.stopped ?? 'internal';
        tell(code === 'cancelled' ? { ...result, state: 'cancelled' } : { ...result, state: 'failed', code });
      }
      run.running = false;
      emit({ kind: 'ended', batchId: run.id, stopped: run.stopped });
    });
  return {
    run,
    ended,
    cancel: () => endWith('cancelled'),
    /** The desk closes: the network is let go of too. */
    async stop() {
      endWith('interrupted');
      ending.abort();
      await ended;
    },
  };
}
export type Batch = ReturnType<typeof createBatch>;
