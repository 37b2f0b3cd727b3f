import type { Expression, Kysely, RawBuilder, SqlBool } from 'kysely';
import type { CellCodec, ResultRow } from './record-table.ts';
import type { Schema } from './schema.ts';

/** SQL text with the values of its parameters, as the driver takes them. */
export interface Statement {
  /** The text, in the dialect's own spelling of parameters. */
  readonly sql: string;
  /** The values, encoded. */
  readonly parameters: readonly unknown[];
}

/** A statement of an atomic write. */
export interface WriteStatement extends Statement {
  /**
   * Whether the whole write depends on it: when it touches no row, or would break the uniqueness of a key, nothing of
   * the write is kept, and that is an answer, not an error. @default false
   */
  readonly guard?: boolean;
}

/** What became of an atomic write. */
export interface WriteOutcome {
  /** False when a guard refused; then nothing was written. */
  readonly applied: boolean;
  /** What the last statement returned, for a statement that returns rows. */
  readonly rows: readonly ResultRow[];
}

/** Runs one statement inside of a lock. */
export type RunStatement = (statement: Statement) => Promise<readonly ResultRow[]>;

/**
 * An open database. Writes are handed over as data, so that a dialect may put those that wait together into one
 * transaction, or into one statement.
 */
export interface SqlSession {
  /**
   * Rows of some statements that all see the same state of the database.
   * @throws StoreError, UnavailableError
   */
  read(statements: readonly Statement[]): Promise<readonly (readonly ResultRow[])[]>;
  /**
   * Performs all of the statements in their order, or nothing. Resolves when the result is durable. A write that fails
   * takes no other write with it.
   * @throws StoreError, UnavailableError, NoSpaceError
   */
  write(statements: readonly WriteStatement[]): Promise<WriteOutcome>;
  /**
   * Runs `work` in one transaction that no other process runs at the same time, for migrations. Nothing of it is
   * kept when it throws.
   */
  exclusively<T>(work: (run: RunStatement) => Promise<T>): Promise<T>;
  /** Waits for what is under way and frees the database. */
  close(): Promise<void>;
}

/** The column types and clauses that differ between databases, for migrations. */
export interface DdlTypes {
  /** Texts. */
  readonly text: string;
  /** Instants. */
  readonly time: string;
  /** Whole numbers of 64 bits. */
  readonly integer: string;
  /** Floating-point numbers. */
  readonly real: string;
  /** Yes or no. */
  readonly flag: string;
  /** JSON. */
  readonly json: string;
  /** A primary key that grows with every row and is given by the database. */
  readonly position: string;
  /** A text column that is computed from a member of a JSON column. */
  memberOf(column: string, member: string): string;
  /** What follows the closing parenthesis of a table. */
  readonly tableOptions: string;
  /** The same for a table whose rows are kept in the order of their primary key, where the database can do that. */
  readonly clusteredTableOptions: string;
}

/** What differs between SQL databases. Everything else of a store is written once, for all of them. */
export interface SqlDialect extends CellCodec {
  /** Builds and compiles queries; it is connected to nothing. */
  readonly builder: Kysely<Schema>;
  /** For migrations. */
  readonly ddl: DdlTypes;
  /** A query with one row if there is a table of this name, else none. */
  tableNamed(name: string): RawBuilder<unknown>;
  /** The database's clock, in milliseconds since the epoch. */
  readonly now: RawBuilder<number>;
  /** The database's clock, as a time. */
  readonly nowTime: RawBuilder<string>;
  /** The database's clock plus the seconds in a column, as a time. */
  nowPlus(secondsColumn: string): RawBuilder<string>;
  /** Whether a text column contains a text, ignoring case. */
  contains(column: string, text: string): Expression<SqlBool>;
  /** How many bytes the database takes. */
  readonly size: RawBuilder<number>;
  /** Queries that find damage below the records, where the database can look for it. */
  readonly damage: readonly DamageQuery[];
}

/** Looks for damage. */
export interface DamageQuery {
  /** Finds rows that say what is wrong. */
  readonly query: RawBuilder<unknown>;
  /** What a row says, as a sentence without its full stop; nothing when it says that all is well. */
  readonly problem: (row: ResultRow) => string | undefined;
}
