import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '@buildstate/core/light';

/** Where a SQLite store lives. */
export type SqlitePlace =
  /** In memory, gone when it is closed. */
  | { readonly form: 'memory' }
  /** All in one file. */
  | { readonly form: 'file'; readonly path: string }
  /** A folder with a file for each build. */
  | { readonly form: 'folder'; readonly path: string };

const fileExtensions: ReadonlySet<string> = new Set(['.db', '.sqlite', '.sqlite3']);

const forms =
  'Write sqlite:///path/name.db for one file (.db, .sqlite, .sqlite3), sqlite:///path/folder for a file per build, ' +
  'or sqlite::memory:.';

/** Without what could be a password or a key. */
function shown(uri: string): string {
  return uri.replace(/\/\/[^/@]*@/, '//…@').replace(/[?#].*$/, '?…');
}

function refuse(uri: string, why: string): ConfigurationError {
  return new ConfigurationError(`${shown(uri)} is not the URI of a SQLite store: ${why}. ${forms}`);
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(`file:${uri.slice('sqlite:'.length)}`);
  } catch (cause) {
    throw new ConfigurationError(`${shown(uri)} does not name a path on this machine. ${forms}`, { cause });
  }
}

/**
 * Where a URI leads.
 * @throws ConfigurationError when it is not one of the forms
 */
export function sqlitePlace(uri: string): SqlitePlace {
  if (uri === 'sqlite::memory:') return { form: 'memory' };
  if (!uri.startsWith('sqlite:')) throw refuse(uri, 'it does not begin with sqlite:');
  if (!uri.startsWith('sqlite:///'))
    throw refuse(uri, 'three slashes and an absolute path must follow sqlite:');
  if (/[?#]/.test(uri)) throw refuse(uri, 'it takes no parameters');
  const path = pathOf(uri);
  if (path === '/') throw refuse(uri, 'it names no file and no folder');
  const form = fileExtensions.has(extname(path).toLowerCase()) ? 'file' : 'folder';
  return { form, path: path.length > 1 ? path.replace(/[/\\]+$/, '') : path };
}
