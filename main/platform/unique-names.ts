/** Names that do not meet in one folder, whatever its system takes for equal. */
import { posix } from 'node:path';

/** Gives a name that was given before (in another case, or composed otherwise) a number: `name (2).pdf`. Folders by `/`. */
export function uniqueNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const { dir, name: stem, ext } = posix.parse(name);
    for (let attempt = 1; ; attempt++) {
      const candidate = attempt === 1 ? name : posix.join(dir, `${stem} (${attempt})${ext}`);
      const key = candidate.normalize('NFC').toLowerCase();
      if (taken.has(key)) continue;
      taken.add(key);
      return candidate;
    }
  };
}
