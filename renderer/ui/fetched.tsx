/**
 * A component whose code comes when it is first wanted, or before: what has been fetched ahead is there at once. React's own `lazy`
 * suspends the first time even then, and keeps what it shows meanwhile for 300 ms.
 */
import { type ComponentType, lazy, type ReactNode, useState } from 'react';

export interface Fetched<P> {
  (props: P): ReactNode;
  /** Rejects where the code cannot be had; it is tried again when it is wanted. */
  readonly fetch: () => Promise<void>;
}

export function fetched<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): Fetched<P> {
  let here: ComponentType<P> | undefined;
  const Later: ComponentType<P> = lazy(load);
  function Screen(props: P) {
    // For as long as it is shown it stays the one it began as.
    const [Inner] = useState<ComponentType<P>>(() => here ?? Later);
    return <Inner {...props} />;
  }
  return Object.assign(Screen, {
    async fetch() {
      here = (await load()).default;
    },
  });
}
