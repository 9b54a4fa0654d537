/** What one opened file may cost, so that no file can hang the reader or exhaust memory. */
import { PdfError } from './errors.ts';

export const limits = {
  /** Arrays and dictionaries inside one another. */
  nesting: 128,
  /** One object as text, streams' data not counted. */
  objectBytes: 16 * 1024 * 1024,
  /** Values in one object: more than a flat page tree of 500,000 pages. */
  values: 1_000_000,
  /** One stream after decoding; encoded, it may not be longer either. */
  streamBytes: 32 * 1024 * 1024,
  /** Cross-reference sections in one file. */
  sections: 10_000,
  /** Objects numbered higher than this are not believed (8,388,607 is Annex C's figure). */
  objectNumber: 8_388_607,
  /** 7.3.10 and 7.5.4. */
  generation: 65_535,
  /** References that lead to references. */
  hops: 32,
  /** Levels of a page tree or a field tree. */
  treeDepth: 128,
} as const;

const allowance = {
  /** Bytes taken in by the parser. */
  parsed: 64 * 1024 * 1024,
  /** Values it made of them. */
  values: 2_000_000,
  /** Bytes that came out of decoders. */
  decoded: 96 * 1024 * 1024,
  /** Objects looked up. */
  lookups: 400_000,
  /** Cross-reference sections asked for them, and numbers looked through in object streams. */
  probes: 10_000_000,
};

export type Expense = keyof typeof allowance;
export type Spend = (expense: Expense, amount: number) => void;

export interface Purse {
  /** @throws PdfError limit once it is empty */
  readonly spend: Spend;
  /** As full as at first: for the next who works on the same open file. */
  refill(): void;
}

/** A purse for one opened file. */
export function openPurse(): Purse {
  let left = { ...allowance };
  return {
    spend(expense, amount) {
      left[expense] -= amount;
      if (left[expense] < 0) throw new PdfError('limit', expense);
    },
    refill() {
      left = { ...allowance };
    },
  };
}
