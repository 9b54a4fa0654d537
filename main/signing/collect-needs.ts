/** The validation data that what is raised must keep, asked for at once and believed only where it is whole. */
import { distinct, type ValidationData } from '../pki/index.ts';
import type { DataNeed } from '../validation/index.ts';
import { RaiseError, type RaiseTools } from './raising.ts';

export interface Collected {
  readonly need: DataNeed;
  readonly data: ValidationData;
}

const distinctLines = (lines: readonly string[]) => [...new Set(lines)];

function refuseIncomplete(collected: readonly Collected[]): void {
  const problems = collected.flatMap(({ data }) => data.problems);
  const lines = distinctLines(problems.map(({ subject, code }) => `${subject}: ${code}`));
  if (problems.some(({ code }) => code === 'revoked')) throw new RaiseError('certificate-revoked', lines);
  if (problems.length > 0) throw new RaiseError('validation-data-incomplete', lines);
}

/**
 * Concurrently for all; the same answer is fetched once.
 * @throws RaiseError certificate-revoked, validation-data-incomplete; the signal's reason
 */
export async function collectNeeds(
  needs: readonly DataNeed[],
  { collector, anchors, clock, fetchedSince, signal }: RaiseTools,
): Promise<Collected[]> {
  const when = { ...(fetchedSince === undefined ? {} : { fetchedSince }), ...(signal ? { signal } : {}) };
  const collected = await Promise.all(
    needs.map(async (need) => {
      const { leaf, known, at = clock.now() } = need;
      return { need, data: await collector.collect({ leaf, known, anchors, at, ...when }) };
    }),
  );
  refuseIncomplete(collected);
  return collected;
}

/** Certificates, OCSPResponses and CertificateLists, each once, DER. */
export const valuesOf = (collected: readonly Collected[]) => ({
  certificates: distinct(collected.flatMap(({ data }) => data.certificates)),
  ocsps: distinct(collected.flatMap(({ data }) => data.ocsps)),
  lists: distinct(collected.flatMap(({ data }) => data.lists)),
});
