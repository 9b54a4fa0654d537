/** The window on a profile of 100,000 transactions: how soon it is of use, typing in the search, scrolling the list. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createHeadlessHost } from '../../main/host/headless-host.ts';
import buildWindow from '../e2e/build-window.ts';
import { makeLargeProfile } from '../sandbox/large-profile.ts';
import { type Bench, median, percentile } from './bench.ts';
import type { WindowFigures } from './window-session.ts';

const COUNT = 100_000;
const STARTS = 5;
const LONGEST_MS = 120_000;
const session = fileURLToPath(new URL('window-session.ts', import.meta.url));

export const window: Bench = {
  subject: 'window',
  async run(report) {
    await buildWindow();
    const dir = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
    const [root, secretsDir] = [join(dir, 'profile'), join(dir, 'keys')];
    try {
      await makeLargeProfile(root, createHeadlessHost({ secretsDir }).secrets, { count: COUNT });
      const env = { ...process.env, NODE_COMPILE_CACHE: join(dir, 'compiled') };
      const figures: WindowFigures[] = [];
      for (let start = -1; start < STARTS; start++) {
        const args = ['--no-warnings', session, root, secretsDir];
        const { stdout } = await promisify(execFile)(process.execPath, args, {
          env,
          maxBuffer: 1 << 24,
          timeout: LONGEST_MS,
        });
        // The first start compiles, as the first of an installation does.
        if (start >= 0) figures.push(JSON.parse(stdout) as WindowFigures);
      }
      const keys = figures.flatMap(({ keyMs }) => keyMs);
      const frames = figures.flatMap(({ frameMs }) => frameMs);
      report({ what: 'process start to inbox', ms: median(figures.map(({ startMs }) => startMs)) });
      report({ what: 'key to results', ms: median(keys) });
      report({ what: '  p95', ms: percentile(keys, 0.95) });
      report({ what: 'frame while scrolling', ms: median(frames) });
      report({ what: '  p95', ms: percentile(frames, 0.95) });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};
