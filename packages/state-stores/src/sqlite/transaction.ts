import type Database from 'better-sqlite3';

/** Ends a transaction that may have ended by itself: SQLite rolls back alone when the disk is full. */
function rollBack(database: Database.Database): void {
  if (database.inTransaction) database.exec('ROLLBACK');
}

/**
 * Runs `work` in a transaction.
 * @param begin `BEGIN` for reading; `BEGIN IMMEDIATE` for writing, because a transaction that turns from reading to
 * writing fails at once, whatever the time-out, when somebody else has written in between
 */
export function transaction<T>(
  database: Database.Database,
  begin: 'BEGIN' | 'BEGIN IMMEDIATE',
  work: () => T,
): T {
  database.exec(begin);
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}
