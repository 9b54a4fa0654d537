/** Signature marks. At most one is preferred. */
import type { SignatureMark } from '../../preload/model.ts';
import type { Queries } from './queries.ts';
import { StoreError } from './store.ts';

const columns = ['id', 'kind', 'label', 'width', 'height', 'created_at', 'preferred'] as const;

/** The preferred one first, then the newest. */
export function listMarks({ build, all }: Queries): SignatureMark[] {
  const rows = all(
    build.selectFrom('marks').select(columns).orderBy('preferred', 'desc').orderBy('created_at', 'desc').orderBy('id'),
  );
  return rows.map(({ created_at, preferred, ...row }) => ({
    ...row,
    createdAt: created_at,
    preferred: preferred === 1,
  }));
}

/** A preferred one takes the preference from the one that had it. */
export function putMark(queries: Queries, mark: SignatureMark, image: Uint8Array): void {
  const { build, run } = queries;
  if (mark.preferred) preferNone(queries);
  const { id, kind, label, width, height, createdAt, preferred } = mark;
  const row = { id, kind, label, width, height, created_at: createdAt, preferred: preferred ? 1 : 0, image };
  run(build.insertInto('marks').values(row));
}

/** @throws StoreError not-found */
export function readMarkImage({ build, first }: Queries, id: string): Uint8Array {
  const row = first(build.selectFrom('marks').select('image').where('id', '=', id));
  if (!row) throw new StoreError('not-found');
  return new Uint8Array(row.image);
}

/** @throws StoreError not-found */
export function removeMark({ build, run }: Queries, id: string): void {
  if (run(build.deleteFrom('marks').where('id', '=', id)) === 0) throw new StoreError('not-found');
}

function preferNone({ build, run }: Queries): void {
  run(build.updateTable('marks').set('preferred', 0).where('preferred', '=', 1));
}

/** Undefined: none. @throws StoreError not-found */
export function preferMark(queries: Queries, id: string | undefined): void {
  const { build, run } = queries;
  preferNone(queries);
  if (id === undefined) return;
  if (run(build.updateTable('marks').set('preferred', 1).where('id', '=', id)) === 0) throw new StoreError('not-found');
}
