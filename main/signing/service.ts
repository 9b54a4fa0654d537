/** The signing service: batches of jobs, their progress, what is picked up again after a restart or when the network returns. */
import { setImmediate } from 'node:timers/promises';
import type { MarkChoice } from '../../preload/model.ts';
import { parseCertificate } from '../pki/index.ts';
import type { MarkLooks } from './effects.ts';
import { findIneligible } from './ineligible.ts';
import { type Job, type JobOutline, parseRecord, toRecord, toView } from './job.ts';
import { limiter } from './limiter.ts';
import type { JobEvent } from './machine.ts';
import { byDocument, type ChosenRequest, chains, inChainOrder, plan, withLevel } from './planning.ts';
import { type Authority, createRunner } from './runner.ts';
import { type DeliveryNews, type Signing, type SigningDeps, SigningError, type StartRequest } from './signing.ts';
import { steadyStore } from './steady-store.ts';

interface BatchRun {
  readonly jobIds: readonly string[];
  running: boolean;
  stopped: string | undefined;
  authority: Authority | undefined;
  cancelled: boolean;
}

const DOCUMENTS_AT_ONCE = 8;
const PARSED_AT_ONCE = 64;
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;
const ENDED = new Set(['superseded', 'cancelled', 'failed']);
/** The signature exists, and no outbox row speaks of it yet. */
const UNSENT = new Set(['signed', 'awaiting-timestamp', 'awaiting-validation-data', 'complete']);
/** An outbox row speaks of the signature. */
const HANDED_OVER = new Set(['queued', 'delivering']);
const PAST_THE_TOKEN = new Set([...UNSENT, ...HANDED_OVER, 'delivered']);
/** What waits for the network or the disk and is tried again by itself. */
const WAITING = new Set(['awaiting-timestamp', 'awaiting-validation-data', 'complete']);
/** Nothing is signed yet, and nothing else is missing. */
const FOR_THE_TOKEN = new Set(['awaiting-preparation', 'awaiting-pin']);

function deliveryEvent(news: DeliveryNews): JobEvent {
  switch (news.state) {
    case 'delivering':
      return { kind: 'delivery-started' };
    case 'delivered':
      return { kind: 'delivery-confirmed' };
    case 'queued':
      return { kind: 'delivery-waits', code: news.code, retryAt: news.retryAt };
    case 'conflict':
      return { kind: 'delivery-conflict', code: news.code ?? 'document-moved-on' };
    case 'failed':
      return { kind: 'delivery-failed', code: news.code ?? 'internal' };
  }
}

/** Each request once, whatever was asked for. */
function eachOnce(requests: readonly ChosenRequest[]): ChosenRequest[] {
  const keyOf = (r: ChosenRequest) => `${r.transactionId}\n${r.documentId}\n${r.signatureRequestId}`;
  return [...new Map(requests.map((r) => [keyOf(r), r])).values()];
}

/** Once delivered, the revision has all that the job's parts were kept for. */
const withoutBlobs = (job: Job): Job => ({
  ...job,
  increment: undefined,
  signedAttributes: undefined,
  signature: undefined,
  timestampToken: undefined,
});

export function createSigning(given: SigningDeps): Signing {
  const deps = { ...given, store: steadyStore(given.store) };
  const { store, clock, tokens } = deps;
  const stopping = new AbortController();
  const runs = new Map<string, BatchRun>();
  const underWay = new Set<Promise<unknown>>();
  const deliveries = limiter(1);
  const starts = limiter(1);
  const driven = new Set<string>();

  const changed = (job: Job) => {
    deps.emit({ kind: 'progress', batchId: job.batchId, job: toView(job) });
    if (job.state.kind === 'queued') deps.committed();
  };
  /** Of ended batches: their last timestamp. */
  const lastStamps = new Map<string, number>();
  const runner = createRunner(deps, stopping.signal, changed, (job) => lastStamps.get(job.batchId) ?? clock.now());

  function inBackground(work: Promise<unknown>): void {
    const tracked = work.catch(() => undefined).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  /** One driver per job at a time. */
  async function drive(job: Job, event: JobEvent, authority?: Authority): Promise<Job> {
    if (driven.has(job.id)) return job;
    driven.add(job.id);
    try {
      return await runner.drive(job, event, authority);
    } finally {
      driven.delete(job.id);
    }
  }

  /** One record that cannot be read (of a newer version, say) keeps none of the others back. */
  async function load(filter: Parameters<typeof store.jobs>[0]): Promise<JobOutline[]> {
    const outlines: JobOutline[] = [];
    for (const [at, record] of (await store.jobs(filter)).entries()) {
      // A batch may have thousands: calls and events go between.
      if (at % PARSED_AT_ONCE === PARSED_AT_ONCE - 1) await setImmediate();
      try {
        outlines.push(parseRecord(record));
      } catch (error) {
        deps.unreadable(record.id, error);
      }
    }
    return outlines;
  }

  /** The same with its blobs, as its driver needs it. */
  async function whole({ id }: JobOutline): Promise<Job> {
    const record = await store.job(id);
    if (!record) throw new SigningError('not-found');
    return parseRecord(record);
  }

  const driveStored = async (outline: JobOutline, event: JobEvent) => drive(await whole(outline), event);

  /** A time further off than any wait comes from a clock that was wrong when it was written. */
  const isDue = ({ state }: JobOutline) => {
    const waitMs = ('retryAt' in state ? (state.retryAt ?? 0) : 0) - clock.now();
    return waitMs <= 0 || waitMs > LONGEST_WAIT_MS;
  };

  const isRunning = (job: JobOutline) => runs.get(job.batchId)?.running === true;

  async function planJob(chosen: ChosenRequest, batchId: string, request: StartRequest): Promise<Job> {
    const { identityId, choices, statements } = request;
    const earlier = (await load({ transactionId: chosen.transactionId })).filter(
      (j) => j.documentId === chosen.documentId && j.signatureRequestId === chosen.signatureRequestId,
    );
    // Never signed twice: a request whose signature exists here, or is being made, goes on with that job.
    const made = earlier.find((j) => PAST_THE_TOKEN.has(j.state.kind) || (isRunning(j) && !ENDED.has(j.state.kind)));
    if (made) return whole(made);
    for (const old of earlier) await driveStored(old, { kind: 'cancelled' });
    const certificate = tokens.certificateOf(identityId)?.certificate;
    const planned = plan(await store.transaction(chosen.transactionId), chosen, identityId, certificate, {
      ...choices,
      statements,
    });
    if ('refused' in planned) throw new SigningError(planned.refused, planned.unmet);
    const { spec, state } = withLevel(planned, choices?.level, deps.hasAuthority());
    return {
      id: deps.newId(),
      batchId,
      transactionId: chosen.transactionId,
      documentId: chosen.documentId,
      signatureRequestId: chosen.signatureRequestId,
      createdAt: clock.now(),
      spec,
      state,
      timings: {},
      increment: undefined,
      signedAttributes: undefined,
      signature: undefined,
      timestampToken: undefined,
    };
  }

  /** The jobs of one document, one after the other; a job whose predecessor did not get there waits for a new confirmation. */
  async function runChain(jobs: readonly Job[], run: BatchRun, authority: Authority): Promise<void> {
    let waitsFor: string | undefined;
    for (const job of jobs) {
      if (!FOR_THE_TOKEN.has(job.state.kind)) continue;
      const refusal = authority.stopped ?? waitsFor;
      const event: JobEvent = run.cancelled
        ? { kind: 'cancelled' }
        : refusal === undefined
          ? { kind: 'authorised' }
          : { kind: 'token-refused', code: refusal };
      let done = await drive(job, event, authority);
      // The next signature needs this one's result: its data is not left for the batch's end.
      if (done.state.kind === 'awaiting-validation-data' && job !== jobs.at(-1)) {
        done = await drive(done, { kind: 'retry-due' }, authority);
      }
      if (done.state.kind !== 'queued') waitsFor = 'earlier-signature-waits';
    }
  }

  /** The jobs that the token can be asked for; one that follows an unfinished signature of another batch waits for it. */
  async function readyJobs(jobs: readonly Job[]): Promise<Job[]> {
    const own = new Set(jobs.map((job) => job.id));
    const ready: Job[] = [];
    for (const job of jobs.filter(({ state }) => FOR_THE_TOKEN.has(state.kind))) {
      const { afterJobId } = job.spec;
      const before = afterJobId === undefined || own.has(afterJobId) ? undefined : await store.job(afterJobId);
      const waits = before !== undefined && !('sha256' in parseRecord(before).state);
      if (waits) await drive(job, { kind: 'token-refused', code: 'earlier-signature-waits' });
      else ready.push(job);
    }
    return ready;
  }

  async function looksOf({ markId, ...looks }: MarkChoice = {}): Promise<MarkLooks> {
    return markId === undefined ? looks : { ...looks, image: await store.markImage(markId) };
  }

  async function runBatch(
    jobs: readonly Job[],
    run: BatchRun,
    request: Pick<StartRequest, 'sessionId' | 'identityId' | 'sealedPin'> & { readonly mark: MarkChoice | undefined },
  ): Promise<void> {
    const ready = await readyJobs(jobs);
    // Nothing to sign: no PIN is spent on it.
    if (ready.length === 0) return;
    const refuse = async (code: string) => {
      run.stopped = code;
      for (const job of ready) await drive(job, { kind: 'token-refused', code });
    };
    const standing = await deps.checkIdentity(request.identityId, stopping.signal);
    if (standing?.revocation === 'revoked') return refuse('certificate-revoked');
    const looks = await looksOf(request.mark).catch(() => undefined);
    if (!looks) return refuse('mark-unreadable');
    const opened = await tokens.startBatch(request.sessionId, request.identityId, request.sealedPin);
    if (!opened.ok) return refuse(opened.code);
    const authority: Authority = { batch: opened.value, commonName: '', looks, stopped: undefined };
    run.authority = authority;
    if (run.cancelled) authority.stopped = 'cancelled';
    const slot = limiter(DOCUMENTS_AT_ONCE);
    try {
      authority.commonName = parseCertificate(opened.value.key.certificate).commonName;
      await Promise.all(byDocument(ready).map((chain) => slot(() => runChain(chain, run, authority))));
    } finally {
      await authority.batch.close();
      run.stopped = authority.stopped;
    }
    lastStamps.set(ready[0]?.batchId ?? '', clock.now());
    const waiting = (await load({ batchId: ready[0]?.batchId ?? '' })).filter(
      ({ state }) => state.kind === 'awaiting-validation-data',
    );
    await Promise.all(waiting.map((job) => driveStored(job, { kind: 'retry-due' })));
  }

  /** Runs those of the batch's jobs that are to be signed, in the background. */
  function begin(
    batchId: string,
    jobs: readonly JobOutline[],
    toSign: readonly Job[],
    request: Parameters<typeof runBatch>[2],
  ): void {
    const run: BatchRun = {
      jobIds: jobs.map((j) => j.id),
      running: true,
      stopped: undefined,
      authority: undefined,
      cancelled: false,
    };
    runs.set(batchId, run);
    const ended = () => {
      run.running = false;
      deps.emit({ kind: 'ended', batchId, stopped: run.stopped });
    };
    inBackground(runBatch(toSign, run, request).finally(ended));
  }

  return {
    ineligible: (identityIds, requests) => findIneligible({ store, tokens }, identityIds, requests),

    // One at a time: the second of two equal requests must see the first one's jobs.
    start: (request) =>
      starts(async () => {
        const { level = 'B-B' } = request.choices ?? {};
        if (level !== 'B-B' && !deps.hasAuthority()) throw new SigningError('no-authority');
        const batchId = deps.newId();
        const planned: Job[] = [];
        for (const chosen of eachOnce(request.requests)) {
          planned.push(await planJob(chosen, batchId, request));
        }
        const jobs = chains(planned).flat();
        const fresh = jobs.filter((job) => job.batchId === batchId);
        await store.putJobs(fresh.map((job) => toRecord(job, clock.now())));
        begin(batchId, jobs, fresh, { ...request, mark: request.choices?.mark });
        return { batchId, jobs: jobs.map(toView) };
      }),

    resumeBatch: (batchId, sessionId, sealedPin) =>
      starts(async () => {
        if (runs.get(batchId)?.running) throw new SigningError('batch-running');
        const jobs = await load({ batchId });
        if (jobs.length === 0) throw new SigningError('not-found');
        const waiting: Job[] = [];
        for (const job of jobs.filter(({ state }) => state.kind === 'awaiting-pin')) waiting.push(await whole(job));
        const identityId = waiting[0]?.spec.identityId;
        if (identityId === undefined) throw new SigningError('nothing-waits');
        const mark = waiting[0]?.spec.mark;
        begin(batchId, jobs, inChainOrder(waiting), { sessionId, identityId, sealedPin, mark });
        return { jobs: jobs.map(toView) };
      }),

    async batch(batchId) {
      const run = runs.get(batchId);
      const jobs = await load({ batchId });
      if (!run && jobs.length === 0) throw new SigningError('not-found');
      const others = (run?.jobIds ?? []).filter((id) => !jobs.some((j) => j.id === id));
      for (const id of others) {
        const record = await store.job(id);
        if (record) jobs.push(parseRecord(record));
      }
      const waits = jobs.find(({ state, batchId: of }) => state.kind === 'awaiting-pin' && of === batchId);
      return {
        jobs: jobs.map(toView),
        running: run?.running ?? false,
        ...(run?.stopped === undefined ? {} : { stopped: run.stopped }),
        ...(waits && !run?.running ? { waitsFor: waits.spec.identityId } : {}),
      };
    },

    async cancel(batchId) {
      const run = runs.get(batchId);
      if (!run) throw new SigningError('not-found');
      run.cancelled = true;
      if (run.authority) run.authority.stopped ??= 'cancelled';
    },

    async jobs(filter = {}) {
      return (await load(filter)).map(toView);
    },

    async holdsSignatures(accountId) {
      const unfinished = await load({ unfinished: true });
      return unfinished.some((job) => job.spec.accountId === accountId && UNSENT.has(job.state.kind));
    },

    delivery: (news) =>
      deliveries(async () => {
        const record = await store.job(news.jobId);
        if (!record) return;
        const job = parseRecord(record);
        const timed = news.ms === undefined ? job : { ...job, timings: { ...job.timings, deliverMs: news.ms } };
        await runner.drive(news.state === 'delivered' ? withoutBlobs(timed) : timed, deliveryEvent(news));
      }),

    async resume() {
      for (const outline of await load({ unfinished: true })) {
        const rows = HANDED_OVER.has(outline.state.kind)
          ? await store.outbox({ transactionId: outline.transactionId })
          : [];
        const isConfirmed = rows.some((row) => row.state === 'confirmed' && row.jobId === outline.id);
        const job = await whole(outline);
        inBackground(drive(job, { kind: isConfirmed ? 'delivery-confirmed' : 'restarted' }));
      }
    },

    async retry(all) {
      for (const job of await load({ unfinished: true })) {
        if (WAITING.has(job.state.kind) && (all || isDue(job))) inBackground(driveStored(job, { kind: 'retry-due' }));
      }
    },

    async stop() {
      stopping.abort();
      for (const run of runs.values()) if (run.authority) run.authority.stopped ??= 'interrupted';
      await Promise.all(underWay);
    },
  };
}
