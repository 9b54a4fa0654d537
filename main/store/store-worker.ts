/** The store's thread: opens the profile's database when asked to and answers the port's calls. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { serve } from '../platform/worker-rpc.ts';
import { openBackend } from './backend.ts';
import { type GroupingBackend, groupCommits } from './group-commit.ts';

const options = z
  .object({
    databasePath: z.string(),
    runsDir: z.string(),
    key: z.instanceof(Uint8Array).refine((k) => k.length === 32),
  })
  .parse(workerData);

/** What the thread serves until `open` has answered; then the backend's methods beside it. */
export interface StoreThread extends GroupingBackend {
  open(): void;
}

const served: Partial<StoreThread> = {
  open() {
    Object.assign(served, groupCommits(openBackend(options)));
  },
};

if (parentPort) serve(parentPort as unknown as Parameters<typeof serve>[0], served);
