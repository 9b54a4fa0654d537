/**
 * `npm test`: every check and every runner, one after the other, each to its end. The last line sums what the runners reported;
 * a check that is no runner (format, walls, types, build) counts as one test.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (...parts: string[]) => join(root, 'node_modules', ...parts);
const results = join(root, 'test-results');

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** Reads the runner's own report; without it the exit code is the one test. */
  readonly report?: () => Tally;
}

function run(args: readonly string[]): boolean {
  const done = spawnSync(process.execPath, [...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return done.status === 0;
}

const readJson = (name: string) => JSON.parse(readFileSync(join(results, name), 'utf8')) as Record<string, unknown>;
const count = (value: unknown) => (typeof value === 'number' ? value : 0);

function vitestTally(name: string): Tally {
  const report = readJson(name);
  const skipped = count(report.numPendingTests) + count(report.numTodoTests);
  return { passed: count(report.numPassedTests), failed: count(report.numFailedTests), skipped };
}

function playwrightTally(name: string): Tally {
  const stats = readJson(name).stats as Record<string, unknown>;
  return {
    passed: count(stats.expected),
    failed: count(stats.unexpected) + count(stats.flaky),
    skipped: count(stats.skipped),
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
    '--reporter=json',
    `--outputFile.json=test-results/${project}.json`,
  ],
  report: () => vitestTally(`${project}.json`),
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

function tallyOf(step: Step): Tally {
  const ok = run(step.args);
  if (!step.report) return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  try {
    const tally = step.report();
    // A runner that failed outside its tests (a file that does not load) is one failure more.
    return ok || tally.failed > 0 ? tally : { ...tally, failed: 1 };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const step of steps) {
  const startedMs = performance.now();
  console.log(`\n== ${step.name}`);
  const { passed, failed, skipped } = tallyOf(step);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  lines.push(`${step.name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`);
}
console.log(`\n${lines.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
