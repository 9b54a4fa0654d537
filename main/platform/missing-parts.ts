/** Optional parts this installation lacks, so that the app can say later why something is not there. */
import { createRequire } from 'node:module';

const optional = { 'PC/SC': 'smartcard' } as const;

/** Names of the parts whose package is not installed (`smartcard` needs libpcsclite's headers to build). */
export function missingParts(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return Object.entries(optional).flatMap(([part, name]) => {
    try {
      resolve(name);
      return [];
    } catch {
      return [part];
    }
  });
}
