import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(await readFile(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>;
};
const packages = Object.entries(lock.packages).filter(([place]) => place !== '');

/** Where a package found at `place` finds `name`: beside itself, or in a folder above. */
function isFound(place: string, name: string): boolean {
  for (let from = place; ; from = from.slice(0, from.lastIndexOf('/node_modules/'))) {
    if (`${from}/node_modules/${name}` in lock.packages) return true;
    if (!from.includes('/node_modules/')) return `node_modules/${name}` in lock.packages;
  }
}

describe('package-lock.json', () => {
  it('names no registry, and a digest for every package', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  it('holds the optional packages of every system, without which `npm ci` refuses it', () => {
    const lost = packages.flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isFound(place, name)),
    );
    expect(lost).toEqual([]);
  });
});
