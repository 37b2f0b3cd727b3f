import type { SqlDialect, SqlSession } from './dialect.ts';

/** What every part of a store works with. */
export interface SqlContext {
  /** How this database differs from others. */
  readonly dialect: SqlDialect;
  /** The open database. */
  readonly session: SqlSession;
}
