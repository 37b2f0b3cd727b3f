import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentFolder } from './document/file/key-paths.ts';
import { keys } from './document/keys.ts';
import { indexName } from './sqlite/folder/build-file-name.ts';
import { sqlitePlace } from './sqlite/sqlite-place.ts';

/**
 * The path that is there if, and only if, there is a store at an address on this machine: for those who must not make
 * a new one where they expect one. Nothing for other addresses, which say so themselves when they are opened.
 * @throws ConfigurationError when the address is not understood
 */
export function traceOfStore(uri: string): string | undefined {
  if (uri.startsWith('file:')) return documentFolder(fileURLToPath(uri), keys.format);
  if (!uri.startsWith('sqlite:')) return undefined;
  const place = sqlitePlace(uri);
  if (place.form === 'memory') return undefined;
  return place.form === 'file' ? place.path : join(place.path, indexName);
}
