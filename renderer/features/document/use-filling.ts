/** What is being typed into a transaction's fields, on the page and beside it. */
import { useState } from 'react';

export interface Filling {
  /** By fieldKey. */
  readonly values: ReadonlyMap<string, string>;
  /** Required fields found empty when they were to be sent; each leaves when something is typed into it. */
  readonly missing: ReadonlySet<string>;
  fill(key: string, value: string): void;
  setMissing(keys: ReadonlySet<string>): void;
  clear(): void;
}

export function useFilling(): Filling {
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  return {
    values,
    missing,
    fill(key, value) {
      setValues((now) => new Map(now).set(key, value));
      if (value.trim() !== '') setMissing((now) => new Set([...now].filter((each) => each !== key)));
    },
    setMissing,
    clear() {
      setValues(new Map());
      setMissing(new Set());
    },
  };
}
