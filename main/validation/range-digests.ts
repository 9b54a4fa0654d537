/**
 * The digests of many signed ranges in one pass over the file, in constant memory. All ranges begin at 0, so their beginnings are
 * hashed once per algorithm and the state is copied where each gap starts.
 */
import { createHash, type Hash } from 'node:crypto';
import { eachChunk, type Source } from '../pades/index.ts';
import type { DigestName } from '../pki/index.ts';
import type { SignedRange } from './byte-range.ts';
import { ValidationError } from './validation.ts';

export interface RangeToDigest extends SignedRange {
  readonly algorithm: DigestName;
}

/** What follows the gaps is hashed range by range: this many times the file, and some for small files. */
const maxTails = { ratio: 16, extraBytes: 64 * 1024 * 1024 };

function byPosition(ranges: readonly RangeToDigest[], key: keyof SignedRange): Map<number, RangeToDigest[]> {
  const map = new Map<number, RangeToDigest[]>();
  for (const range of ranges) {
    const list = map.get(range[key]);
    if (list) list.push(range);
    else map.set(range[key], [range]);
  }
  return map;
}

/** @throws ValidationError limit where hashing the ranges is an attack */
export function assertAffordable(size: number, ranges: readonly SignedRange[]): void {
  const tails = ranges.reduce((sum, { gapEnd, end }) => sum + end - gapEnd, 0);
  if (tails > maxTails.ratio * size + maxTails.extraBytes) throw new ValidationError('limit');
}

/** One hash per algorithm over the file from its start, for as long as a gap is still to come. */
function openTrunks(ranges: readonly RangeToDigest[]): Map<DigestName, { hash: Hash; until: number }> {
  const trunks = new Map<DigestName, { hash: Hash; until: number }>();
  for (const { algorithm, gapStart } of ranges) {
    const trunk = trunks.get(algorithm);
    if (!trunk) trunks.set(algorithm, { hash: createHash(algorithm), until: gapStart });
    else trunk.until = Math.max(trunk.until, gapStart);
  }
  return trunks;
}

/**
 * @returns the digest of each range given; equal ranges should be given once
 * @throws ValidationError limit where the ranges overlap so much that hashing them is an attack; whatever the source throws
 */
export async function digestRanges(
  source: Source,
  wanted: readonly RangeToDigest[],
): Promise<Map<RangeToDigest, Uint8Array>> {
  assertAffordable(source.size, wanted);
  const digests = new Map<RangeToDigest, Uint8Array>();
  for (const range of wanted) {
    const known = await source.digests?.of(range, range.algorithm);
    if (known) digests.set(range, known);
  }
  await readRanges(
    source,
    wanted.filter((range) => !digests.has(range)),
    digests,
  );
  return digests;
}

async function readRanges(
  source: Source,
  ranges: readonly RangeToDigest[],
  digests: Map<RangeToDigest, Uint8Array>,
): Promise<void> {
  const trunks = openTrunks(ranges);
  const forks = new Map<RangeToDigest, Hash>();
  const open = new Set<Hash>([...trunks.values()].map(({ hash }) => hash));
  const [starts, resumes, ends] = [
    byPosition(ranges, 'gapStart'),
    byPosition(ranges, 'gapEnd'),
    byPosition(ranges, 'end'),
  ];
  const cuts = [...new Set([...starts.keys(), ...resumes.keys(), ...ends.keys()])].sort((a, b) => a - b);
  let from = 0;
  for (const to of cuts) {
    if (open.size > 0) {
      await eachChunk(source, from, to, (chunk) => {
        for (const hash of open) hash.update(chunk);
      });
    }
    from = to;
    for (const range of starts.get(to) ?? []) {
      const trunk = trunks.get(range.algorithm);
      if (!trunk) continue;
      forks.set(range, trunk.hash.copy());
      if (trunk.until === to) open.delete(trunk.hash);
    }
    for (const range of ends.get(to) ?? []) {
      const fork = forks.get(range);
      if (!fork) continue;
      open.delete(fork);
      digests.set(range, fork.digest());
    }
    for (const range of resumes.get(to) ?? []) {
      const fork = forks.get(range);
      if (fork) open.add(fork);
    }
  }
}
