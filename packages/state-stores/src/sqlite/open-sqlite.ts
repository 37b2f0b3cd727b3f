import type { StateStore } from '@buildstate/core';
import { FolderStore } from './folder/folder-store.ts';
import type { SqliteOptions } from './options.ts';
import { resolveOptions } from './resolve-options.ts';
import { sqlitePlace } from './sqlite-place.ts';
import { fileStore, memoryStore } from './sqlite-store.ts';

/**
 * The SQLite store that a URI names, not opened yet: `sqlite:///path/name.db` (or `.sqlite`, `.sqlite3`) is one file,
 * `sqlite:///path/folder` a folder with a file for each build, `sqlite::memory:` is gone when it is closed.
 * @throws ConfigurationError when the URI or an option cannot be used
 */
export function openSqlite(uri: string, options: SqliteOptions = {}): StateStore {
  const resolved = resolveOptions(options);
  const place = sqlitePlace(uri);
  switch (place.form) {
    case 'memory':
      return memoryStore(uri, resolved);
    case 'file':
      return fileStore(uri, place.path, resolved);
    case 'folder':
      return new FolderStore(uri, place.path, resolved);
  }
}
