/** The ranges whose digests a report will need: for a pass over the bytes that is made before it. */
import {
  type EmbeddedSignature,
  listSignatures,
  type OpenOptions,
  type Source,
  type WantedRange,
} from '../pades/index.ts';
import type { DigestName } from '../pki/index.ts';
import { rangeShape } from './byte-range.ts';
import { assertAffordable } from './range-digests.ts';
import { expectedDigest, readMessage } from './signature-report.ts';

const digestNames: Readonly<Record<string, DigestName>> = {
  '0609608648016503040201': 'sha256',
  '0609608648016503040202': 'sha384',
  '0609608648016503040203': 'sha512',
};

/**
 * The one digest algorithm a CMS announces before its content (RFC 5652, 5.1), found without reading the rest; undefined where that is not
 * plainly so. Should its signer use another one, the range is read again.
 */
function announcedDigest({ type, contents }: EmbeddedSignature): DigestName | undefined {
  if (type !== 'Sig') return undefined;
  const head = Buffer.from(contents.subarray(0, 64)).toString('hex');
  const found =
    /^30(?:[0-7].|8[1-4](?:..){1,4}?)06092a864886f70d010702a0.*?020101310[df]300[bd](0609608648016503040[0-9a-f]{3})/.exec(
      head,
    );
  return found?.[1] === undefined ? undefined : digestNames[found[1]];
}

/** Reads the signatures, not what they sign. @throws PadesError; ValidationError limit; whatever the source throws */
export async function signedRanges(source: Source, options: OpenOptions): Promise<WantedRange[]> {
  const wanted = new Map<string, WantedRange>();
  for (const signature of await listSignatures(source, options)) {
    // The report looks at the gap's bytes; a digest more is made where they are wrong.
    const range = rangeShape(signature, source.size);
    const algorithm = announcedDigest(signature) ?? expectedDigest(readMessage(signature)).algorithm;
    if (typeof range === 'string' || algorithm === undefined) continue;
    wanted.set([algorithm, range.gapStart, range.gapEnd, range.end].join(), { ...range, algorithm });
  }
  const ranges = [...wanted.values()];
  assertAffordable(source.size, ranges);
  return ranges;
}
