/** Drives jobs: reduce, store, run the effect, and again until a job rests. State is stored before its effect starts. */
import type { TokenBatch } from '../tokens/tokens.ts';
import {
  type EffectContext,
  finishEffect,
  type MarkLooks,
  type Outcome,
  prepareEffect,
  signEffect,
  timestampEffect,
  validationDataEffect,
} from './effects.ts';
import { type Job, toRecord } from './job.ts';
import { limiter } from './limiter.ts';
import { type JobEffect, type JobEvent, reduce } from './machine.ts';

/** The token of a confirmed batch; without one a job stops where it would need it. */
export interface Authority {
  readonly batch: TokenBatch;
  commonName: string;
  readonly looks: MarkLooks;
  /** Set once the token refused: no further request is sent to it. */
  stopped: string | undefined;
}

export interface Runner {
  /** Applies an event and runs on until the job rests; answers the job as it then is. */
  drive(job: Job, event: JobEvent, authority?: Authority): Promise<Job>;
}

const STORE_RETRY_MS = 250;
const LONGEST_STORE_RETRY_MS = 30_000;
const TIMESTAMPS_AT_ONCE = 4;
const TOKEN_REQUESTS_AT_ONCE = 4;

/** @param fetchedSince when the job's batch had its last timestamp, epoch ms */
export function createRunner(
  context: EffectContext,
  signal: AbortSignal,
  changed: (job: Job) => void,
  fetchedSince: (job: Job) => number,
): Runner {
  const timestampSlot = limiter(TIMESTAMPS_AT_ONCE);
  const tokenSlot = limiter(TOKEN_REQUESTS_AT_ONCE);

  async function sign(job: Job, authority: Authority): Promise<Outcome> {
    return tokenSlot(async () => {
      if (authority.stopped !== undefined) return { event: { kind: 'token-refused', code: authority.stopped } };
      const outcome = await signEffect(context, job, authority.batch);
      if (outcome.event.kind === 'token-refused') authority.stopped ??= outcome.event.code;
      return outcome;
    });
  }

  async function run(effect: JobEffect, job: Job, authority: Authority | undefined): Promise<Outcome> {
    switch (effect) {
      case 'prepare':
        if (!authority) return { event: { kind: 'token-refused', code: 'interrupted' } };
        return prepareEffect(context, job, authority.batch, authority.commonName, authority.looks);
      case 'sign':
        return authority ? sign(job, authority) : { event: { kind: 'token-refused', code: 'interrupted' } };
      case 'timestamp':
        return timestampSlot(() => timestampEffect(context, job, signal));
      case 'validation-data':
        return validationDataEffect(context, job, fetchedSince(job), signal);
      case 'finish':
        return finishEffect(context, job);
    }
  }

  /** A signature that exists is not let go because a disk is full: storing is tried until it works or the app ends. */
  async function keep(job: Job, authority: Authority | undefined): Promise<void> {
    for (let attempts = 0; ; attempts++) {
      try {
        return await context.store.putJobs([toRecord(job, context.clock.now())]);
      } catch (error) {
        if (!job.signature || signal.aborted) throw error;
        if (authority) authority.stopped ??= 'storage';
        await context.clock.delay(Math.min(STORE_RETRY_MS * 2 ** attempts, LONGEST_STORE_RETRY_MS), signal);
      }
    }
  }

  async function drive(start: Job, first: JobEvent, authority?: Authority): Promise<Job> {
    let job = start;
    let outcome: Outcome = { event: first };
    for (;;) {
      const step = reduce(job.state, outcome.event, job.spec);
      const moved = step.state !== job.state || outcome.made !== undefined;
      job = { ...job, ...outcome.made, state: step.state };
      // `committed` was stored by the effect itself, together with the revision and the outbox row.
      if (moved && outcome.event.kind !== 'committed') await keep(job, authority);
      if (moved) changed(job);
      if (!step.effect || signal.aborted) return job;
      outcome = await run(step.effect, job, authority);
    }
  }

  return { drive };
}
