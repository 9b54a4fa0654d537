/** Tells the desk what only a window knows: whether it is looked at, whether there is a network, whether that one is metered. */
import { useEffect } from 'react';
import { useBridge } from '../../desk.tsx';

/** Network Information API, where the browser has it. */
interface Connection extends EventTarget {
  readonly saveData?: boolean;
  readonly type?: string;
}

function connectionOf(of: Navigator): Connection | undefined {
  return (of as Navigator & { readonly connection?: Connection }).connection;
}

export function useConditions(): void {
  const bridge = useBridge();
  useEffect(() => {
    const connection = connectionOf(navigator);
    const tell = (change: { online?: boolean }) => {
      const metered = connection?.saveData === true || connection?.type === 'cellular';
      const foreground = document.visibilityState === 'visible';
      // A desk that does not take it goes by what else it knows.
      bridge.call('sync.conditions', { foreground, metered, ...change }).catch(() => undefined);
    };
    const look = () => tell({});
    const online = () => tell({ online: true });
    const offline = () => tell({ online: false });
    look();
    document.addEventListener('visibilitychange', look);
    window.addEventListener('online', online);
    window.addEventListener('offline', offline);
    connection?.addEventListener('change', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('online', online);
      window.removeEventListener('offline', offline);
      connection?.removeEventListener('change', look);
    };
  }, [bridge]);
}
