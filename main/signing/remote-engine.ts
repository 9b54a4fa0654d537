/** The engine's thread as the ports that work over files and levels know it. */
import type { Remote } from '../platform/worker-rpc.ts';
import type { Engine, EngineInput } from './engine-worker.ts';
import type { FileEngine } from './file-engine.ts';
import type { RaiseSteps } from './raise-steps.ts';

export const remoteFiles = (engine: Remote<Engine>): FileEngine<EngineInput> => ({
  begin: (input, output, request, beside) => engine.begin(input, output, request, beside),
  complete: (id, completion, validation) => engine.complete(id, completion, validation),
  abandon: (id) => engine.abandon(id),
});

/** @param password opens an encrypted input */
export const remoteSteps = (engine: Remote<Engine>, input: EngineInput, password: string | undefined): RaiseSteps => ({
  needs: (added) => engine.needs(input, password, added),
  prepareTimestamp: (added, reserveBytes) => engine.prepareTimestamp(input, password, added, reserveBytes),
  addData: (added, data) => engine.addData(input, password, added, data),
  verify: (added, options) => engine.verifyRaised(input, password, added, options),
});
