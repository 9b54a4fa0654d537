/** Typed queries, run at once: Kysely builds and compiles them, better-sqlite3 runs them, so that a transaction is one plain function. */
import type { Statement } from 'better-sqlite3';
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Connection } from './connection.ts';
import type { Schema } from './schema.ts';

/** Prepared statements kept between calls; queries have few shapes. */
const STATEMENTS = 200;

export interface Queries {
  readonly build: Kysely<Schema>;
  all<R>(query: Compilable<R>): R[];
  first<R>(query: Compilable<R>): R | undefined;
  /** @returns how many rows it changed */
  run(query: Compilable<unknown>): number;
  /** The statement of this text, kept prepared: for what runs once an item, where building a query would cost more than running it. */
  prepare(sql: string): Statement;
  /** All of `work` in one SQL transaction, or none of it; nested calls join the outer one. */
  transact<T>(work: () => T): T;
  /**
   * All works in one SQL transaction, so that the disk is waited for once; each is done as a whole or not at all, whatever
   * becomes of the others. @throws where none of them is done
   */
  transactEach<T>(works: readonly (() => T)[]): Settled<T>[];
}

export type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

export function openQueries(db: Connection): Queries {
  const build = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new SqliteIntrospector(of),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  const statements = new Map<string, Statement>();
  const prepare = (sql: string) => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.delete(sql);
    statements.set(sql, statement);
    for (const oldest of statements.keys()) {
      if (statements.size <= STATEMENTS) break;
      statements.delete(oldest);
    }
    return statement;
  };
  const all = <R>(query: Compilable<R>) => {
    const { sql, parameters } = query.compile();
    return prepare(sql).all(...parameters) as R[];
  };
  return {
    build,
    all,
    prepare,
    first: (query) => all(query)[0],
    run(query) {
      const { sql, parameters } = query.compile();
      return prepare(sql).run(...parameters).changes;
    },
    transact: (work) => (db.inTransaction ? work() : db.transaction(work).immediate()),
    transactEach: (works) =>
      db
        .transaction(() =>
          works.map((work) => {
            try {
              return { ok: true as const, value: db.transaction(work)() };
            } catch (error) {
              // A full disk ends the whole transaction, not the savepoint alone: what came before is undone with it.
              if (!db.inTransaction) throw error;
              return { ok: false as const, error };
            }
          }),
        )
        .immediate(),
  };
}
