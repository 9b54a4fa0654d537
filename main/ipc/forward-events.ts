/** What rooms tell of their batches, as the bridge's events. */
import type { FilesEvent } from '../files/index.ts';
import type { SigningEvent } from '../signing/index.ts';
import type { Rooms } from './rooms.ts';

export function forwardSigning(emit: Rooms['emit']): (event: SigningEvent) => void {
  return (event) => {
    if (event.kind === 'progress') {
      emit('signing.progress', { batchId: event.batchId, job: event.job });
      emit('inbox.changed', { transactionIds: [event.job.transactionId] });
    } else {
      const stopped = event.stopped === undefined ? {} : { stopped: event.stopped };
      emit('signing.ended', { batchId: event.batchId, ...stopped });
    }
  };
}

export function forwardFiles(emit: Rooms['emit']): (event: FilesEvent) => void {
  return (event) => {
    if (event.kind === 'progress') return emit('files.progress', { batchId: event.batchId, result: event.result });
    const stopped = event.stopped === undefined ? {} : { stopped: event.stopped };
    emit('files.ended', { batchId: event.batchId, ...stopped });
  };
}
