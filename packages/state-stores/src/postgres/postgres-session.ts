import { UnavailableError } from '@buildstate/core/light';
import type { RunStatement, SqlSession, Statement, WriteOutcome, WriteStatement } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';
import type { Connection, Connections } from './connections.ts';
import { isOutdatedPlan, isYielding, storeErrorOf, unknownOutcome } from './postgres-errors.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { readTogether } from './read-together.ts';
import { OutcomeUnknown, writeAlone } from './write-alone.ts';

/** How often what the database ended for the sake of others is tried. */
const mostTries = 10;
/** The first half of the lock's key; the second is the schema's. */
const lockClass = 0x62757374;
/** Migrations of large tables take their time, and so do those who wait for them. In milliseconds. */
const migrationPatience = 24 * 3600 * 1000;

/** An open PostgreSQL database. */
export class PostgresSession implements SqlSession {
  readonly #connections: Connections;
  readonly #place: PostgresPlace;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(connections: Connections, place: PostgresPlace) {
    this.#connections = connections;
    this.#place = place;
  }

  async read(statements: readonly Statement[]): Promise<readonly (readonly ResultRow[])[]> {
    return this.#attempt((connection) => readTogether(connection, statements));
  }

  async write(statements: readonly WriteStatement[]): Promise<WriteOutcome> {
    return this.#attempt((connection) => writeAlone(connection, statements));
  }

  async exclusively<T>(work: (run: RunStatement) => Promise<T>): Promise<T> {
    return this.#attempt(async (connection) => {
      await connection.command('begin isolation level read committed');
      try {
        await connection.command('set local statement_timeout = 0');
        const { schema } = this.#place;
        const lock = {
          sql: 'select pg_advisory_xact_lock($1, hashtext($2))',
          parameters: [lockClass, schema],
        };
        await connection.run(lock, migrationPatience);
        if (schema !== 'public') await connection.command(`create schema if not exists ${schema}`);
        const result = await work(
          async (statement) => (await connection.run(statement, migrationPatience)).rows,
        );
        await connection.command('commit');
        return result;
      } catch (error) {
        await connection.command('rollback');
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    // The pool would leave those alone that wait for a connection.
    await Promise.allSettled(this.#running);
    await this.#connections.close();
  }

  /** Does something while nobody can close. */
  async #attempt<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined)
      throw new UnavailableError(`The database ${this.#place.shown} is closed.`);
    const running = this.#repeatedly(work);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Does something, and again when the database asks for it. Nothing of a failed attempt is kept. */
  async #repeatedly<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const { shown } = this.#place;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#connections.use(work);
      } catch (error) {
        if (error instanceof OutcomeUnknown) throw unknownOutcome(error.cause, shown);
        if (tries >= mostTries || !(isOutdatedPlan(error) || isYielding(error))) {
          throw storeErrorOf(error, shown);
        }
        if (isOutdatedPlan(error)) this.#connections.names.renew();
      }
    }
  }
}
