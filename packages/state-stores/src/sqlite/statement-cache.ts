import type Database from 'better-sqlite3';
import type { Statement } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';

/** Statements of one generation; at most two of them are kept. */
const generation = 200;

/** What a statement did. */
export interface RunResult {
  /** Rows that it touched. */
  readonly changes: number;
  /** Rows that it returned. */
  readonly rows: readonly ResultRow[];
}

type Compiled = Database.Statement<unknown[], ResultRow>;

/**
 * Runs statements, and keeps the compiled ones. Those that nobody used while a whole generation of others was compiled
 * or used again go first, so that finding one of those in use is a look into a map and nothing more.
 */
export class StatementCache {
  readonly #database: Database.Database;
  #young = new Map<string, Compiled>();
  #old = new Map<string, Compiled>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Runs a statement that reads. */
  all({ sql, parameters }: Statement): readonly ResultRow[] {
    return this.#prepare(sql).all(...parameters);
  }

  /** Runs a statement that writes. */
  run({ sql, parameters }: Statement): RunResult {
    const statement = this.#prepare(sql);
    if (!statement.reader) return { changes: statement.run(...parameters).changes, rows: [] };
    const rows = statement.all(...parameters);
    return { changes: rows.length, rows };
  }

  #prepare(sql: string): Compiled {
    const known = this.#young.get(sql);
    if (known !== undefined) return known;
    const statement = this.#old.get(sql) ?? this.#database.prepare<unknown[], ResultRow>(sql);
    if (this.#young.size >= generation) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(sql, statement);
    return statement;
  }
}
