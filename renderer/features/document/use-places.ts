/** Where the person has put their marks, by what is signed: a request by its key, a file by its id. */
import type { PercentBox } from '../../../preload/model.ts';
import { useEntries } from '../../ui/use-entries.ts';

export interface Placing {
  readonly places: ReadonlyMap<string, PercentBox>;
  /** Puts the mark there, or takes it away. */
  readonly place: (id: string, box: PercentBox | undefined) => void;
}

export function usePlaces(): Placing {
  const { entries: places, put: place } = useEntries<PercentBox>();
  return { places, place };
}
