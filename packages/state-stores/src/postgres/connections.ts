import pg, { type ClientConfig, type PoolClient, type PoolConfig, type QueryResult } from 'pg';
import pgpass from 'pgpass';
import type { Statement } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';
import { cellParsers } from './cell-parsers.ts';
import { environmentPassword } from './config.ts';
import type { ResolvedPostgresOptions } from './options.ts';
import { isConnectionLost } from './postgres-errors.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { StatementNames } from './statement-names.ts';

/** How much longer than the database itself this side waits for an answer, in milliseconds. */
const grace = 5_000;

/** Settings of a session, by name. */
export type SessionSettings = Readonly<Record<string, string>>;

/** What a session needs whatever the settings of server, database and user are. */
function sessionOptions(schema: string, more: SessionSettings): string {
  const settings = {
    search_path: schema,
    timezone: 'UTC',
    datestyle: 'ISO',
    standard_conforming_strings: 'on',
    default_transaction_isolation: 'read\\ committed',
    default_transaction_read_only: 'off',
    default_transaction_deferrable: 'off',
    // What was acknowledged is on disk.
    synchronous_commit: 'on',
    // Compiling a plan takes longer than running any of ours.
    jit: 'off',
    ...more,
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

/** The password of a place that names none: `PGPASSWORD`, else the line for it in `~/.pgpass` or `PGPASSFILE`. */
async function ownPassword(connection: Parameters<typeof pgpass>[0]): Promise<string | undefined> {
  const fromEnvironment = environmentPassword();
  if (fromEnvironment !== undefined) return fromEnvironment;
  return new Promise((resolve) => {
    pgpass(connection, resolve);
  });
}

/** A client that is in no pool, for listening; not connected yet. */
export function lonelyClient(place: PostgresPlace, options: ResolvedPostgresOptions): pg.Client {
  return new pg.Client(poolConfig(place, options, { most: 1 }) as ClientConfig);
}

/** How a pool differs from others of its store. */
export interface PoolTraits {
  /** Most connections. */
  readonly most: number;
  /** Settings of its sessions. @default none of its own */
  readonly settings?: SessionSettings;
}

function poolConfig(
  place: PostgresPlace,
  options: ResolvedPostgresOptions,
  { most, settings = {} }: PoolTraits,
): PoolConfig {
  const { host, port, user, database, password = ownPassword, tls, schema } = place;
  return {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(database !== undefined && { database }),
    ...(tls !== undefined && { ssl: tls }),
    password: password as PoolConfig['password'],
    options: sessionOptions(schema, settings),
    fallback_application_name: 'buildstate',
    types: cellParsers,
    pipeline: true,
    max: most,
    connectionTimeoutMillis: options.connectTimeoutMilliseconds,
    idleTimeoutMillis: options.idleTimeoutMilliseconds,
    statement_timeout: options.statementTimeoutMilliseconds,
    // A server that is cut off answers nothing, not even that it took too long.
    query_timeout: options.statementTimeoutMilliseconds + grace,
    // A process that is stopped halfway must not hold locks for ever.
    idle_in_transaction_session_timeout: options.statementTimeoutMilliseconds,
    keepAlive: true,
  } as PoolConfig;
}

/** One connection, for one piece of work. Whatever is sent on it is answered in order. */
export class Connection {
  readonly #client: PoolClient;
  readonly #names: StatementNames;

  constructor(client: PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
  }

  /**
   * Sends a statement without waiting for those before it.
   * @param patience milliseconds to wait for the answer. @default that of the connection
   */
  run({ sql, parameters }: Statement, patience?: number): Promise<QueryResult<ResultRow>> {
    const name = this.#names.of(sql);
    return this.#client.query<ResultRow, unknown[]>({
      text: sql,
      values: parameters as unknown[],
      ...(name !== undefined && { name }),
      ...(patience !== undefined && { query_timeout: patience }),
    });
  }

  /** Sends a command that has no parameters and returns nothing. */
  async command(text: string, patience?: number): Promise<void> {
    await this.#client.query({ text, ...(patience !== undefined && { query_timeout: patience }) });
  }

  /** Sends statements at once and waits for all of them. */
  settleAll(statements: readonly Statement[]): Promise<PromiseSettledResult<QueryResult<ResultRow>>[]> {
    return Promise.allSettled(statements.map((statement) => this.run(statement)));
  }
}

/** Connections for one kind of work: a bounded number, made when needed, and replaced when they are lost. */
export class Connections {
  /** The names under which statements are prepared. */
  readonly names = new StatementNames();
  readonly #pool: pg.Pool;

  constructor(place: PostgresPlace, options: ResolvedPostgresOptions, traits: PoolTraits) {
    const { logger } = options;
    this.#pool = new pg.Pool(poolConfig(place, options, traits));
    // Lost while nobody used it: the next one that needs a connection gets a new one.
    this.#pool.on('error', (error) => {
      logger.warn(
        { code: 'code' in error ? error.code : undefined, place: place.shown },
        'a connection was lost',
      );
    });
    this.#pool.on('connect', (client) => {
      // Lost while in use: whoever uses it is told by the answer to what it sent.
      client.on('error', () => undefined);
    });
  }

  /**
   * Does some work with one connection. A connection that was lost is not used again.
   * @throws what the work throws, and the driver's error when there is no connection
   */
  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken: boolean | undefined;
    try {
      return await work(new Connection(client, this.names));
    } catch (error) {
      broken = isConnectionLost(error);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Waits for work under way and closes all connections. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}
