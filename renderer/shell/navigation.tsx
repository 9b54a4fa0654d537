/** Where in the window the person is, and the ways there. A page is one of `pages.ts`; the inbox and a document are its middle. */
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';
import type { PageName } from './pages.ts';

export type Place =
  | { readonly name: 'inbox' }
  | { readonly name: 'document'; readonly transactionId: string }
  | { readonly name: PageName };

export interface Navigation {
  readonly place: Place;
  /** Goes there; the place left is where `back` leads. */
  go(place: Place): void;
  /** To the place before, at last to the inbox. */
  back(): void;
}

const inbox: Place = { name: 'inbox' };
const NavigationContext = createContext<Navigation>({ place: inbox, go: () => undefined, back: () => undefined });

/** Far enough back for a person; a window that is open for days keeps no longer list. */
const MOST_KEPT = 20;

function same(one: Place, other: Place): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function NavigationProvider({ children }: { children: ReactNode }) {
  const [trail, setTrail] = useState<readonly Place[]>([inbox]);
  const place = trail.at(-1) ?? inbox;
  const go = useCallback((next: Place) => {
    setTrail((before) => {
      if (next.name === 'inbox') return [inbox];
      return same(before.at(-1) ?? inbox, next) ? before : [...before, next].slice(-MOST_KEPT);
    });
  }, []);
  const back = useCallback(() => setTrail((before) => (before.length > 1 ? before.slice(0, -1) : [inbox])), []);
  const value = useMemo(() => ({ place, go, back }), [place, go, back]);
  return <NavigationContext value={value}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  return use(NavigationContext);
}
