/**
 * What a vitest run came to, for scripts/test.ts: counts, and a line for all that did not pass, with what no test's own result tells (a hook
 * that failed, a file that did not load, a worker that died).
 */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';
import { firstLine, TALLY_FILE, type Tally } from './tally.ts';

interface Fault {
  readonly message?: string;
}

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly Fault[]): void {
    const tally = { passed: 0, failed: 0, skipped: 0, told: [] as string[] };
    const tell = (state: 'failed' | 'skipped', what: string, reason: string | undefined) => {
      tally[state]++;
      tally.told.push(`${state}: ${what}: ${firstLine(reason)}`);
    };
    const tellErrors = (what: string, of: TestModule | TestSuite) => {
      for (const { message } of of.errors()) tell('failed', what, message);
    };
    for (const module of modules) {
      const file = module.relativeModuleId;
      tellErrors(file, module);
      for (const suite of module.children.allSuites()) tellErrors(`${file} > ${suite.fullName}`, suite);
      for (const test of module.children.allTests()) {
        const result = test.result();
        const what = `${file} > ${test.fullName}`;
        if (result.state === 'passed') tally.passed++;
        else if (result.state === 'skipped') tell('skipped', what, result.note);
        else
          tell('failed', what, result.state === 'pending' ? 'it did not come to its end' : result.errors[0]?.message);
      }
    }
    for (const { message } of unhandled) tell('failed', 'outside the tests', message);
    const path = process.env[TALLY_FILE];
    if (path !== undefined) writeFileSync(path, JSON.stringify(tally satisfies Tally));
  }
}
