import {
  BuildStateError,
  ConfigurationError,
  NoSpaceError,
  StoreError,
  UnavailableError,
} from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';

/** The code of an error of SQLite or of the system, such as `SQLITE_BUSY_SNAPSHOT`; empty for other errors. */
const codeOf = (error: unknown): string => errorCode(error) ?? '';

const startsWith = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.some((code) => codeOf(error) === code || codeOf(error).startsWith(`${code}_`));

/** Whether another connection holds a lock that is needed. */
export function isBusy(error: unknown): boolean {
  return startsWith(error, 'SQLITE_BUSY', 'SQLITE_LOCKED');
}

/** Whether a row would have broken the uniqueness of a key. */
export function isTaken(error: unknown): boolean {
  return ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(codeOf(error));
}

/** The path leads nowhere, to something else, or to what is somebody else's. */
const unusable = [
  ...['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_PERM', 'EACCES', 'EPERM', 'EROFS'],
  ...['EEXIST', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'],
];

/**
 * An error of SQLite or of the file system as one of the store's. None carries SQL or values, which may be secret;
 * the cause does, and is never shown.
 * @param file the database, for the message
 */
export function storeErrorOf(error: unknown, file: string): BuildStateError {
  if (error instanceof BuildStateError) return error;
  const code = codeOf(error) || 'unknown error';
  const details = { cause: error, context: { file, system_code: code } };
  if (startsWith(error, 'SQLITE_FULL', 'ENOSPC', 'EDQUOT')) {
    return new NoSpaceError(`No space is left for ${file}. Nothing was changed.`, details);
  }
  if (startsWith(error, 'SQLITE_CORRUPT', 'SQLITE_NOTADB')) {
    return new StoreError(`${file} is damaged, or not a database. Restore it from a backup.`, details);
  }
  if (isBusy(error)) {
    return new UnavailableError(`Another process has locked ${file} for too long. Try again.`, details);
  }
  if (startsWith(error, ...unusable)) {
    return new ConfigurationError(`${file} cannot be opened and written (${code}).`, details);
  }
  return new StoreError(`${file} could not be read or written (${code}).`, details);
}
