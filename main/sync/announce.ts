/** Deliveries that ended in an earlier process before their jobs heard of it. */
import type { Store } from '../store/store.ts';
import type { SyncEvent } from './sync.ts';

const onTheWay = new Set(['queued', 'delivering']);

/** Tells every job still on its way how its row ended, where it has. @throws StoreError */
export async function announceSettled(store: Store, emit: (event: SyncEvent) => void): Promise<void> {
  const jobs = (await store.jobs({ unfinished: true })).filter(({ stateKind }) => onTheWay.has(stateKind));
  for (const { id: jobId, transactionId } of jobs) {
    const row = (await store.outbox({ transactionId })).find((candidate) => candidate.jobId === jobId);
    const code = row?.code === undefined ? {} : { code: row.code };
    if (row?.state === 'confirmed') emit({ kind: 'delivery', jobId, state: 'delivered' });
    if (row?.state === 'parked') emit({ kind: 'delivery', jobId, state: 'conflict', ...code });
    if (row?.state === 'failed') emit({ kind: 'delivery', jobId, state: 'failed', ...code });
  }
}
