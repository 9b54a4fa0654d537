/** The ranges whose digests a report will need: for a pass over the bytes that is made before it. */
import { listSignatures, type OpenOptions, type Source, type WantedRange } from '../pades/index.ts';
import { checkByteRange } from './byte-range.ts';
import { assertAffordable } from './range-digests.ts';
import { expectedDigest, readMessage } from './signature-report.ts';

/** Reads the signatures, not what they sign. @throws PadesError; ValidationError limit; whatever the source throws */
export async function signedRanges(source: Source, options: OpenOptions): Promise<WantedRange[]> {
  const wanted = new Map<string, WantedRange>();
  for (const signature of await listSignatures(source, options)) {
    const range = await checkByteRange(source, signature);
    const { algorithm } = expectedDigest(readMessage(signature));
    if (typeof range === 'string' || algorithm === undefined) continue;
    wanted.set([algorithm, range.gapStart, range.gapEnd, range.end].join(), { ...range, algorithm });
  }
  const ranges = [...wanted.values()];
  assertAffordable(source.size, ranges);
  return ranges;
}
