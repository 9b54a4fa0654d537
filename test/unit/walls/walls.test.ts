import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walls as config, rooms } from '../../../scripts/walls.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const folders = ['main', 'native', 'preload', 'renderer', 'test', 'scripts'];

async function check(baseDir: string, paths: readonly string[]): Promise<ICruiseResult> {
  const { enhancedResolveOptions, tsConfig: _, ...options } = config.options;
  const result = await cruise(
    [...paths],
    { ...options, baseDir, validate: true, ruleSet: { forbidden: config.forbidden }, outputType: 'json' },
    enhancedResolveOptions,
  );
  return JSON.parse(String(result.output)) as ICruiseResult;
}

const rulesBroken = (result: ICruiseResult) => new Set(result.summary.violations.map((v) => v.rule.name));

/** A room this one may not import. */
function forbiddenFor(room: string, allowed: readonly string[]): string {
  const other = Object.keys(rooms).find((name) => name !== room && !allowed.some((path) => path.startsWith(name)));
  if (!other) throw new Error(`${room} may import every room: it has no wall`);
  return other;
}

const up = (from: string, to: string) => `${'../'.repeat(from.split('/').length - 1)}${to}`;

/** Canaries: for every rule a file that breaks it. */
function canaries(): Record<string, string> {
  const files: Record<string, string> = {
    'main/pdf/disk.ts': "import 'node:fs';",
    'main/pades/network.ts': "import 'node:http';",
    'main/ipc/window.ts': "import 'electron';",
    'main/tokens/cards.ts': "import 'pkcs11js';",
    'main/inbox/rows.ts': "import 'better-sqlite3';",
    'main/ipc/browser.ts': "import 'playwright-core';",
    'main/desk.ts': 'export {};',
    'main/store/wiring.ts': "import '../desk.ts';",
    'main/sync/tests.ts': "import '../../test/thing.ts';",
    'test/thing.ts': 'export {};',
    'main/providers/one/client.ts': "import '../two/client.ts';",
    'main/providers/two/client.ts': 'export {};',
    'main/platform/hen.ts': "import './egg.ts';",
    'main/platform/egg.ts': "import './hen.ts';",
    'renderer/schemas.ts': "import { thing } from '../preload/model.ts'; thing;",
    'preload/model.ts': 'export const thing = 1;',
    'main/platform/lost.ts': "import './nothing.ts';",
  };
  for (const [room, allowed] of Object.entries(rooms)) {
    files[`${room}target.ts`] = 'export const target = 1;';
    const from = `${room}canary.ts`;
    files[from] = `import type {} from '${up(from, `${forbiddenFor(room, allowed)}target.ts`)}';`;
  }
  for (const name of ['electron', 'pkcs11js', 'better-sqlite3', 'playwright-core']) {
    files[`node_modules/${name}/index.js`] = '';
    files[`node_modules/${name}/package.json`] = JSON.stringify({ name, main: 'index.js' });
  }
  return files;
}

let planted: string;
beforeAll(async () => {
  planted = await realpath(await mkdtemp(join(tmpdir(), 'walls-')));
  for (const [path, text] of Object.entries(canaries())) {
    await mkdir(dirname(join(planted, path)), { recursive: true });
    await writeFile(join(planted, path), text);
  }
});
afterAll(() => rm(planted, { recursive: true, force: true }));

describe('the walls between the rooms', () => {
  it('stand: nothing of the project breaks one, and the check reads the project', async () => {
    const result = await check(project, folders);
    expect(result.summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([]);
    expect(result.summary.totalCruised).toBeGreaterThan(200);
  });

  it('catch the canary behind each of them', async () => {
    const broken = rulesBroken(await check(planted, ['main', 'native', 'preload', 'renderer', 'test']));
    expect([...config.forbidden.map((rule) => rule.name)].filter((name) => !broken.has(name ?? ''))).toEqual([]);
  });
});
