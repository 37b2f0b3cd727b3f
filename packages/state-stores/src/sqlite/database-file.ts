import { closeSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigurationError } from '@buildstate/core/light';
import { isErrorWithCode, makePrivateFolder, syncFolder } from '@buildstate/node-runtime';

/**
 * SQLite's write-ahead log needs memory that all its users share and locks that hold; file systems of the network
 * promise neither and lose commits.
 * @throws ConfigurationError when the path is on one
 */
export function refuseNetworkFileSystem(path: string, isNetworkFileSystem: (path: string) => boolean): void {
  if (!isNetworkFileSystem(path)) return;
  throw new ConfigurationError(
    `${path} is on a network file system, where SQLite loses data. ` +
      'Use a folder on a local disk, or run a server on one machine and connect to it.',
    { context: { path } },
  );
}

/**
 * Makes sure that a database file is there, readable by its owner alone, and that its entry survives a crash. SQLite
 * gives the files that it puts beside a database the same mode.
 * @throws ConfigurationError when a folder is in its place
 */
export async function ensureDatabaseFile(path: string): Promise<void> {
  try {
    if ((await stat(path)).isFile()) return;
    throw new ConfigurationError(
      `${path} is not a file. A SQLite store whose name has an extension is one file.`,
    );
  } catch (error) {
    if (!isErrorWithCode(error, 'ENOENT')) throw error;
  }
  await makePrivateFolder(dirname(path));
  try {
    // At once and only when it is new: closing a file that SQLite has open releases the locks of this whole process.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!isErrorWithCode(error, 'EEXIST')) throw error;
  }
  await syncFolder(dirname(path));
}
