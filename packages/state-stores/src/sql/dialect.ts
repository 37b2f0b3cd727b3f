import type { StoreHint } from '@buildstate/core';
import type { Expression, Kysely, RawBuilder, SqlBool } from 'kysely';
import type { CellCodec, ResultRow } from './record-table.ts';
import type { Schema } from './schema.ts';
import type { WriteShape } from './write-shape.ts';

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
  /** What it has in common with others of its kind, for sessions that put many of them into one. */
  readonly shape?: WriteShape;
  /** What others should hear once it is written, where they can. */
  readonly hint?: StoreHint;
}

/** What became of an atomic write. */
export interface WriteOutcome {
  /** False when a guard refused; then nothing was written. */
  readonly applied: boolean;
  /** What the last statement returned, for a statement that returns rows. */
  readonly rows: readonly ResultRow[];
}

/** The rows that make a head, and that of a report. */
export interface JoinedHead {
  /** Of `builds`, with `now_milliseconds` and `project_revision`. */
  readonly build: ResultRow;
  /** Of `build_state_records`. */
  readonly states: readonly ResultRow[];
  /** Of `leases`, if there is one. */
  readonly lease: ResultRow | undefined;
  /** Of `build_states`, if an attempt is open. */
  readonly openAttempt: ResultRow | undefined;
  /** Of `reports`, if the one asked for is known. */
  readonly report: ResultRow | undefined;
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
   * All that makes a head, and a report by its id, in one statement; for databases where that is quicker than several.
   * @throws StoreError, UnavailableError
   */
  readHead?(buildId: string, eventId: string): Promise<JoinedHead | undefined>;
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
  /** See `WatchedStore.watch`, for databases that give word. */
  watch?(listener: (hint: StoreHint) => void): Promise<() => Promise<void>>;
  /**
   * Removes what is left of deleted and replaced rows from the medium, for databases that can say when it is gone.
   * @throws UnavailableError when somebody is in the way for long
   */
  scrub?(): Promise<void>;
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
  /** The text that a member of a JSON column holds; NULL where there is none. */
  textIn(column: string, member: string): string;
  /** What to select from for the members of a JSON object, as `key` and `value`. */
  eachMember(json: string, alias: string): string;
  /** What to select from for the texts of a JSON array, as `value`. */
  eachText(json: string, alias: string): string;
  /**
   * The foreign key of rows that are only ever written in one step with the row of their build, behind its guard;
   * nothing for databases where it would cost each of them another look at that row.
   */
  readonly ofGuardedBuild: string;
  /** Statements that give `build_events` the columns and the index of the stream over all builds; see `EventOrder`. */
  readonly streamOfEvents: readonly string[];
  /** What follows the closing parenthesis of a table. */
  readonly tableOptions: string;
  /** The same for a table whose rows change often, in columns without an index. */
  readonly changingTableOptions: string;
  /** The same for a table whose rows are kept in the order of their primary key, where the database can do that. */
  readonly clusteredTableOptions: string;
  /** Both of these. */
  readonly changingClusteredTableOptions: string;
}

/** How the events of all builds are ordered such that none ever appears before one that was read. */
export interface EventOrder {
  /** The columns of `build_events` that order it, the more significant first. Whole numbers, and an index. */
  readonly columns: readonly ('transaction_id' | 'position')[];
  /** What is true of events before which none can appear any more. @default all that can be seen */
  readonly settled?: RawBuilder<SqlBool>;
}

/** What differs between SQL databases. Everything else of a store is written once, for all of them. */
export interface SqlDialect extends CellCodec {
  /** Builds and compiles queries; it is connected to nothing. */
  readonly builder: Kysely<Schema>;
  /** For migrations. */
  readonly ddl: DdlTypes;
  /** A query for those of some names that a table or a view has. */
  tablesNamed(names: readonly string[]): RawBuilder<{ readonly name: string }>;
  /** The database's clock, in milliseconds since the epoch. */
  readonly now: RawBuilder<number>;
  /** The database's clock, as a time. */
  readonly nowTime: RawBuilder<string>;
  /** The database's clock plus the seconds in a column, as a time. */
  nowPlus(secondsColumn: string): RawBuilder<string>;
  /**
   * What makes a sub-select hold the rows that it finds until the transaction ends, so that nobody changes them in
   * between; empty where writers come one after the other anyway.
   */
  readonly holdingRows: RawBuilder<unknown>;
  /** The order of events over all builds. */
  readonly eventOrder: EventOrder;
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
