import { defineConfig } from 'vitest/config';

const project = (name: string, timeoutMs: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    pool: 'forks' as const,
  },
});

export default defineConfig({
  test: {
    projects: [project('unit', 20_000), project('contract', 60_000), project('integration', 120_000)],
    reporters: ['default'],
    // Each test has its own folders and ports; by itself vitest leaves one of two cores idle.
    maxWorkers: '100%',
  },
});
