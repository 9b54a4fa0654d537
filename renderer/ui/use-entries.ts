/** Values by key that the person puts and takes away one by one. */
import { useCallback, useState } from 'react';

export function useEntries<T>() {
  const [entries, setEntries] = useState<ReadonlyMap<string, T>>(new Map());
  const put = useCallback((key: string, value: T | undefined) => {
    setEntries((now) => {
      const next = new Map(now);
      if (value === undefined) next.delete(key);
      else next.set(key, value);
      return next;
    });
  }, []);
  return { entries, put };
}
