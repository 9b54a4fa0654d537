import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../../..', import.meta.url));

const accepted = [/^MIT$/, /^0?BSD(-[23]-Clause)?$/, /^Apache-2\.0$/, /^ISC$/, /^MPL-2\.0$/, /^BlueOak-1\.0\.0$/];

/** SPDX licence expressions without nesting: one of several by OR, all of several by AND. */
function isAccepted(licence: unknown): boolean {
  if (typeof licence !== 'string') return false;
  const choices = licence.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return choices.some((all) => all.split(' AND ').every((one) => accepted.some((known) => known.test(one))));
}

interface Locked {
  readonly dev?: boolean;
  readonly license?: unknown;
}

/** The packages that users get, by their place in the lock: `count` of them, and those whose licence is not accepted. */
async function check(folder: string): Promise<{ count: number; refused: string[] }> {
  const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const shipped = Object.entries(packages).filter(([place, { dev }]) => place !== '' && !dev);
  const refused: string[] = [];
  for (const [place, locked] of shipped) {
    const file = join(folder, place, 'package.json');
    // Optional packages of other systems are in the lock alone.
    const own = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as { license?: unknown }) : locked;
    if (!isAccepted(own.license)) refused.push(`${place}: ${String(own.license)}`);
  }
  return { count: shipped.length, refused };
}

describe('the licences of what is shipped', () => {
  it('are MIT, BSD, Apache, ISC, MPL, 0BSD or BlueOak, for every dependency and its dependencies', async () => {
    const { count, refused } = await check(project);
    expect(refused).toEqual([]);
    expect(count).toBeGreaterThan(15);
  });

  it('are read for what is built into the window as well', async () => {
    const { packages } = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, Locked>;
    };
    for (const name of ['react', 'react-dom', '@mantine/core', '@tanstack/react-query', 'i18next', 'pdfjs-dist'])
      expect(isAccepted(packages[`node_modules/${name}`]?.license), name).toBe(true);
  });
});

describe('a planted package', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'licences-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function plant(place: string, licence: unknown, locked: Locked): Promise<void> {
    await mkdir(join(folder, place), { recursive: true });
    await writeFile(join(folder, place, 'package.json'), JSON.stringify({ license: licence }));
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, [place]: locked } }));
  }

  it.each([
    ['GPL-3.0-only'],
    ['AGPL-3.0-or-later'],
    ['MIT AND GPL-2.0-only'],
    ['SEE LICENSE IN LICENSE'],
    ['UNLICENSED'],
    ['MITX'],
    [undefined],
    [{ type: 'MIT' }],
  ])('under %s is refused, whatever the lock says of it', async (licence) => {
    await plant('node_modules/deep/node_modules/planted', licence, { license: 'MIT' });
    expect(await check(folder)).toEqual({
      count: 1,
      refused: [`node_modules/deep/node_modules/planted: ${String(licence)}`],
    });
  });

  it.each([['MIT'], ['0BSD'], ['BSD-3-Clause'], ['(BSD-3-Clause OR GPL-2.0)'], ['MIT AND ISC']])(
    'under %s is accepted',
    async (licence) => {
      await plant('node_modules/planted', licence, {});
      expect(await check(folder)).toEqual({ count: 1, refused: [] });
    },
  );

  it('that is not installed is judged by the lock', async () => {
    const packages = { 'node_modules/for-another-system': { optional: true, license: 'GPL-2.0-only' } };
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
    expect((await check(folder)).refused).toHaveLength(1);
  });

  it('that only development needs is not shipped', async () => {
    await plant('node_modules/planted', 'GPL-3.0-only', { dev: true });
    expect((await check(folder)).count).toBe(0);
  });
});
