/** A worker that answers, and dies when it is told to. */
import { parentPort, workerData } from 'node:worker_threads';

if (workerData === 'stillborn') process.exit(3);
parentPort.on('message', ({ id, method }) => {
  if (method === 'die') process.exit(7);
  if (method === 'echo') parentPort.postMessage({ id, ok: true, value: workerData });
});
