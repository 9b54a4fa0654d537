/**
 * `npm test`: every check and every runner, one after the other, each to its end. The last line sums what the runners reported;
 * a check that is no runner (format, walls, types, build) counts as one test. What failed is named again before it, with the first line
 * of its reason: whoever reads only the end of a log knows where to look.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstLine, TALLY_FILE, type Tally } from './tally.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (...parts: string[]) => join(root, 'node_modules', ...parts);
const results = join(root, 'test-results');

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly tests: readonly {
      readonly status: string;
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
}

interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** Where the runner's reporter leaves its tally. */
  readonly tallyFile?: string;
  /** Reads the runner's own report; without it the exit code is the one test. */
  readonly report?: () => Tally;
}

function run({ args, tallyFile }: Step): boolean {
  const env = { ...process.env, ...(tallyFile === undefined ? {} : { [TALLY_FILE]: tallyFile }) };
  const done = spawnSync(process.execPath, [...args], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  return done.status === 0;
}

const readJson = (name: string) => JSON.parse(readFileSync(join(results, name), 'utf8')) as Record<string, unknown>;
const count = (value: unknown) => (typeof value === 'number' ? value : 0);

/** What failed, was skipped, or passed only when tried again, in Playwright's report. */
function toldByPlaywright({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests
      .filter(({ status }) => status !== 'expected')
      .map(({ status, results }) => {
        const reason = results.find(({ error }) => error)?.error?.message;
        return `${status === 'unexpected' ? 'failed' : status}: ${file} > ${title}: ${firstLine(reason)}`;
      }),
  );
  return [...own, ...suites.flatMap(toldByPlaywright)];
}

function playwrightTally(name: string): Tally {
  const report = readJson(name);
  const stats = report.stats as Record<string, unknown>;
  return {
    passed: count(stats.expected),
    failed: count(stats.unexpected) + count(stats.flaky),
    skipped: count(stats.skipped),
    told: toldByPlaywright(report as PlaywrightSuite),
  };
}

const tsc = (config: string): Step => ({
  name: `types (${config})`,
  args: [bin('typescript', 'bin', 'tsc'), '-p', config],
});
const vitest = (project: string): Step => ({
  name: project,
  args: [
    bin('vitest', 'vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=./scripts/tally-reporter.ts',
  ],
  tallyFile: join(results, `${project}.json`),
  report: () => readJson(`${project}.json`) as unknown as Tally,
});

const steps: readonly Step[] = [
  { name: 'format and lint', args: [bin('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--error-on-warnings', '.'] },
  {
    name: 'walls',
    args: [
      bin('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
      '--config',
      '.dependency-cruiser.mjs',
      'main',
      'native',
      'preload',
      'renderer',
      'test',
      'scripts',
    ],
  },
  ...[
    'tsconfig.json',
    'tsconfig.native.json',
    'tsconfig.preload.json',
    'tsconfig.renderer.json',
    'tsconfig.e2e.json',
  ].map(tsc),
  vitest('unit'),
  vitest('contract'),
  vitest('integration'),
  {
    name: 'e2e',
    args: [bin('@playwright', 'test', 'cli.js'), 'test', '--config', 'test/e2e/playwright.config.ts'],
    report: () => playwrightTally('e2e.json'),
  },
];

const nothing: Tally = { passed: 0, failed: 0, skipped: 0, told: [] };

function tallyOf(step: Step): Tally {
  const ok = run(step);
  if (!step.report) return ok ? { ...nothing, passed: 1 } : { ...nothing, failed: 1, told: [`failed: ${step.name}`] };
  try {
    const tally = step.report();
    // A runner that failed outside its tests (a file that does not load) is one failure more.
    if (ok || tally.failed > 0) return tally;
    return { ...tally, failed: 1, told: [...tally.told, `failed: ${step.name}, outside its tests`] };
  } catch {
    return { ...nothing, failed: 1, told: [`failed: ${step.name} left no report`] };
  }
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
const notes: string[] = [];
for (const step of steps) {
  const startedMs = performance.now();
  console.log(`\n== ${step.name}`);
  const { passed, failed, skipped, told } = tallyOf(step);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  notes.push(...told);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  lines.push(`${step.name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`);
}
console.log(`\n${lines.join('\n')}\n`);
if (notes.length > 0) console.log(`${notes.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
