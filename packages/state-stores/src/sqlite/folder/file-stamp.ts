import { type Stats, statSync } from 'node:fs';
import { isErrorWithCode } from '@buildstate/node-runtime';

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * A text that changes whenever a database is committed to, or `undefined` when there is no such database. Commits go to
 * the write-ahead log, which ends up in the database when the last user closes it. The files are never opened for this:
 * closing them would release the locks that this process holds on them.
 */
export function fileStamp(path: string): string | undefined {
  const database = statOf(path);
  if (database === undefined) return undefined;
  const log = statOf(`${path}-wal`);
  const logged = log === undefined || log.size === 0 ? '' : `${log.mtimeMs}:${log.size}`;
  return `${database.mtimeMs}:${database.size}/${logged}`;
}
