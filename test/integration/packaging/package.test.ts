import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractAll } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { FuseState } from '@electron/fuses/dist/constants.js';
import { getConfig } from 'app-builder-lib/out/util/config/config.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ArchivedFile,
  filesIn,
  missingImports,
  type Packed,
  packageOf,
  packForLinux,
  project,
  readText,
  refuseNetwork,
} from './packing.ts';

const run = promisify(execFile);

let folder: string;
let packed: Packed;
let files: ArchivedFile[];
let paths: string[];
beforeAll(async () => {
  for (const built of ['main/electron.js', 'preload/preload.cjs', 'renderer/index.html'])
    expect(existsSync(join(project, 'out', built)), `out/${built} is built: node scripts/setup.mjs`).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'packaging-'));
  packed = await packForLinux(folder);
  files = filesIn(packed.archive);
  paths = files.map(({ path }) => path);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

async function lockedPackages(): Promise<Record<string, Locked>> {
  const lock = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return lock.packages;
}

type Manifest = Record<'dependencies' | 'optionalDependencies', Record<string, string>>;
const packedManifest = async () => JSON.parse(readText(packed.archive, 'package.json')) as Manifest;

describe('the packed app', () => {
  it('holds the built main, preload and window, the licence, and nothing else of the project', () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'package.json',
        'out/main/electron.js',
        'out/preload/preload.cjs',
        'out/renderer/index.html',
      ]),
    );
    const tops = new Set(
      paths.map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('out/') ? 2 : 1)
          .join('/'),
      ),
    );
    expect([...tops].toSorted()).toEqual(
      ['LICENSE', 'node_modules', 'out/main', 'out/preload', 'out/renderer', 'package.json'].toSorted(),
    );
  });

  it('holds each thread and process the app starts, but for the one of the Chromium window', async () => {
    const entries = await readFile(join(project, 'main', 'platform', 'entries.ts'), 'utf8');
    const names = [...entries.matchAll(/^ {2}'([a-z-]+)': '\.\./gm)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(['store-worker', 'engine-worker', 'token-host']));
    const started = names.filter((name) => name !== 'window-driver').map((name) => `out/main/${name}.js`);
    expect(paths).toEqual(expect.arrayContaining(started));
  });

  it('holds no source, no map and nothing that addons are built from', () => {
    expect(paths.filter((path) => /\.([cm]?tsx?|map|c|cc|cpp|h|hh|hpp|inc|gyp|gypi|mk|o|a)$/.test(path))).toEqual([]);
  });

  it('holds no package that only development needs', async () => {
    const locked = await lockedPackages();
    const here = new Set(paths.flatMap((path) => packageOf(path) ?? []));
    expect([...here].filter((name) => locked[`node_modules/${name}`]?.dev !== undefined)).toEqual([]);
    for (const name of ['playwright-core', 'vitest', 'electron', 'react', 'typescript', 'pdf-lib'])
      expect(here, name).not.toContain(name);
    for (const name of ['better-sqlite3', 'pkcs11js', 'kysely', 'undici', 'zod', 'pino']) expect(here).toContain(name);
  });

  it('has every addon beside the archive, for this system only, and each one loads there', async () => {
    const addons = files.filter(({ path }) => path.endsWith('.node'));
    const expected = [
      `node_modules/@koromix/koffi-${process.platform}-${process.arch}/${process.platform}_${process.arch}/koffi.node`,
      `node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`,
      'node_modules/pkcs11js/build/Release/pkcs11.node',
      'node_modules/smartcard/build/Release/smartcard_napi.node',
    ].filter((path) => existsSync(join(project, path)));
    expect(addons.map(({ path }) => path).toSorted()).toEqual(expected.toSorted());
    expect(addons.filter(({ isUnpacked }) => !isUnpacked)).toEqual([]);
    const load = 'for (const path of process.argv.slice(1)) require(path); process.stdout.write("loaded")';
    const places = addons.map(({ path }) => join(packed.unpacked, path));
    expect((await run(process.execPath, ['-e', load, ...places])).stdout).toBe('loaded');
  });

  it('holds whatever its main and preload import', async () => {
    const code = paths.filter((path) => /^out\/(main|preload)\/.*\.c?js$/.test(path));
    const texts = new Map(code.map((path) => [path, readText(packed.archive, path)]));
    const { optionalDependencies } = await packedManifest();
    const packages = new Set([
      ...paths.flatMap((path) => packageOf(path) ?? []),
      // Loaded where they are there; the app says so where they are not.
      ...Object.keys(optionalDependencies),
    ]);
    expect(missingImports(texts, packages)).toEqual([]);
    texts.set('out/main/canary.js', 'import { chromium } from "playwright-core";\nawait import("./lost.js");');
    expect(missingImports(texts, packages)).toEqual([
      'out/main/canary.js: playwright-core',
      'out/main/canary.js: ./lost.js',
    ]);
  });

  it('holds whole packages: each one the app depends on loads from there', async () => {
    const extracted = join(folder, 'extracted');
    extractAll(packed.archive, extracted);
    const { dependencies, optionalDependencies } = await packedManifest();
    const optional = Object.keys(optionalDependencies).filter((name) =>
      existsSync(join(project, 'node_modules', name)),
    );
    const names = [...Object.keys(dependencies), ...optional];
    await writeFile(join(extracted, 'load.mjs'), names.map((name) => `await import('${name}');\n`).join(''));
    await run(process.execPath, [join(extracted, 'load.mjs')]);
    expect(names).toContain('pkcs11js');
  });

  it('has the fuses that electron-builder.yml names', async () => {
    const { electronFuses } = await getConfig(project, 'electron-builder.yml', null);
    const wire = await getCurrentFuseWire(packed.binary);
    for (const [name, wanted] of Object.entries(electronFuses ?? {})) {
      const option = FuseV1Options[(name.charAt(0).toUpperCase() + name.slice(1)) as keyof typeof FuseV1Options];
      expect(wire[option], name).toBe(wanted ? FuseState.ENABLE : FuseState.DISABLE);
    }
  });

  it('is packed without a try to reach the network', async () => {
    expect(packed.tries).toBe('');
    const tries = join(folder, 'canary');
    await writeFile(tries, '');
    const fetching = 'fetch("http://127.0.0.1:8090/").catch(() => undefined)';
    const env = { ...process.env, NODE_OPTIONS: `--require ${refuseNetwork}`, NETWORK_TRIES: tries };
    await run(process.execPath, ['-e', fetching], { env });
    expect(await readFile(tries, 'utf8')).toBe('127.0.0.1:8090\n');
  });
});
