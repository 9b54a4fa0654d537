/** The providers' identity records that no key at hand answers to: their token is somewhere else. */
import type { AbsentIdentity, TokenView } from '../../preload/model.ts';
import type { AccountIdentity } from './identity-match.ts';

export function absentIdentities(
  tokens: readonly TokenView[],
  identities: readonly AccountIdentity[],
): AbsentIdentity[] {
  const here = new Set(
    tokens.flatMap((token) => token.identities.flatMap(({ providerIdentities }) => providerIdentities)),
  );
  return identities
    .filter(({ accountId, identity }) => !here.has(`${accountId}/${identity.id}`))
    .map(({ accountId, identity }) => ({
      id: `${accountId}/${identity.id}`,
      accountId,
      label: identity.label,
      ...(identity.tokenSerialNumber === undefined ? {} : { tokenSerialNumber: identity.tokenSerialNumber.trim() }),
    }));
}
