import { ConfigurationError } from '@buildstate/core/light';
import Database from 'better-sqlite3';
import { lowerFunction } from './sqlite-dialect.ts';
import { storeErrorOf } from './sqlite-errors.ts';
import { SqliteSession } from './sqlite-session.ts';
import { untilFree } from './until-free.ts';

/** How long SQLite itself waits for a lock, in milliseconds: it stops the whole process meanwhile. */
const blockingPatience = 25;
/** What is left of the write-ahead log once it has been copied, in bytes. */
const journalLimit = 64 * 1024 * 1024;
/** Most memory for pages of the database, in KiB; it is taken as it is needed. */
const cacheKibibytes = 32 * 1024;

/** Settings of a connection. */
export interface ConnectionSettings {
  /** Path, or `:memory:`. */
  readonly file: string;
  /** Milliseconds to wait for other processes' locks. */
  readonly patience: number;
  /** Pages in the write-ahead log that make a commit copy them. */
  readonly checkpointPages: number;
}

function configure(database: Database.Database, { file, checkpointPages }: ConnectionSettings): void {
  if (file !== ':memory:' && database.pragma('journal_mode', { simple: true }) !== 'wal') {
    const mode = database.pragma('journal_mode = WAL', { simple: true });
    if (mode !== 'wal') throw new ConfigurationError(`The disk of ${file} cannot keep a write-ahead log.`);
  }
  // Every commit waits for the disk: with less, a power failure takes commits that were acknowledged.
  database.pragma('synchronous = FULL');
  // On macOS an ordinary fsync leaves the data in the disk's own cache.
  database.pragma('fullfsync = ON');
  database.pragma('checkpoint_fullfsync = ON');
  database.pragma('foreign_keys = ON');
  database.pragma('temp_store = MEMORY');
  database.pragma(`cache_size = -${cacheKibibytes}`);
  // A file from elsewhere must not make us run functions that its schema names.
  database.pragma('trusted_schema = OFF');
  database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  database.pragma(`journal_size_limit = ${journalLimit}`);
  database.function(lowerFunction, { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? text.toLowerCase() : null,
  );
}

function refuseForeign(database: Database.Database, file: string): void {
  const row = database
    .prepare<[], { tables: number; ours: number }>(
      "select count(*) as tables, total(name = 'buildstate_schema') as ours from sqlite_master where type = 'table'",
    )
    .get();
  if (row === undefined || row.tables === 0 || row.ours > 0) return;
  throw new ConfigurationError(`${file} is a SQLite database, but not one of BuildState. Name another file.`);
}

/**
 * Opens a database.
 * @throws ConfigurationError when it is not one of ours or cannot be opened; StoreError when it is damaged;
 * UnavailableError when it stays locked
 */
export async function connectSqlite(settings: ConnectionSettings): Promise<SqliteSession> {
  const { file, patience } = settings;
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: blockingPatience });
    const opened = database;
    await untilFree(() => {
      configure(opened, settings);
      refuseForeign(opened, file);
    }, patience);
    return new SqliteSession(opened, file, patience);
  } catch (error) {
    database?.close();
    throw storeErrorOf(error, file);
  }
}
