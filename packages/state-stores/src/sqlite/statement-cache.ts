import type Database from 'better-sqlite3';
import type { Statement } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';

const capacity = 400;

/** What a statement did. */
export interface RunResult {
  /** Rows that it touched. */
  readonly changes: number;
  /** Rows that it returned. */
  readonly rows: readonly ResultRow[];
}

/** Runs statements, and keeps the compiled ones, the least used of which go first. */
export class StatementCache {
  readonly #database: Database.Database;
  readonly #compiled = new Map<string, Database.Statement<unknown[], ResultRow>>();

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

  #prepare(sql: string): Database.Statement<unknown[], ResultRow> {
    let statement = this.#compiled.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare<unknown[], ResultRow>(sql);
      const [oldest] = this.#compiled.keys();
      if (this.#compiled.size >= capacity && oldest !== undefined) this.#compiled.delete(oldest);
    } else {
      this.#compiled.delete(sql);
    }
    this.#compiled.set(sql, statement);
    return statement;
  }
}
