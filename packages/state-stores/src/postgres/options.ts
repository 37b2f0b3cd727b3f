import type { Logger } from '@buildstate/core';

/** Settings of PostgreSQL stores. */
export interface PostgresOptions {
  /** Most connections that a store has open at once; at least 5. @default 10 */
  readonly mostConnections?: number;
  /** Milliseconds to wait for a connection before giving up. @default 10000 */
  readonly connectTimeoutMilliseconds?: number;
  /** Milliseconds that the database may take over one statement. @default 30000 */
  readonly statementTimeoutMilliseconds?: number;
  /** Milliseconds after which a connection that nobody uses is closed; 0 keeps it. @default 60000 */
  readonly idleTimeoutMilliseconds?: number;
  /** Told of connections that were lost. @default nobody */
  readonly logger?: Logger;
}

/** The same with nothing left open. */
export type ResolvedPostgresOptions = Required<PostgresOptions>;
