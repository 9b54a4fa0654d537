/** The engine's thread as the ports that work over files and levels know it. */
import type { ValidationReport } from '../../preload/model.ts';
import type { ValidationDataCollector } from '../pki/index.ts';
import type { Remote } from '../platform/worker-rpc.ts';
import type { ValidationOptions } from '../validation/index.ts';
import { type RevocationAnswer, reportAsking } from './ask-revocation.ts';
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

/**
 * The report on a stored or local file. With a collector the network is asked whether signers are revoked, where the file does not say.
 * @param beside what a detached message signs
 * @throws ValidationError; the signal's reason
 */
export function remoteReport(
  engine: Remote<Engine>,
  input: EngineInput,
  beside: EngineInput | undefined,
  options: Omit<ValidationOptions, 'collector'>,
  collector: ValidationDataCollector | undefined,
): Promise<ValidationReport> {
  const report = (answers?: readonly RevocationAnswer[]) => engine.report(input, beside, options, answers);
  if (!collector) return report();
  return reportAsking({ report, questions: () => engine.questions(input, beside, options) }, options, collector);
}
