/** A signature's way as the person sees it: a few steps, where it stands in them, and how it ended. */
import type { FileResultView, JobStateKind, JobView } from '../../../preload/model.ts';

export const steps = ['prepare', 'card', 'timestamp', 'store', 'deliver'] as const;
/** A file of one's own is delivered to nobody. */
export const fileSteps = ['prepare', 'card', 'timestamp', 'store'] as const;

type Outcome = 'running' | 'safe' | 'delivered' | 'failed' | 'stopped';

interface Standing {
  /** Steps that are done. */
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

const fileStandings: Readonly<Record<FileResultView['state'], Standing>> = {
  waiting: { done: 0, outcome: 'running' },
  signing: { done: 1, outcome: 'running' },
  raising: { done: 2, outcome: 'running' },
  signed: { done: 4, outcome: 'delivered' },
  failed: { done: 0, outcome: 'failed' },
  cancelled: { done: 0, outcome: 'stopped' },
};

/** One line of a batch's progress: a request or a file. */
export interface ProgressRow extends Standing {
  readonly id: string;
  readonly title: string;
  readonly kind: 'job' | 'file';
  readonly state: JobStateKind | FileResultView['state'];
  readonly code?: string | undefined;
  /** What is made: for a file of one's own. */
  readonly output?: FileResultView['output'];
  /** The document or file it is of. */
  readonly of: string;
}

export function jobRow(job: JobView): ProgressRow {
  return {
    id: job.id,
    title: job.title,
    state: job.state,
    kind: 'job',
    code: job.code,
    of: `${job.transactionId}/${job.documentId}`,
    ...standing(job),
  };
}

export function fileRow(result: FileResultView): ProgressRow {
  return {
    id: result.fileId,
    title: result.name,
    state: result.state,
    kind: 'file',
    code: result.code,
    output: result.output,
    of: result.fileId,
    ...fileStandings[result.state],
  };
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

export function tally(rows: readonly Standing[]): Tally {
  let signed = 0;
  let delivered = 0;
  let failed = 0;
  for (const { done, outcome } of rows) {
    if (outcome === 'failed') failed++;
    else if (done >= 2) signed++;
    if (outcome === 'delivered') delivered++;
  }
  return { total: rows.length, signed, delivered, failed, open: rows.length - signed - failed };
}

/** `rows` with one of them as it stands now; one that is not in the list is not added. */
export function withRow(rows: readonly ProgressRow[], changed: ProgressRow): ProgressRow[] {
  return rows.map((row) => (row.id === changed.id ? changed : row));
}

/** Codes that end a batch because the card is not there any more. */
const cardGone: ReadonlySet<string> = new Set(['token-absent', 'token-removed']);
export const isCardGone = (code: string | undefined): boolean => code !== undefined && cardGone.has(code);

/**
 * Codes after which the same batch goes on, once its card is there and its PIN is given. A command that was on its way when the card
 * was pulled comes back as a plain failure of the card.
 */
const resumable: ReadonlySet<string> = new Set([...cardGone, 'pin-incorrect', 'function-failed', 'device-error']);
export const canResume = (code: string | undefined): boolean => code !== undefined && resumable.has(code);
