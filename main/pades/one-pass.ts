/**
 * A source whose bytes are read through once: in that pass they are hashed, copied to where they go, and the digests of signatures already
 * in them are made. So what is signed, what is verified and what is written are the same bytes, also when the file is changed meanwhile.
 */
import { createHash, type Hash } from 'node:crypto';
import { type ByteRange, eachChunk, type Sink, type Source } from '../pdf/index.ts';

export interface WantedRange extends ByteRange {
  /** As Node names it. */
  readonly algorithm: string;
}

export interface OnePass {
  /** Where the bytes go; written to in order while they are hashed. */
  readonly sink: Sink;
  /** Whose digests are wanted; asked when the pass begins. Ranges overlap in little but their beginnings. */
  ranges(): Promise<readonly WantedRange[]>;
}

const keyOf = ({ gapStart, gapEnd, end }: ByteRange, algorithm: string) => [algorithm, gapStart, gapEnd, end].join();

interface Open {
  readonly range: WantedRange;
  /** Undefined until its gap begins: till then the trunk has its bytes. */
  hash: Hash | undefined;
}

interface Made {
  readonly states: ReadonlyMap<string, Hash>;
  readonly digests: ReadonlyMap<string, Uint8Array>;
}

async function run(source: Source, pass: OnePass, algorithms: readonly string[]): Promise<Made> {
  const open: Open[] = (await pass.ranges()).map((range) => ({ range, hash: undefined }));
  const names = new Set([...algorithms, ...open.map(({ range }) => range.algorithm)]);
  const states = new Map([...names].map((algorithm) => [algorithm, createHash(algorithm)]));
  const digests = new Map<string, Uint8Array>();
  const cuts = [...new Set(open.flatMap(({ range }) => [range.gapStart, range.gapEnd, range.end]))].sort(
    (a, b) => a - b,
  );
  let at = 0;

  function feed(bytes: Uint8Array): void {
    for (const state of states.values()) state.update(bytes);
    for (const { range, hash } of open) {
      if (hash && at >= range.gapEnd && at < range.end) hash.update(bytes);
    }
    at += bytes.length;
  }
  function turn(): void {
    for (const one of open) {
      if (at === one.range.gapStart) one.hash = states.get(one.range.algorithm)?.copy();
      if (at === one.range.end && one.hash) digests.set(keyOf(one.range, one.range.algorithm), one.hash.digest());
    }
  }

  await eachChunk(source, 0, source.size, (bytes) => {
    const written = pass.sink.write(bytes);
    const [first, last] = [at, at + bytes.length];
    let done = first;
    for (const cut of cuts) {
      if (cut <= first || cut > last) continue;
      feed(bytes.subarray(done - first, cut - first));
      done = cut;
      turn();
    }
    if (done < last) feed(bytes.subarray(done - first));
    return written;
  });
  return { states, digests };
}

/**
 * The pass is made when digests are first asked for; algorithms asked for later cost another, which copies nothing.
 * @param source reads of single objects go to it as they are
 */
export function onePassSource(source: Source, pass: OnePass): Source {
  let made: Promise<Made> | undefined;
  return {
    size: source.size,
    read: (offset, length) => source.read(offset, length),
    view: (offset, length) => source.view?.(offset, length),
    digests: {
      async atEnd(algorithms) {
        made ??= run(source, pass, algorithms);
        const { states } = await made;
        const missing = algorithms.filter((algorithm) => !states.has(algorithm));
        if (missing.length === 0) return states;
        const silent = { sink: { write: async () => undefined }, ranges: async () => [] };
        return new Map([...states, ...(await run(source, silent, missing)).states]);
      },
      async of(range, algorithm) {
        return (await made)?.digests.get(keyOf(range, algorithm));
      },
    },
  };
}
