/** Which identity the person has picked to sign with: it stays picked while the window is open, and marks bear its name. */
import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import type { CallOutput } from '../../../preload/contract.ts';
import type { SigningIdentity, TokenView } from '../../../preload/model.ts';

interface PickedIdentity {
  /** Undefined until one was picked. */
  readonly picked: string | undefined;
  readonly pick: (identityId: string) => void;
}

const PickedContext = createContext<PickedIdentity | undefined>(undefined);

export function PickedIdentityProvider({ children }: { children: ReactNode }) {
  const [picked, pick] = useState<string>();
  const value = useMemo(() => ({ picked, pick }), [picked]);
  return <PickedContext value={value}>{children}</PickedContext>;
}

export function usePickedIdentity(): PickedIdentity {
  const picked = use(PickedContext);
  if (!picked) throw new Error('no identity is picked above this component');
  return picked;
}

export interface Usable {
  readonly token: TokenView;
  readonly identity: SigningIdentity;
}

/** The identity that signs: the picked one, else one that a provider knows, else any that can. */
export function chooseSigner(
  listing: CallOutput<'tokens.list'> | undefined,
  picked: string | undefined,
  blocked: { has(identityId: string): boolean } = new Set(),
): Usable | undefined {
  const usable = (listing?.tokens ?? []).flatMap((token) =>
    token.identities
      .filter(({ id, disabledReason }) => disabledReason === undefined && !token.pin.locked && !blocked.has(id))
      .map((identity) => ({ token, identity })),
  );
  const known = usable.filter(({ identity }) => identity.providerIdentities.length > 0);
  return usable.find(({ identity }) => identity.id === picked) ?? known[0] ?? usable[0];
}
