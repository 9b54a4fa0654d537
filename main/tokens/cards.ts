/** Which card an answer to reset belongs to, and the vendors whose module speaks to it. */
import { cardTable } from './card-table.ts';

export interface KnownCard {
  readonly name: string;
  /** Vendors of known-module-table.ts, the first one best. */
  readonly vendors: readonly string[];
}

interface Pattern extends KnownCard {
  readonly matches: RegExp;
  readonly literalLength: number;
}

/** `.`: any half octet; `*`: any octets. */
function toRegExp(pattern: string): RegExp {
  const source = pattern.replace(/[.*]/g, (mark) => (mark === '.' ? '[0-9A-F]' : '(?:[0-9A-F]{2})*'));
  return new RegExp(`^${source}$`);
}

/** The most particular pattern first: of two that fit, the one that says more. */
const patterns: readonly Pattern[] = cardTable
  .flatMap(({ vendors, cards }) =>
    cards.map(([pattern, name]) => ({
      name,
      vendors,
      matches: toRegExp(pattern),
      literalLength: pattern.replace(/[.*]/g, '').length,
    })),
  )
  .sort((a, b) => b.literalLength - a.literalLength);

/** @param atr hex, in either case */
export function knownCard(atr: string): KnownCard | undefined {
  const digits = atr.toUpperCase();
  const found = patterns.find(({ matches }) => matches.test(digits));
  return found && { name: found.name, vendors: found.vendors };
}

/** Vendors for the cards that are in the readers, best first, each once. */
export function vendorsForCards(atrs: readonly string[]): string[] {
  return [...new Set(atrs.flatMap((atr) => knownCard(atr)?.vendors ?? []))];
}
