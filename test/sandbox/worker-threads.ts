/** The worker threads this process starts, so that a test can end one as a crash would: Node announces each as it is made. */
import type { Worker } from 'node:worker_threads';

export interface WorkerThreads {
  /** In the order they were started. */
  readonly started: readonly Worker[];
  /** Every thread started from now on dies at once. */
  killNext(): void;
  stop(): void;
}

export function watchWorkerThreads(): WorkerThreads {
  const started: Worker[] = [];
  let isDeadly = false;
  const note = (worker: Worker) => {
    started.push(worker);
    if (isDeadly) void worker.terminate();
  };
  process.on('worker', note);
  return {
    started,
    killNext() {
      isDeadly = true;
    },
    stop: () => void process.off('worker', note),
  };
}
