import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDemo } from './demo-process.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'demo-kill-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('a demo that is killed', () => {
  it('ends, on the same folder, with every document delivered once and valid', async () => {
    // The demo itself counts effects at the server: a second delivery of anything fails its last run.
    const kills = [
      { text: 'Sandbox up', delayMs: 40 },
      { text: 'Filled', delayMs: 15 },
      { text: 'Matched', delayMs: 250 },
      { text: 'Server taken away', delayMs: 90 },
      { text: 'Server is back', delayMs: 120 },
    ];
    let killed = 0;
    for (const [i, kill] of kills.entries()) {
      const { code } = await runDemo(['--keep', dir, ...(i > 0 ? ['--resume'] : [])], kill);
      if (code === null) killed++;
    }
    expect(killed).toBeGreaterThanOrEqual(3);
    const last = await runDemo(['--keep', dir, '--resume']);
    expect(last.output).toMatch(/\b(\d+) of \1 signed documents delivered and valid/);
    expect(last.code).toBe(0);
    expect((await readdir(join(dir, 'signed'))).length).toBeGreaterThanOrEqual(15);
  });
});
