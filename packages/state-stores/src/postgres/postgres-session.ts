import type { Logger, StoreHint } from '@buildstate/core';
import { UnavailableError } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';
import type pg from 'pg';
import type {
  JoinedHead,
  RunStatement,
  SqlSession,
  Statement,
  WriteOutcome,
  WriteStatement,
} from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';
import type { Connection, Connections } from './connections.ts';
import { HeadReader } from './head-reader.ts';
import { mergeable } from './merged-write.ts';
import { channelOf } from './notifications/channel.ts';
import { Notifier } from './notifications/notifier.ts';
import { Watchers } from './notifications/watchers.ts';
import { storeErrorOf } from './postgres-errors.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { readTogether } from './read-together.ts';
import { type Attempt, attempting } from './retrying.ts';
import { writeAlone } from './write-alone.ts';
import { WriteQueue } from './write-queue.ts';

/** The first half of the lock's key; the second is the schema's. */
const lockClass = 0x62757374;
/** Migrations of large tables take their time, and so do those who wait for them. In milliseconds. */
const migrationPatience = 24 * 3600 * 1000;

/** The connections of a session. */
export interface SessionConnections {
  /** For what finds its rows by keys: reading heads and writing changes of builds. */
  readonly transitions: Connections;
  /** For everything else. */
  readonly others: Connections;
  /** Makes one for listening. */
  lonelyClient(): pg.Client;
}

/**
 * An open PostgreSQL database. Heads that are asked for, and changes of builds that are handed over, while two others
 * are under way share one statement.
 */
export class PostgresSession implements SqlSession {
  readonly #connections: SessionConnections;
  readonly #place: PostgresPlace;
  readonly #attempt: Attempt;
  readonly #heads: HeadReader;
  readonly #writes: WriteQueue;
  readonly #notifier: Notifier;
  readonly #watchers: Watchers;
  #running = 0;
  #settled: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(connections: SessionConnections, place: PostgresPlace, logger: Logger) {
    this.#connections = connections;
    this.#place = place;
    this.#attempt = attempting(place);
    const { transitions } = connections;
    this.#heads = new HeadReader((work) => this.#attempt(transitions, work));
    this.#writes = new WriteQueue(
      (work) => this.#attempt(transitions, work),
      (statements) => this.#writeAlone(statements),
    );
    const channel = channelOf(place.schema);
    const report = (error: unknown, message: string): void => {
      logger.warn({ code: errorCode(error), place: place.shown }, message);
    };
    this.#notifier = new Notifier(connections.others, channel, (error) =>
      report(error, 'other instances could not be told of a change'),
    );
    this.#watchers = new Watchers({
      newClient: () => connections.lonelyClient(),
      channel,
      onInterruption: (error) => report(error, 'listening was interrupted'),
    });
  }

  async read(statements: readonly Statement[]): Promise<readonly (readonly ResultRow[])[]> {
    return this.#whileOpen(() =>
      this.#attempt(this.#connections.others, (connection) => readTogether(connection, statements)),
    );
  }

  async readHead(buildId: string, eventId: string): Promise<JoinedHead | undefined> {
    return this.#whileOpen(() => this.#heads.read(buildId, eventId));
  }

  async write(statements: readonly WriteStatement[]): Promise<WriteOutcome> {
    const change = mergeable(statements);
    const outcome = await this.#whileOpen(() =>
      change === undefined ? this.#writeAlone(statements) : this.#writes.write(change),
    );
    if (outcome.applied) this.#tell(statements);
    return outcome;
  }

  async watch(listener: (hint: StoreHint) => void): Promise<() => Promise<void>> {
    return this.#whileOpen(async () => {
      try {
        return await this.#watchers.add(listener);
      } catch (error) {
        throw storeErrorOf(error, this.#place.shown);
      }
    });
  }

  async exclusively<T>(work: (run: RunStatement) => Promise<T>): Promise<T> {
    return this.#whileOpen(() =>
      this.#attempt(this.#connections.others, (connection) => this.#locked(connection, work)),
    );
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    // The pools would leave those alone that wait for a connection.
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#settled = resolve;
      });
    }
    await Promise.all([this.#notifier.drain(), this.#watchers.close()]);
    await Promise.all([this.#connections.transitions.close(), this.#connections.others.close()]);
  }

  #tell(statements: readonly WriteStatement[]): void {
    for (const { hint } of statements) if (hint !== undefined) this.#notifier.tell(hint);
  }

  #writeAlone(statements: readonly WriteStatement[]): Promise<WriteOutcome> {
    return this.#attempt(this.#connections.others, (connection) => writeAlone(connection, statements));
  }

  async #locked<T>(connection: Connection, work: (run: RunStatement) => Promise<T>): Promise<T> {
    const { schema } = this.#place;
    await connection.command('begin isolation level read committed');
    try {
      await connection.command('set local statement_timeout = 0');
      const key = [lockClass, schema];
      const lock = { sql: 'select pg_advisory_xact_lock($1, hashtext($2))', parameters: key };
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
  }

  /** Does something that closing waits for. */
  async #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) {
      throw new UnavailableError(`The database ${this.#place.shown} is closed.`);
    }
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#settled?.();
    }
  }
}
