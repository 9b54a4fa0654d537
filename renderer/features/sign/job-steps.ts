/** A signing job's way as the person sees it: five steps, where it stands in them, and how it ended. */
import type { JobStateKind, JobView } from '../../../preload/model.ts';

export const steps = ['prepare', 'card', 'timestamp', 'store', 'deliver'] as const;

type Outcome = 'running' | 'safe' | 'delivered' | 'failed' | 'stopped';

interface Standing {
  /** Steps that are done, 0 to 5. */
  readonly done: number;
  /** `safe`: signed and stored here, what is missing comes by itself; `stopped`: nothing was signed. */
  readonly outcome: Outcome;
}

const standings: Readonly<Record<JobStateKind, Standing>> = {
  'awaiting-filled-document': { done: 0, outcome: 'safe' },
  'awaiting-preparation': { done: 0, outcome: 'running' },
  prepared: { done: 1, outcome: 'running' },
  'awaiting-pin': { done: 1, outcome: 'running' },
  signed: { done: 2, outcome: 'running' },
  'awaiting-timestamp': { done: 2, outcome: 'safe' },
  'awaiting-validation-data': { done: 2, outcome: 'safe' },
  complete: { done: 4, outcome: 'safe' },
  queued: { done: 4, outcome: 'safe' },
  delivering: { done: 4, outcome: 'safe' },
  delivered: { done: 5, outcome: 'delivered' },
  declined: { done: 0, outcome: 'stopped' },
  cancelled: { done: 0, outcome: 'stopped' },
  expired: { done: 0, outcome: 'stopped' },
  superseded: { done: 0, outcome: 'failed' },
  failed: { done: 0, outcome: 'failed' },
};

export function standing(job: Pick<JobView, 'state'>): Standing {
  return standings[job.state];
}

export interface Tally {
  readonly total: number;
  /** Signed, whether delivered or not. */
  readonly signed: number;
  readonly delivered: number;
  readonly failed: number;
  /** Neither signed nor failed: can be signed in another go. */
  readonly open: number;
}

export function tally(jobs: readonly Pick<JobView, 'state'>[]): Tally {
  let signed = 0;
  let delivered = 0;
  let failed = 0;
  for (const job of jobs) {
    const { done, outcome } = standing(job);
    if (outcome === 'failed') failed++;
    else if (done >= 2) signed++;
    if (outcome === 'delivered') delivered++;
  }
  return { total: jobs.length, signed, delivered, failed, open: jobs.length - signed - failed };
}

/** `jobs` with one of them as it stands now; a job that is not in the list is not added. */
export function withJob(jobs: readonly JobView[], changed: JobView): JobView[] {
  return jobs.map((job) => (job.id === changed.id ? changed : job));
}
