/** Where the person has put their marks, by what is signed: a request by its key, a file by its id. */
import { useCallback, useState } from 'react';
import type { PercentBox } from '../../../preload/model.ts';

export interface Placing {
  readonly places: ReadonlyMap<string, PercentBox>;
  /** Puts the mark there, or takes it away. */
  readonly place: (id: string, box: PercentBox | undefined) => void;
}

export function usePlaces(): Placing {
  const [places, setPlaces] = useState<Placing['places']>(new Map());
  const place = useCallback((id: string, box: PercentBox | undefined) => {
    setPlaces((now) => {
      const next = new Map(now);
      if (box) next.set(id, box);
      else next.delete(id);
      return next;
    });
  }, []);
  return { places, place };
}
