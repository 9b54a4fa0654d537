/** The scripted desk's batches: signatures step by step, a wrong PIN, a card that is pulled. */
import { randomUUID } from 'node:crypto';
import type { createPinKey } from '../../native/sealed-pin.ts';
import type { CallOutput, EventName, EventPayload, ParsedInput } from '../../preload/contract.ts';
import type { JobStateKind, JobView, TokenView } from '../../preload/model.ts';
import type { Handlers, Script } from './scripted-desk.ts';
import type { ScriptedTransaction } from './scripted-transactions.ts';

interface Scene {
  readonly script: Pick<Script, 'ineligible'>;
  /** Shared with the rest of the desk. */
  readonly state: {
    online: boolean;
    tokens: readonly TokenView[];
    pullCardAfter: number | undefined;
    readonly pin: string;
  };
  readonly sessions: ReadonlyMap<string, ReturnType<typeof createPinKey>>;
  readonly find: (transactionId: string) => ScriptedTransaction;
  readonly emit: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  readonly refusal: (code: string) => Error;
}

export function scriptedSigning({ script, state, sessions, find, emit, refusal }: Scene) {
  const batches = new Map<string, CallOutput<'signing.batch'>>();
  /** Where the marks of what was signed were put, where the person put them. */
  const placed: ParsedInput<'signing.start'>['requests'][number]['place'][] = [];

  async function run(batchId: string, identityId: string, pin: string): Promise<void> {
    const batch = batches.get(batchId);
    if (!batch) return;
    const step = async (job: JobView, kind: JobStateKind) => {
      job.state = kind;
      emit('signing.progress', { batchId, job: { ...job } });
      await new Promise((resolve) => setImmediate(resolve));
    };
    let stopped = pin === state.pin ? undefined : 'pin-incorrect';
    for (const [at, job] of batch.jobs.entries()) {
      if (job.state === 'delivered' || job.state === 'queued') continue;
      if (at === state.pullCardAfter) {
        stopped = 'token-removed';
        state.pullCardAfter = undefined;
        state.tokens = [];
        emit('tokens.changed', { cause: 'card-removed', service: 'running', reader: 'Reader 0' });
      }
      delete job.code;
      await step(job, 'prepared');
      if (stopped !== undefined) {
        job.code = stopped;
        await step(job, 'awaiting-pin');
        continue;
      }
      const way: readonly JobStateKind[] = state.online
        ? ['signed', 'complete', 'queued', 'delivering', 'delivered']
        : ['signed', 'complete', 'queued'];
      for (const kind of way) await step(job, kind);
      markSigned(job);
    }
    batch.running = false;
    if (stopped !== undefined) batch.stopped = stopped;
    if (batch.jobs.some((job) => job.state === 'awaiting-pin')) batch.waitsFor = identityId;
    emit('signing.ended', { batchId, ...(stopped === undefined ? {} : { stopped }) });
  }
  function openPin(sessionId: string, sealedPin: ParsedInput<'signing.start'>['sealedPin']): string {
    const key = sessions.get(sessionId);
    if (!key || !sealedPin) throw refusal('not-found');
    return key.open(sessionId, sealedPin).toString('utf8');
  }
  function markSigned({ transactionId, documentId, signatureRequestId }: JobView): void {
    const { transaction } = find(transactionId);
    const document = transaction.documents.find(({ id }) => id === documentId);
    for (const request of document?.signatureRequests ?? []) {
      if (request.id === signatureRequestId) request.state = 'signed';
    }
    const open = transaction.documents.some((each) =>
      each.signatureRequests.some(({ mine, state: at }) => mine && at === 'ready'),
    );
    if (!open) transaction.status = 'signed';
    emit('inbox.changed', { transactionIds: [transactionId] });
  }

  const handlers: Handlers = {
    'signing.check': () => ({ revocation: 'good' }),
    'signing.ineligible': ({ identityIds, requests }) =>
      (script.ineligible ?? []).filter(({ identityId }) => identityIds.includes(identityId) && requests.length > 0),
    'signing.start': ({ sessionId, identityId, sealedPin, requests }) => {
      placed.push(...requests.map(({ place }) => place));
      const pin = openPin(sessionId, sealedPin);
      const batchId = randomUUID();
      const jobs = requests.map(({ transactionId, documentId, signatureRequestId }, i): JobView => {
        const { title } = find(transactionId).transaction;
        const state: JobStateKind = 'awaiting-preparation';
        return {
          id: `${batchId}/${i}`,
          batchId,
          transactionId,
          documentId,
          signatureRequestId,
          title,
          state,
          timings: {},
        };
      });
      batches.set(batchId, { jobs, running: true });
      setImmediate(() => void run(batchId, identityId, pin));
      return { batchId, jobs: structuredClone(jobs) };
    },
    'signing.resume': ({ batchId, sessionId, sealedPin }) => {
      const batch = batches.get(batchId);
      if (batch?.waitsFor === undefined) throw refusal('nothing-waits');
      const pin = openPin(sessionId, sealedPin);
      const { jobs, waitsFor } = batch;
      batches.set(batchId, { jobs, running: true });
      setImmediate(() => void run(batchId, waitsFor, pin));
      return { jobs: structuredClone(jobs) };
    },
    'signing.batch': ({ batchId }) => {
      const batch = batches.get(batchId);
      if (!batch) throw refusal('not-found');
      return structuredClone(batch);
    },
    'signing.cancel': () => ({}),
  };
  return { handlers, placed };
}
