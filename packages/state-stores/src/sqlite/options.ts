import type { Logger } from '@buildstate/core';

/** Settings of SQLite stores. */
export interface SqliteOptions {
  /** Milliseconds to wait for a lock of another process before giving up. @default 10000 */
  readonly busyTimeoutMilliseconds?: number;
  /**
   * Pages of 4 KiB in the write-ahead log after which a commit copies them into the database. More means fewer and
   * longer pauses and a larger file beside the database. Builds' own files in a folder use 1000. @default 8000
   */
  readonly checkpointPages?: number;
  /** Files of builds that a folder keeps open at once; at least 1. @default 64 */
  readonly openBuilds?: number;
  /** Whether a path is on a network file system, where SQLite must not be used. @default asks the system */
  readonly isNetworkFileSystem?: (path: string) => boolean;
  /** Told when the index of a folder had to be repaired. @default nobody */
  readonly logger?: Logger;
}

/** The same with nothing left open. */
export type ResolvedSqliteOptions = Required<SqliteOptions>;
