/** Revisions in the database: which runs make one up, and which nothing refers to any more. */
import { sql } from 'kysely';
import type { Queries } from './queries.ts';
import type { RevisionRef, RunRef } from './store.ts';

export function findRevision({ build, first, all }: Queries, sha256: string): RevisionRef | undefined {
  const found = first(build.selectFrom('revisions').select('size_bytes').where('sha256', '=', sha256));
  if (!found) return undefined;
  const runs = all(
    build
      .selectFrom('revision_runs')
      .innerJoin('runs', 'runs.id', 'revision_runs.run_id')
      .select(['runs.id as runId', 'runs.size_bytes as sizeBytes'])
      .where('revision_runs.sha256', '=', sha256)
      .orderBy('revision_runs.position'),
  );
  return { sha256, sizeBytes: found.size_bytes, runs };
}

/** Makes a revision of runs on disk, some of which other revisions may share. */
export function addRevision({ build, run }: Queries, sha256: string, runs: readonly RunRef[]): RevisionRef {
  const sizeBytes = runs.reduce((sum, { sizeBytes: size }) => sum + size, 0);
  run(build.insertInto('revisions').values({ sha256, size_bytes: sizeBytes }));
  for (const [position, { runId, sizeBytes: size }] of runs.entries()) {
    run(
      build
        .insertInto('runs')
        .values({ id: runId, size_bytes: size })
        .onConflict((conflict) => conflict.column('id').doNothing()),
    );
    run(build.insertInto('revision_runs').values({ sha256, position, run_id: runId }));
  }
  return { sha256, sizeBytes, runs: [...runs] };
}

/**
 * The revision's bytes are in `fetched` now: it, and every revision that begins with its runs, reads them there.
 * @returns the runs that nothing refers to any more; their files are to be removed once this is committed
 */
export function replaceRuns(queries: Queries, { sha256, runs: old }: RevisionRef, fetched: RunRef): string[] {
  const { build, run, all } = queries;
  const [first] = old;
  if (!first) return [];
  run(build.insertInto('runs').values({ id: fetched.runId, size_bytes: fetched.sizeBytes }));
  const beginning = build.selectFrom('revision_runs').select('sha256').where('run_id', '=', first.runId);
  for (const found of all(beginning.where('position', '=', 0))) {
    const runs = findRevision(queries, found.sha256)?.runs ?? [];
    if (found.sha256 !== sha256 && !old.every(({ runId }, at) => runs[at]?.runId === runId)) continue;
    run(build.deleteFrom('revision_runs').where('sha256', '=', found.sha256));
    for (const [position, { runId }] of [fetched, ...runs.slice(old.length)].entries()) {
      run(build.insertInto('revision_runs').values({ sha256: found.sha256, position, run_id: runId }));
    }
  }
  return old.flatMap(({ runId }) =>
    run(build.deleteFrom('runs').where('id', '=', runId).where(unusedRun)) > 0 ? [runId] : [],
  );
}

const unusedRevision = sql<boolean>`NOT EXISTS (SELECT 1 FROM documents d WHERE d.sha256 = revisions.sha256)
  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.sha256 = revisions.sha256)`;
const unusedRun = sql<boolean>`NOT EXISTS (SELECT 1 FROM revision_runs r WHERE r.run_id = runs.id)`;

/**
 * Forgets those of the given revisions that neither a document nor an outbox row refers to.
 * @returns the runs whose files are to be removed once this is committed
 */
export function forgetUnused({ build, run, all }: Queries, candidates: readonly string[]): string[] {
  return [...new Set(candidates)].flatMap((sha256) => {
    const runs = all(build.selectFrom('revision_runs').select('run_id').where('sha256', '=', sha256));
    if (run(build.deleteFrom('revisions').where('sha256', '=', sha256).where(unusedRevision)) === 0) return [];
    return runs.flatMap(({ run_id }) =>
      run(build.deleteFrom('runs').where('id', '=', run_id).where(unusedRun)) > 0 ? [run_id] : [],
    );
  });
}

/** The same for whatever is unused in the whole database. */
export function forgetAllUnused({ build, run, all }: Queries): string[] {
  run(build.deleteFrom('revisions').where(unusedRevision));
  return all(build.deleteFrom('runs').where(unusedRun).returning('id')).map(({ id }) => id);
}

export function knownRuns({ build, all }: Queries): Set<string> {
  return new Set(all(build.selectFrom('runs').select('id')).map(({ id }) => id));
}
