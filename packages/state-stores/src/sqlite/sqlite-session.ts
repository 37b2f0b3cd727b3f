import { UnavailableError } from '@buildstate/core/light';
import Database from 'better-sqlite3';
import type { RunStatement, SqlSession, Statement, WriteOutcome, WriteStatement } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';
import { FairTurns } from './fair-turns.ts';
import { GroupCommit, type WaitingWrite } from './group-commit.ts';
import { storeErrorOf } from './sqlite-errors.ts';
import { StatementCache } from './statement-cache.ts';
import { transaction } from './transaction.ts';
import { untilFree } from './until-free.ts';
import { runBatch, runBatchWithSavepoints, StoppedHalfway } from './write-batch.ts';

const largestBatch = 128;

/**
 * An open SQLite database. Everything that touches it is synchronous and within one turn, so that reads never see half
 * of a write, and one connection serves all.
 */
export class SqliteSession implements SqlSession {
  readonly #database: Database.Database;
  readonly #file: string;
  readonly #patience: number;
  readonly #statements: StatementCache;
  readonly #writes: GroupCommit;
  readonly #turns = new FairTurns();
  #closed = false;

  /**
   * @param file the database, for messages
   * @param patience milliseconds to wait for other processes' locks
   */
  constructor(database: Database.Database, file: string, patience: number) {
    this.#database = database;
    this.#file = file;
    this.#patience = patience;
    this.#statements = new StatementCache(database);
    this.#writes = new GroupCommit((take) => this.#commit(take), largestBatch);
  }

  async read(statements: readonly Statement[]): Promise<readonly (readonly ResultRow[])[]> {
    await this.#turns.take();
    this.#checkOpen();
    const all = () => statements.map((statement) => this.#statements.all(statement));
    // A single statement always sees one state of the database.
    const work = statements.length < 2 ? all : () => transaction(this.#database, 'BEGIN', all);
    return this.#attempt(work);
  }

  async write(statements: readonly WriteStatement[]): Promise<WriteOutcome> {
    this.#checkOpen();
    try {
      return await this.#writes.write(statements);
    } catch (error) {
      throw storeErrorOf(error, this.#file);
    }
  }

  async exclusively<T>(work: (run: RunStatement) => Promise<T>): Promise<T> {
    this.#checkOpen();
    await this.#attempt(() => this.#database.exec('BEGIN IMMEDIATE'));
    try {
      const result = await work(async (statement) => this.#statements.run(statement).rows);
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw storeErrorOf(error, this.#file);
    }
  }

  /** Writes the file anew, without the pages that were freed, and empties the log of writes. */
  async scrub(): Promise<void> {
    this.#checkOpen();
    await this.#attempt(() => this.#database.exec('VACUUM'));
    await this.#attempt(() => {
      const [checkpoint] = this.#database.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[];
      // Of readers that see an older state the pragma tells in a row, not with an error.
      if (checkpoint?.busy === 1) throw new Database.SqliteError('readers hold the log', 'SQLITE_BUSY');
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writes.drain();
    this.#database.close();
  }

  async #attempt<T>(work: () => T): Promise<T> {
    try {
      return await untilFree(work, this.#patience);
    } catch (error) {
      throw storeErrorOf(error, this.#file);
    }
  }

  /** One transaction for all that wait. They are told only when it is on disk. */
  async #commit(take: () => readonly WaitingWrite[]): Promise<void> {
    let batch: readonly WaitingWrite[] = [];
    try {
      let run = runBatch;
      const settlements = await untilFree(() => {
        const attempt = () =>
          transaction(this.#database, 'BEGIN IMMEDIATE', () => {
            if (batch.length === 0) batch = take();
            return run(this.#database, this.#statements, batch);
          });
        try {
          return attempt();
        } catch (error) {
          if (!(error instanceof StoppedHalfway)) throw error;
          run = runBatchWithSavepoints;
          return attempt();
        }
      }, this.#patience);
      for (const settle of settlements) settle();
    } catch (error) {
      // Without the lock nothing was taken yet; then it is those that have waited for it.
      const failed = batch.length > 0 ? batch : take();
      for (const write of failed) write.fail(error);
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new UnavailableError(`The database ${this.#file} is closed.`);
  }
}
