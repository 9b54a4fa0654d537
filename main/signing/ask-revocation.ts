/**
 * Validation that asks the network, where bytes are read in the engine's thread and the network is the desk's: the thread says what it would
 * ask, the desk asks, and the thread judges with the answers.
 */
import type { ValidationReport } from '../../preload/model.ts';
import { isRevocationOpen } from '../../preload/plain.ts';
import type { ValidationData, ValidationDataCollector } from '../pki/index.ts';
import type { ValidationOptions } from '../validation/index.ts';

export interface RevocationQuestion {
  /** DER. */
  readonly leaf: Uint8Array;
  /** Certificates at hand, DER. */
  readonly known: readonly Uint8Array[];
  /** The moment the status is wanted for, epoch ms. */
  readonly at: number;
}

export interface RevocationAnswer extends Pick<RevocationQuestion, 'leaf' | 'at'> {
  readonly data: ValidationData;
}

const nothing: ValidationData = { certificates: [], ocsps: [], lists: [], standings: [], problems: [] };
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** Answers nothing, and keeps what it was asked. */
export function recordQuestions(): { collector: ValidationDataCollector; questions: RevocationQuestion[] } {
  const questions: RevocationQuestion[] = [];
  const collector: ValidationDataCollector = {
    async collect({ leaf, known, at }) {
      const isKnown = questions.some((one) => one.at === at && same(one.leaf, leaf));
      if (!isKnown) questions.push({ leaf, known: [...known], at });
      return nothing;
    },
  };
  return { collector, questions };
}

/** Answers with what was found; what nobody asked is not known. */
export function answerWith(answers: readonly RevocationAnswer[]): ValidationDataCollector {
  return {
    async collect({ leaf, at }) {
      const found = answers.find((one) => one.at === at && same(one.leaf, leaf));
      return found?.data ?? { ...nothing, problems: [{ subject: '', code: 'chain-incomplete' }] };
    },
  };
}

interface ReportsOf {
  readonly report: (answers?: readonly RevocationAnswer[]) => Promise<ValidationReport>;
  readonly questions: () => Promise<readonly RevocationQuestion[]>;
}

/**
 * Nobody is asked about signers that are not trusted anyway: where to ask stands in their own certificates.
 * @throws what the reports throw; the signal's reason
 */
export async function reportAsking(
  { report, questions }: ReportsOf,
  { anchors }: Pick<ValidationOptions, 'anchors'>,
  collector: ValidationDataCollector,
  signal?: AbortSignal,
): Promise<ValidationReport> {
  const offline = await report();
  if (!offline.signatures.some(isRevocationOpen)) return offline;
  const answers = await Promise.all(
    (await questions()).map(async ({ leaf, known, at }) => ({
      leaf,
      at,
      data: await collector.collect({ leaf, known, anchors, at, ...(signal ? { signal } : {}) }),
    })),
  );
  return report(answers);
}
