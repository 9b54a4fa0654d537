/** Everything around the tokens at once: what the Tokens page and `countersign tokens` show. */
import type { AbsentIdentity, CardReaderView, TokenDiagnosis, TokenView } from '../../preload/model.ts';
import { absentIdentities } from './absent-identities.ts';
import type { AccountIdentity } from './identity-match.ts';
import type { LiveTokens, TokenSurroundings } from './live.ts';
import type { Tokens } from './tokens.ts';

export interface TokensOverview {
  diagnosis: TokenDiagnosis;
  service: TokenSurroundings['service'];
  readers: CardReaderView[];
  modules: { path: string; source: 'user' | 'vendor' | 'p11-kit'; vendor?: string }[];
  tokens: TokenView[];
  problems: { modulePath: string; code: string }[];
  absent: AbsentIdentity[];
}

export async function overviewTokens(
  tokens: Pick<Tokens, 'list'>,
  live: LiveTokens,
  identities: readonly AccountIdentity[],
): Promise<TokensOverview> {
  // What PC/SC says first puts the modules of the cards at hand in front.
  await live.surroundings();
  const listing = await tokens.list(identities);
  const { service, readers, modules } = await live.surroundings();
  return {
    diagnosis: await live.diagnose(listing),
    service,
    readers: readers.map(({ name, cardPresent, atr }) => ({
      name,
      cardPresent,
      ...(atr === undefined ? {} : { atr }),
    })),
    modules: modules.map(({ path, source, vendor }) => ({ path, source, ...(vendor === undefined ? {} : { vendor }) })),
    tokens: [...listing.tokens],
    problems: [...listing.problems],
    absent: absentIdentities(listing.tokens, identities),
  };
}
